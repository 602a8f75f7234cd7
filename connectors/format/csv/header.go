package csv

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/weirstream/weir/connectors/format/input"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/stream"
)

// begin reads the header and moves to where decoding starts.
func (d *Decoder) begin() error {
	err := d.skipLines()
	if err == nil {
		err = d.readHeader()
	}
	if err == nil {
		err = d.bindColumns()
	}
	switch {
	case d.start.Offset == 0:
	case err == nil:
		err = d.in.Resume(d.start)
	default:
		err = d.in.Unreachable(d.start, err)
	}
	if err != nil {
		return err
	}
	d.run.init(len(d.parsers), d.rows.Most)
	d.started = true
	return nil
}

// skipLines passes over the lines on top, or a byte order mark.
func (d *Decoder) skipLines() error {
	for {
		text, mark := d.in.Text(), input.ByteOrderMark
		i := bytes.IndexByte(text, '\n')
		switch most := int64(d.format.skip); {
		case d.in.Lines < most && i >= 0:
			d.in.At += i + 1
			d.in.Lines++
			continue
		case d.in.Lines < most && d.in.EOF():
			return d.in.Damaged("the file ends within the first %d lines, which skip passes over; is it cut short?", most)
		case d.in.Lines < most:
			d.in.At = d.in.End
		case d.in.Offset() > 0 || !bytes.HasPrefix(mark, text[:min(len(text), len(mark))]) || len(text) < len(mark) && d.in.EOF():
			return nil
		case len(text) >= len(mark):
			d.in.At = len(mark)
			return nil
		}
		if err := d.in.Fill(); err != nil && err != io.EOF {
			return d.in.ReadError(err)
		}
	}
}

// readHeader reads the first record that is no empty line and no comment.
func (d *Decoder) readHeader() error {
	if d.format.headless {
		d.header = d.format.names
		if d.header == nil {
			d.header = d.schema.Names()
		}
		d.headerLine = d.skipped()
		return nil
	}
	for {
		comment, whole := d.pass()
		if whole {
			continue
		}
		text := d.in.Text()
		c := cut{missing: true}
		if len(text) > 0 && !comment {
			c = d.record(text, d.in.EOF())
		}
		switch {
		case c.missing && d.in.EOF():
			return d.in.Damaged("the file is empty; its first line has to name the columns")
		case c.missing && len(text) >= input.MaxRecord, c.next > input.MaxRecord:
			return d.in.Damaged("the header cannot be read: %w", d.describe(cut{fault: longRecord}))
		case c.fault != noFault:
			return d.in.Damaged("the header cannot be read: %w%s", d.describe(c), encodingHint(d.beforeQuote(text)))
		case c.missing:
			if err := d.in.Double(); err != nil && err != io.EOF {
				return d.in.ReadError(err)
			}
			continue
		}
		d.in.At += c.next
		d.in.Lines += int64(c.lines)
		if len(d.cells) > 1 || !d.cells[0].null() {
			line := append(d.skipped(), bytes.TrimRight(text[:c.next], "\r\n")...)
			if d.format.skip > 0 {
				line = slices.Insert(line, 0, '\n')
			}
			d.headerLine = bytes.Clone(line[:min(len(line), stream.MaxRawBytes)])
			for _, s := range d.cells {
				d.header = append(d.header, string(d.unescape(nil, s, text)))
			}
			return nil
		}
	}
}

// skipped returns empty lines in the place of those on top, but for the last line end;
// nil is none.
func (d *Decoder) skipped() []byte {
	if d.format.skip == 0 {
		return nil
	}
	return bytes.Repeat(newline, d.format.skip-1)
}

// bindColumns finds the columns of the schema in the header.
func (d *Decoder) bindColumns() error {
	at := make(map[string]int, len(d.header))
	for i, name := range d.header {
		if first, ok := at[name]; ok && name != "" {
			d.in.Lines = 0
			return d.in.Damaged("columns %d and %d are both called %q; rename one of them", first+1, i+1, name)
		}
		at[name] = i
	}
	d.slots = make([]int, len(d.header))
	for i := range d.slots {
		d.slots[i] = len(d.parsers)
	}
	for _, name := range d.schema.Names() {
		if _, ok := at[name]; !ok {
			return fmt.Errorf("%s: %w", d.in.Place(0), d.noColumn(name))
		}
	}
	for slot, f := range d.fields {
		d.slots[at[f.Name]] = slot
	}
	return nil
}

func (d *Decoder) noColumn(name string) error {
	const most = 20
	var names []string
	for _, n := range d.header[:min(most, len(d.header))] {
		names = append(names, drawName(n))
	}
	if len(d.header) > most {
		names = append(names, "…")
	}
	hint := encodingHint(strings.Join(d.header, ""))
	if hint == "" && len(d.header) == 1 {
		hint = fmt.Sprintf("; is %q the delimiter?", d.format.delimiter)
	}
	return fmt.Errorf("no column is called %q%s (the header has: %s%s)", name, component.Suggest(name, d.header),
		strings.Join(names, ", "), hint)
}

// beforeQuote returns what stands before the first quote of a text, of which more or less is
// there when the quote is seen; without a quote nothing.
func (d *Decoder) beforeQuote(text []byte) string {
	return string(text[:max(0, bytes.IndexByte(text, d.format.quote))])
}

// encodingHint says what a header may be that is no text.
func encodingHint(header string) string {
	if isText(header) {
		return ""
	}
	return "; this is not UTF-8: is the file compressed, or in another encoding?"
}

// isText is false for what other encodings look like: UTF-16 has zero bytes.
func isText(header string) bool {
	return utf8.ValidString(header) && !strings.Contains(header, "\x00")
}

// drawName draws the name of a column, in quotes where it would mislead without.
func drawName(name string) string {
	if q := excerpt.Quoted(name); q != `"`+name+`"` || strings.TrimSpace(name) != name || name == "" {
		return q
	}
	return name
}
