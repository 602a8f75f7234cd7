package draft

import (
	"bytes"
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
	plain   stream.Format // CSV as it is without options
	path    string
	dialect // of CSV
	format  stream.Format
	names   []string          // of the columns
	shapes  map[string]*shape // by column, of JSON; nil is CSV
	text    []byte            // all rows
	head    []byte            // the same for the first lines, to give up soon
	rows    int               // of the sample
	misfits int               // how many of the last rows come from behind the sample
	end     int               // where the last of its records ends in the text of the file
	anew    bool              // text is written anew
	broken  int               // those that cannot be read, whatever the types; they are not in text
	why     error             // of the first of them
	rowsAt  string            // where a document of JSON has its rows; "" is lines
	others  []string          // and where else there are lists of objects
}

// headLines is how many lines a guess is tried on at first.
const headLines = 50

// newTable reads a sample of JSON Lines or, where the file is none, CSV.
func newTable(r *component.Registry, path string, s sample) (*table, error) {
	plain, err := r.Format("csv").Make(nil)
	if err != nil {
		return nil, err
	}
	if s.json {
		return newJSONTable(r, plain, path, s)
	}
	t := &table{plain: plain, path: path, text: s.text, misfits: len(s.misfits)}
	if err := t.readHeader(sniff(s.look())); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	t.cr = s.cr
	if t.format, err = t.reading().format(r); err != nil {
		return nil, err
	}
	if err := t.begin(1 + t.skip); err != nil {
		return nil, err
	}
	return t, t.localize(r)
}

// isJSON tells JSON by its name.
func isJSON(path string) bool {
	for _, compression := range []string{".gz", ".zst"} {
		path = strings.TrimSuffix(path, compression)
	}
	for _, suffix := range []string{".jsonl", ".ndjson", ".json", ".geojson", ".topojson"} {
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

// readHeader finds out how the text is written, and the names of the columns.
func (t *table) readHeader(s sniffed) error {
	t.dialect = s.dialect
	switch {
	case len(s.lines) == 0:
		return errors.New("the first line has to name the columns, and there is none")
	case t.header != nil:
		t.names = t.header
	case t.headless:
		for i := range s.width {
			t.names = append(t.names, fmt.Sprintf("column_%d", i+1))
		}
	default:
		t.names = s.lines[s.first].cells
		if t.trim {
			for i, n := range t.names {
				t.names[i] = strings.Trim(n, " \t")
			}
		}
	}
	if strings.Join(t.names, "") == "" {
		return errors.New("the first line has to name the columns, and is empty")
	}
	return nil
}

// looksLikeValue reports a text that is a number or a point in time, but for a
// year alone, which often is a column.
func looksLikeValue(text string) bool {
	text = strings.TrimSpace(text)
	if !strings.ContainsAny(text, "0123456789") || isYear(text) {
		return false
	}
	_, err := strconv.ParseFloat(text, 64)
	return err == nil || slices.ContainsFunc(times(), func(g guess) bool { return g.reads(text) })
}

func isYear(text string) bool {
	return len(text) == 4 && (strings.HasPrefix(text, "19") || strings.HasPrefix(text, "20"))
}
