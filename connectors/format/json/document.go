package json

import (
	"bytes"
	"fmt"
	"io"

	"github.com/weirstream/weir/connectors/format/input"
	"github.com/weirstream/weir/runtime/jsontext"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// documents is where a decoder of documents is in them.
type documents struct {
	walker
	extent
	behind stream.Bookmark      // the last unit
	unit   bool                 // the place lies in a unit, or before one
	long   *stream.FailedRecord // that unit, if it is longer than any may be
	err    error                // what ended the stream
	line   []byte               // a unit of several lines, as one
}

// resume walks to where decoding starts, from the beginning: what the walker knows of
// the place cannot be told from the place alone.
func (d *Decoder) resume(to stream.Bookmark) error {
	docs := d.docs
	for docs.behind.Offset < to.Offset {
		err := d.nextUnit()
		if err == io.EOF && d.in.Offset() == to.Offset {
			docs.behind = d.in.Bookmark()
			break
		}
		if err == nil {
			err = d.findExtent()
		}
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return d.in.Unreachable(to, err)
		}
		d.useUnit()
	}
	if docs.behind != to {
		return d.in.Unreachable(to, errNoUnit)
	}
	return nil
}

var errNoUnit = fmt.Errorf("no row ends there")

// nextInDocuments is Next for documents.
func (d *Decoder) nextInDocuments() (*record.Batch, []stream.FailedRecord, error) {
	var failed []stream.FailedRecord
	begin := d.in.Offset()
	for d.rows.Len+len(failed) < d.rows.Most && d.in.Offset()-begin < input.BatchBytes {
		f, err := d.decodeUnit()
		if f != nil {
			failed = append(failed, *f)
		}
		if err == nil {
			continue
		}
		b := d.rows.Take()
		if err != stream.ErrNotReady && (b != nil || failed != nil) {
			err = nil // it comes again
		}
		return b, failed, err
	}
	return d.rows.Take(), failed, nil
}

// nextUnit moves to the next unit, unless the place is in one. An error other than
// that the input is not ready stays.
func (d *Decoder) nextUnit() error {
	docs := d.docs
	if docs.unit || docs.err != nil {
		return docs.err
	}
	err := docs.next()
	switch {
	case err == nil:
		docs.unit = true
	case err == io.EOF:
		docs.behind = d.in.Bookmark()
	}
	return docs.keep(err)
}

// keep has an error come again.
func (docs *documents) keep(err error) error {
	if err != stream.ErrNotReady {
		docs.err = err
	}
	return err
}

// decodeUnit decodes one unit.
func (d *Decoder) decodeUnit() (*stream.FailedRecord, error) {
	docs := d.docs
	if err := d.nextUnit(); err != nil {
		return nil, err
	}
	if err := docs.keep(d.findExtent()); err != nil {
		return nil, err
	}
	if docs.at >= input.MaxRecord {
		if err := docs.keep(d.beginLong()); err != nil {
			return nil, err
		}
	}
	failed := docs.long
	if failed == nil {
		var err error
		if failed, err = d.row(); err != nil {
			return nil, docs.keep(err)
		}
	}
	d.useUnit()
	return failed, nil
}

// useUnit uses up a unit whose extent is known.
func (d *Decoder) useUnit() {
	docs := d.docs
	if docs.lines > 0 {
		docs.walker.lineStart = d.in.Offset() - docs.gone + docs.extent.lineStart
		d.in.Lines += docs.lines
	}
	d.in.At += docs.at
	d.in.Count++
	docs.extent.reset()
	docs.passed()
	docs.unit, docs.long = false, nil
	docs.behind = d.in.Bookmark()
}

// findExtent reads on until the end of the unit is found. Of one that is longer than
// any may be it drops what has been looked at.
func (d *Decoder) findExtent() error {
	docs := d.docs
	for !docs.find(d.in.Text()) {
		if len(d.in.Text()) >= input.MaxRecord {
			if err := d.beginLong(); err != nil {
				return err
			}
			docs.drop(d.in.Text())
			d.in.At = d.in.End
		}
		if err := d.in.Fill(); err == io.EOF {
			return d.endlessUnit()
		} else if err != nil {
			return d.in.ReadError(err)
		}
	}
	if docs.crossed {
		return d.crossed()
	}
	return nil
}

// row decodes a unit. One that cannot be decoded is a failed record, or damage: where it
// does not follow the grammar in a way that may have other units be part of it.
func (d *Decoder) row() (*stream.FailedRecord, error) {
	if d.rows.Begin() {
		d.root.bind(func(i int) *record.Column { return d.rows.Columns[i] })
	}
	docs := d.docs
	buf, start := d.in.Buf[:d.in.End+input.Slack], d.in.At
	if docs.lines > 0 {
		docs.line = jsontext.AppendLine(docs.line[:0], d.in.Text()[:docs.at])
		buf, start = docs.line, 0
	}
	at := d.inner(buf, start)
	if at >= 0 && buf[at] != '{' {
		at = d.noRow(buf, at)
	} else if at >= 0 {
		d.listed = 0
		at = d.members(d.root, d.rows.Len, buf, at+1)
	}
	if at >= 0 {
		d.rows.Len++
		return nil, nil
	}
	d.rows.Truncate()
	return d.failUnit(buf, start)
}

// inner goes from the start of a unit to the row in it, once the unit is known to be
// JSON.
func (d *Decoder) inner(buf []byte, at int) int {
	names := d.docs.path.inner
	if len(names) == 0 {
		return at
	}
	if d.skip(buf, at) < 0 {
		return -1
	}
	for _, name := range names {
		if at = d.member(buf, at, name); at < 0 {
			return at
		}
	}
	return at
}

// member goes from the start of an object to that of one of its members.
func (d *Decoder) member(buf []byte, object int, name string) int {
	at := jsontext.Blank(buf, object+1)
	for buf[object] == '{' && buf[at] != '}' {
		end, _, next, _ := jsontext.Key(buf, at)
		value := jsontext.Blank(buf, next)
		if d.docs.isNamed(buf[at:end], name) {
			return value
		}
		if at = jsontext.Blank(buf, d.skip(buf, value)); buf[at] == ',' {
			at = jsontext.Blank(buf, at+1)
		}
	}
	return d.fail(object, "there is no %q here, in which rows: %s has the row", name, d.docs.path.text)
}

// noRow fails what is no object.
func (d *Decoder) noRow(buf []byte, at int) int {
	if d.skip(buf, at) < 0 {
		return -1
	}
	if buf[at] == '[' {
		return d.fail(at, "a list stands where a row belongs, which is an object; the elements of a list have no names. "+
			"If they are objects themselves, read it with rows: %s[*]", d.docs.path.text)
	}
	return d.fail(at, "%s stands where a row belongs, which is an object such as {\"id\": 1}", shownAt(buf, at))
}

// place draws where something stands in the unit.
func (d *Decoder) place(unit []byte, at int) string {
	line, column := d.in.Lines, d.in.Offset()-d.docs.walker.lineStart+int64(at)+1
	if n := bytes.Count(unit[:at], newline); n > 0 {
		line += int64(n)
		column = int64(at - bytes.LastIndexByte(unit[:at], '\n'))
	}
	return d.in.Spot(line, column)
}
