package json

import (
	"bytes"
	"io"

	"github.com/weirstream/weir/connectors/format/input"
	"github.com/weirstream/weir/runtime/jsontext"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Decoder reads one stream of JSON Lines, or of documents that hold rows.
type Decoder struct {
	format  Format
	start   stream.Bookmark
	started bool

	in      input.Records
	rows    input.Rows
	whole   int // where the whole lines of the window end
	endless *endless
	docs    *documents // nil: the stream is one of lines

	root    *object
	listed  int    // values in lists of the record so far
	scratch []byte // a string whose escapes are resolved
	bytes   []byte // what a string in base64 stands for
	fault   fault  // why the record has failed
}

// The window has the room behind its text that lines need.
const _ = uint(input.Slack - jsontext.Slack)

func newDecoder(f Format, c stream.DecoderContext) (*Decoder, error) {
	root, err := newRoot(c.Schema, c.Patterns, c.Read)
	if err != nil {
		return nil, err
	}
	return &Decoder{format: f, start: c.Start, in: input.NewRecords(c), rows: input.NewRows(c), root: root}, nil
}

// Bookmark returns the place behind what Next has returned.
func (d *Decoder) Bookmark() stream.Bookmark {
	switch {
	case !d.started:
		return d.start
	case d.docs != nil:
		return d.docs.behind
	case d.endless != nil:
		return d.endless.start
	}
	return d.in.Bookmark()
}

// Close releases the buffer. It may be called more than once.
func (d *Decoder) Close() { d.in.Close() }

// Next returns the next batch, as [stream.Decoder] says. A batch ends early
// where its text exceeds a few MiB.
func (d *Decoder) Next() (*record.Batch, []stream.FailedRecord, error) {
	if err := d.begin(); err != nil {
		return nil, nil, err
	}
	if d.docs != nil {
		return d.nextInDocuments()
	}
	var failed []stream.FailedRecord
	begin := d.in.Offset()
	for d.rows.Len+len(failed) < d.rows.Most && d.in.Offset()-begin < input.BatchBytes {
		if d.in.At < d.whole {
			failed = d.decodeLines(failed)
			continue
		}
		if len(d.in.Text()) >= input.MaxRecord {
			d.beginEndless()
		}
		if err := d.more(); err != nil {
			failed = d.endEndless(failed, err)
			b := d.rows.Take()
			if err != stream.ErrNotReady && (b != nil || failed != nil) {
				err = nil // it comes again
			}
			return b, failed, err
		}
		failed = d.skipEndless(failed)
	}
	return d.rows.Take(), failed, nil
}

// more reads on, once all whole lines are used up; io.EOF says that nothing is
// left.
func (d *Decoder) more() error {
	if d.in.EOF() {
		return io.EOF
	}
	searched := d.in.End - d.in.At
	err := d.in.Fill()
	d.findLines(searched)
	if err != nil && err != io.EOF {
		return d.in.ReadError(err)
	}
	return nil
}

// findLines sets where the whole lines of the window end. So many bytes at its
// front are known to hold no line end.
func (d *Decoder) findLines(searched int) {
	text := d.in.Text()
	d.whole = d.in.At
	if i := bytes.LastIndexByte(text[searched:], '\n'); i >= 0 {
		d.whole += searched + i + 1
	}
	if d.in.EOF() {
		d.whole = d.in.End
	}
	if d.in.Offset() == 0 && bytes.HasPrefix(text, input.ByteOrderMark) {
		d.in.At += len(input.ByteOrderMark)
		d.whole = max(d.whole, d.in.At)
	}
}

// decodeLines decodes whole lines, as long as there are any and the batch has
// room.
func (d *Decoder) decodeLines(failed []stream.FailedRecord) []stream.FailedRecord {
	if d.rows.Begin() {
		d.root.bind(func(i int) *record.Column { return d.rows.Columns[i] })
	}
	buf := d.in.Buf[:d.in.End+input.Slack]
	for d.rows.Len+len(failed) < d.rows.Most && d.in.At < d.whole {
		at := jsontext.Blank(buf, d.in.At)
		if buf[at] == '\n' && !d.tooLong(at) {
			d.endLine(at)
			continue
		}
		d.in.Count++
		if at = d.record(buf, at); at < 0 || d.tooLong(at) {
			failed = append(failed, d.failLine())
			continue
		}
		d.rows.Len++
		d.endLine(at)
	}
	return failed
}

// record decodes the one object of a line and returns where the line ends.
func (d *Decoder) record(buf []byte, at int) int {
	if buf[at] != '{' {
		return d.noObject(buf, at)
	}
	d.listed = 0
	if at = d.members(d.root, d.rows.Len, buf, at+1); at < 0 {
		return at
	}
	if at = jsontext.Blank(buf, at); buf[at] != '\n' {
		return d.fail(at, "%s follows the object; put each object on a line of its own", shownAt(buf, at))
	}
	return at
}

// endLine uses up the line that ends at a position.
func (d *Decoder) endLine(at int) {
	d.in.At = min(at+1, d.in.End) // the last line may have no line end
	d.in.Lines++
}
