package draft

import (
	"bytes"
	"io"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// This file reads the sample: one column of it as one type, as often as there are
// guesses.

// fits reports whether every cell of a column can be read as a type.
func (t *table) fits(name string, g guess) bool {
	count := func(text []byte, g guess) int {
		_, broken := t.decode(text, name, g, func(*record.Column) {})
		return broken
	}
	if len(t.head) < len(t.text) && count(t.head, g) > count(t.head, guess{record.String, ""}) {
		return false
	}
	return count(t.text, g) == 0
}

// texts returns the cells of a column as they are written; nil is an empty one.
func (t *table) texts(name string) (cells []*string) {
	t.decode(t.text, name, guess{record.String, ""}, func(c *record.Column) { cells = appendCells(cells, c) })
	return cells
}

func appendCells(cells []*string, c *record.Column) []*string {
	for i, texts := 0, c.Strings(); i < c.Len(); i++ {
		if c.IsNull(i) {
			cells = append(cells, nil)
			continue
		}
		text := string(texts.At(i))
		cells = append(cells, &text)
	}
	return cells
}

// nulls returns in how many rows a column is null, as a type: so is a cell of quotes
// only, which as a text is empty.
func (t *table) nulls(name string, g guess) (n int) {
	t.decode(t.text, name, g, func(c *record.Column) {
		for i := range c.Len() {
			if c.IsNull(i) {
				n++
			}
		}
	})
	return n
}

// times returns the values of a column of timestamps, without nulls.
func (t *table) times(name string, g guess) (times []record.Time) {
	t.decode(t.text, name, g, func(c *record.Column) { times = appendTimes(times, c) })
	return times[:max(min(len(times), 1), len(times)-t.misfits)] // those behind are from anywhere
}

// decode reads one column of a text as a type. It returns in how many records it
// cannot be read.
func (t *table) decode(text []byte, name string, g guess, each func(*record.Column)) (rows, broken int) {
	schema := record.MustSchema(record.Field{Name: name, Type: g.typ})
	rows, failed, _ := t.read(text, schema, []stream.Pattern{{Timestamp: g.pattern}}, func(b *record.Batch) { each(b.Columns[0]) })
	return rows, len(failed)
}

// read reads columns of a text, of as many records as a sample has. It returns the
// records that fail, and the place where it ended.
func (t *table) read(text []byte, schema *record.Schema, patterns []stream.Pattern, each func(*record.Batch)) (
	rows int, failed []stream.FailedRecord, end stream.Bookmark) {
	d, err := t.format.NewDecoder(stream.DecoderContext{
		Name: t.path, Schema: schema, Patterns: patterns, Input: bytes.NewReader(text), Pool: record.NewPool(), BatchRows: 1000,
	})
	if err != nil {
		return 0, []stream.FailedRecord{{Where: t.path, Err: err}}, end
	}
	defer d.Close()
	for rows+len(failed) < sampleRows+t.misfits {
		b, bad, err := d.Next()
		failed = append(failed, bad...)
		if b != nil {
			rows += b.Len()
			each(b)
			b.Release()
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			failed = append(failed, stream.FailedRecord{Where: t.path, Err: err})
			break
		}
	}
	return rows, failed, d.Bookmark()
}

// appendTimes appends the values of a column of timestamps, without nulls.
func appendTimes(times []record.Time, c *record.Column) []record.Time {
	for i, v := range c.Int64s() {
		if !c.IsNull(i) {
			times = append(times, record.Time(v))
		}
	}
	return times
}
