package draft

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/stream"
)

// table is the sample of a file, to be decoded as often as there are guesses.
type table struct {
	plain     stream.Format // CSV as it is without options
	path      string
	delimiter byte // of CSV
	format    stream.Format
	names     []string          // of the columns
	shapes    map[string]*shape // by column, of JSON; nil is CSV
	text      []byte            // all rows
	head      []byte            // the same for the first lines, to give up soon
	rows      int               // of the sample
	broken    int               // those that cannot be read, whatever the types; they are not in text
	why       error             // of the first of them
}

// headLines is how many lines a guess is tried on at first.
const headLines = 50

// newTable reads a sample of JSON Lines or, where the file is not called so, CSV.
func newTable(r *component.Registry, path string, s sample) (*table, error) {
	plain, err := r.Format("csv").Make(nil)
	if err != nil {
		return nil, err
	}
	if isJSON(path) {
		return newJSONTable(r, plain, path, s)
	}
	t := &table{plain: plain, path: path, text: s.text, delimiter: findDelimiter(string(s.text))}
	if t.format, err = r.Format("csv").Make(map[string]string{"delimiter": string(t.delimiter)}); err != nil {
		return nil, err
	}
	if err := t.readHeader(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := t.begin(1); err != nil {
		return nil, err
	}
	return t, nil
}

// isJSON tells JSON Lines by their name.
func isJSON(path string) bool {
	for _, compression := range []string{".gz", ".zst"} {
		path = strings.TrimSuffix(path, compression)
	}
	for _, suffix := range []string{".jsonl", ".ndjson", ".json"} {
		if strings.HasSuffix(path, suffix) {
			return true
		}
	}
	return false
}

// begin counts the rows of the sample, behind so many lines of header, and leaves out
// those that are broken.
func (t *table) begin(header int) error {
	if err := t.clean(); err != nil {
		return err
	}
	t.head = t.text
	if lines := bytes.SplitAfterN(t.text, []byte("\n"), headLines+header+1); len(lines) > headLines+header {
		t.head = bytes.Join(lines[:headLines+header], nil)
	}
	switch {
	case t.rows > 0:
		return nil
	case t.broken > 0:
		return fmt.Errorf("%s has no row that can be read; the first: %w", t.path, t.why)
	}
	return fmt.Errorf("%s has a header and no rows; there is nothing to guess from", t.path)
}

func (t *table) readHeader() error {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(t.text, []byte("\xEF\xBB\xBF"))))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = rune(t.delimiter), true, -1
	var err error
	if t.names, err = r.Read(); err != nil {
		return fmt.Errorf("the header cannot be read: %w", err)
	}
	first := map[string]int{}
	for i, n := range t.names {
		if at, ok := first[n]; ok && n != "" {
			return fmt.Errorf("columns %d and %d are both called %q; rename one of them in the first line", at+1, i+1, n)
		}
		first[n] = i
	}
	return t.checkHeader()
}

// checkHeader refuses a first line that is a row: weir finds columns by name.
func (t *table) checkHeader() error {
	named := false
	for _, n := range t.names {
		named = named || n != ""
		if looksLikeValue(n) {
			return fmt.Errorf("the first line has to name the columns, and %q looks like a value; put a header in front, such as %s",
				n, headerFor(len(t.names), t.delimiter))
		}
	}
	if !named {
		return errors.New("the first line has to name the columns, and is empty")
	}
	return nil
}

// looksLikeValue reports a text that is a number or a point in time, but for a
// year alone, which often is a column.
func looksLikeValue(text string) bool {
	text = strings.TrimSpace(text)
	if !strings.ContainsAny(text, "0123456789") || len(text) == 4 && (strings.HasPrefix(text, "19") || strings.HasPrefix(text, "20")) {
		return false
	}
	_, err := strconv.ParseFloat(text, 64)
	return err == nil || slices.ContainsFunc(times(), func(g guess) bool { return g.reads(text) })
}

func headerFor(columns int, delimiter byte) string {
	names := make([]string, min(columns, 4))
	for i := range names {
		names[i] = fmt.Sprintf("column_%d", i+1)
	}
	if columns > len(names) {
		names = append(names, "…")
	}
	return strings.Join(names, string(delimiter))
}
