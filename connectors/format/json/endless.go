package json

import (
	"bytes"
	"fmt"
	"io"

	"github.com/weirstream/weir/connectors/format/input"
	"github.com/weirstream/weir/runtime/stream"
)

var errTooLong = fmt.Errorf("the line is longer than %d MiB; is a line end missing?", input.MaxRecord>>20)

// tooLong reports whether the line that ends at a position is longer than any
// may be, with its line end.
func (d *Decoder) tooLong(end int) bool { return end-d.in.At >= input.MaxRecord }

// endless is a record that is longer than any may be, and whose end is yet to be
// found. Until then it counts as not read: a decoder that goes on elsewhere has
// to pass over all of it, too.
type endless struct {
	start  stream.Bookmark
	failed stream.FailedRecord
}

// beginEndless gives up on the record that the window begins with, and drops
// what the window holds of it.
func (d *Decoder) beginEndless() {
	if d.endless == nil {
		d.endless = &endless{d.in.Bookmark(), d.in.Failed(d.in.Lines, d.in.Text(), errTooLong)}
	}
	d.in.At = d.in.End
	d.whole = d.in.End
}

// skipEndless passes over more of an endless record, up to its line end.
func (d *Decoder) skipEndless(failed []stream.FailedRecord) []stream.FailedRecord {
	if d.endless == nil {
		return failed
	}
	i := bytes.IndexByte(d.in.Text(), '\n')
	if i < 0 {
		d.beginEndless()
		return failed
	}
	d.in.At += i
	return d.finishEndless(failed)
}

// endEndless ends an endless record where the input does.
func (d *Decoder) endEndless(failed []stream.FailedRecord, err error) []stream.FailedRecord {
	if d.endless == nil || err != io.EOF {
		return failed
	}
	return d.finishEndless(failed)
}

func (d *Decoder) finishEndless(failed []stream.FailedRecord) []stream.FailedRecord {
	d.endLine(d.in.At)
	d.in.Count++
	failed = append(failed, d.endless.failed)
	d.endless = nil
	return failed
}
