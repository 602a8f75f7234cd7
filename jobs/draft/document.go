package draft

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/jsontext"
)

// This file is about JSON that is not lines: a list of rows, or a document that holds
// one deeper. The sample of it is its rows, as lines.

// isLinesOnly tells names that stand for JSON Lines.
func isLinesOnly(path string) bool {
	path = strings.TrimSuffix(strings.TrimSuffix(path, ".gz"), ".zst")
	return strings.HasSuffix(path, ".jsonl") || strings.HasSuffix(path, ".ndjson")
}

// readJSON reads the beginning of a file of JSON, whatever it is.
func readJSON(f io.Reader, path string) (sample, error) {
	text, err := io.ReadAll(io.LimitReader(f, fewSampleBytes))
	if err != nil {
		return sample{}, err
	}
	if !utf8.Valid(text[:max(0, len(text)-utf8.UTFMax)]) || !isDocument(text, isLinesOnly(path)) {
		return readRecords(io.MultiReader(bytes.NewReader(text), f), false)
	}
	for limit := fewSampleBytes; ; limit = min(2*limit, mostSampleBytes) {
		more, err := io.ReadAll(io.LimitReader(f, int64(limit-len(text))))
		if err != nil {
			return sample{}, err
		}
		text = append(text, more...)
		whole := len(text) < limit
		o := outlineOf(text, whole)
		if !whole && limit < mostSampleBytes && o.rows() < fewRecords {
			continue
		}
		return o.sample(path)
	}
}

// isDocument reports whether a text is something else than a record a line: it begins
// with a list, or with an object of several lines, or it is one object and its name does
// not say that it is a line.
func isDocument(text []byte, lines bool) bool {
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF")))
	if len(text) == 0 || text[0] != '{' {
		return len(text) > 0 && text[0] == '['
	}
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	o := outlineOf(line, true)
	if len(rest) == 0 {
		return !lines && len(o.lists) > 0 || !lines && o.cut || !lines && o.isKeyed()
	}
	return o.cut && outlineOf(text, false).spans
}

// rows returns how many rows the best list has that was found.
func (o *outline) rows() int {
	if l := o.best(); l != nil {
		return len(l.rows)
	}
	return 0
}

// best returns the largest list of objects, the first of several; nil where there is
// none.
func (o *outline) best() *list {
	var best *list
	for i := range o.lists {
		if l := &o.lists[i]; l.objects && (best == nil || l.bytes > best.bytes) {
			best = l
		}
	}
	return best
}

// sample returns the rows that were found, or says what was found instead.
func (o *outline) sample(path string) (sample, error) {
	if o.err != nil {
		return sample{}, fmt.Errorf("%s:%s", path, o.err)
	}
	s := sample{whole: o.whole, rows: "$"}
	rows := o.documents
	if l := o.best(); l != nil {
		s.rows, rows = l.path, l.rows
		s.others = o.others(l)
	} else if err := o.noRows(); err != nil {
		return sample{}, fmt.Errorf("%s %w", path, err)
	}
	if len(rows) > sampleRows {
		rows, s.whole = rows[:sampleRows], false
	}
	for _, r := range rows {
		s.text = jsontext.AppendLine(s.text, r)
		s.text = s.text[:len(s.text)-jsontext.Slack+1]
	}
	return s, nil
}

// others names the lists beside the one that was chosen.
func (o *outline) others(chosen *list) []string {
	var names []string
	for i := range o.lists {
		if l := &o.lists[i]; l.path != chosen.path && l.objects && !slices.Contains(names, l.path) {
			names = append(names, l.path)
		}
	}
	return names
}

// noRows says what a document is that has no list of objects; nil is that it is one
// itself.
func (o *outline) noRows() error {
	keys := strings.Join(o.keys[:min(len(o.keys), 3)], ", ")
	switch {
	case len(o.lists) > 0 && o.lists[0].path == "$[*]" && o.lists[0].empty:
		return fmt.Errorf("is an empty list; there is nothing to guess from")
	case len(o.lists) > 0 && o.lists[0].path == "$[*]":
		return fmt.Errorf("is a list, but not of objects: its elements have no names for columns. Make objects of them, " +
			"such as with: jq -c '.[] | {value: .}'")
	case len(o.documents) == 1 && o.isColumns():
		return fmt.Errorf("holds columns, as lists under their names (%s), and no list of rows; make rows of them, such as with: "+
			"jq -c '. as $d | range(0; [.[]|length]|max) as $i | map_values(.[$i])'", keys)
	case len(o.documents) == 1 && o.isKeyed():
		return fmt.Errorf("holds objects under keys (%s), and no list of them; make rows of them, such as with: "+
			"jq -c 'to_entries[] | {key} + .value'", keys)
	}
	return nil
}
