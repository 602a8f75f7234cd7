package csv

import (
	"io"

	"github.com/weirstream/weir/connectors/format/input"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Decoder reads one stream of CSV text.
type Decoder struct {
	format  Format
	schema  *record.Schema
	fields  []record.Field // of the schema: those that somebody reads
	parsers []parser       // per field that is read
	start   stream.Bookmark
	started bool

	in     input.Records
	rows   input.Rows
	header []string
	// headerLine is its text, for those who read a failed record by itself.
	headerLine []byte
	slots      []int // per cell of a record: its place in a row of spans; len(parsers) where nobody reads it
	// endless is a record that has failed already, because it is too long, and
	// whose line end is yet to be found.
	endless *endless

	run     run
	cells   []span // of one record
	comment int    // what comments begin with; -1 is none
	first   byte   // of the delimiter
	single  bool   // it has one byte only
	plain   bool   // nothing escapes either, so that the short path cuts records without a quote
	text    []byte // of a cell without its escapes
}

func newDecoder(f Format, c stream.DecoderContext) (*Decoder, error) {
	c.Input = f.newlines(c.Input)
	d := &Decoder{format: f, schema: c.Schema, start: c.Start, in: input.NewRecords(c), rows: input.NewRows(c), comment: -1,
		first: f.delimiter[0], single: len(f.delimiter) == 1, plain: len(f.delimiter) == 1 && f.escape == 0}
	d.fields, _ = c.Read.Of(c.Schema)
	if f.comment != "" {
		d.comment = int(f.comment[0])
	}
	for i, field := range c.Schema.Fields() {
		pattern := ""
		if i < len(c.Patterns) {
			pattern = c.Patterns[i].Timestamp
		}
		p, err := newParser(f, field, pattern)
		if err != nil {
			return nil, err
		}
		if c.Read.Has(i) {
			d.parsers = append(d.parsers, p)
		}
	}
	return d, nil
}

// endless is a record that is too long. Until its end is found it counts as not
// read: a decoder that goes on elsewhere has to pass over all of it, too.
type endless struct {
	start  stream.Bookmark // but for Record
	failed failure
}

// Bookmark returns the place behind what Next has returned.
func (d *Decoder) Bookmark() stream.Bookmark {
	switch {
	case !d.started:
		return d.start
	case d.endless != nil:
		m := d.endless.start
		m.Record = d.in.Count
		return m
	}
	return d.in.Bookmark()
}

// Close releases the buffer. It may be called more than once.
func (d *Decoder) Close() { d.in.Close() }

// Next returns the next batch, as [stream.Decoder] says. A batch ends early
// where its text exceeds a few MiB.
func (d *Decoder) Next() (*record.Batch, []stream.FailedRecord, error) {
	if !d.started {
		if err := d.begin(); err != nil {
			return nil, nil, err
		}
	}
	var failed []stream.FailedRecord
	begin := d.in.Offset()
	for d.rows.Len+len(failed) < d.rows.Most && d.in.Offset()-begin < input.BatchBytes {
		complete := d.split(d.rows.Most - d.rows.Len - len(failed))
		d.convert()
		failed = d.takeFailures(failed)
		if complete {
			continue
		}
		if err := d.more(); err != nil {
			b := d.rows.Take()
			if err != stream.ErrNotReady && (b != nil || failed != nil) {
				err = nil // it comes again
			}
			return b, failed, err
		}
	}
	return d.rows.Take(), failed, nil
}

// more reads on; io.EOF says that all text is used up.
func (d *Decoder) more() error {
	if d.in.EOF() {
		return io.EOF
	}
	if err := d.in.Double(); err != nil && err != io.EOF {
		return d.in.ReadError(err)
	}
	return nil
}

// split cuts records out of the window, at most limit of them, into the run. It
// returns false when the window has no further whole record.
func (d *Decoder) split(limit int) bool {
	d.run.reset(d.in.At, d.in.Lines)
	for d.run.rows+len(d.run.failures) < limit {
		if d.endless != nil && !d.skipLine() {
			return false
		}
		if d.plain {
			d.short(limit - len(d.run.failures))
		}
		if d.run.rows+len(d.run.failures) == limit {
			break
		}
		if d.in.At == d.in.End || !d.other() {
			return false
		}
	}
	return true
}

// skipLine passes over the rest of an endless record, as far as it is in the
// window.
func (d *Decoder) skipLine() bool {
	c := d.resume(d.in.Text(), 0, noFault, d.in.EOF())
	if c.missing {
		d.in.At = d.in.End
		return false
	}
	d.endless.failed.at = d.in.At
	d.run.failures = append(d.run.failures, d.endless.failed)
	d.in.At += c.next
	d.in.Lines += int64(c.lines)
	d.endless = nil
	return true
}

// other takes in one record that is not plain, or passes over a comment. It returns false where the window
// does not hold all of it.
func (d *Decoder) other() bool {
	if comment, whole := d.pass(); comment {
		return whole
	}
	text := d.in.Text()
	c := d.record(text, d.in.EOF())
	switch {
	case c.next > input.MaxRecord, c.missing && len(text) >= input.MaxRecord:
		c = d.tooLong(text[:input.MaxRecord])
	case c.missing:
		return false
	}
	at, start := d.in.At, d.in.Offset()
	d.in.At += c.next
	lines := d.in.Lines
	d.in.Lines += int64(c.lines)
	switch {
	case c.fault == longRecord:
		d.endless = &endless{stream.Bookmark{Line: lines, Offset: start}, d.failure(at, at+c.next, lines, d.describe(c))}
	case c.fault != noFault:
		d.fail(at, at+c.next, lines, d.describe(c))
	case len(d.cells) == 1 && len(d.header) != 1 && d.cells[0].null():
		// An empty line.
	default:
		if err := d.checkShape(); err != nil {
			d.fail(at, at+c.next, lines, err)
			break
		}
		row := d.run.next()
		for i, s := range d.cells {
			row[d.slots[i]] = span{s.start + uint32(at), s.end + uint32(at)}
		}
		d.run.add(at)
	}
	return true
}

// tooLong cuts a record that exceeds the limit, of which text is as much as it may
// have: what becomes of it does not depend on how much more is in the window. An open
// quote is to blame itself: the next line may be sound. Any other record is passed over
// to its line end, which is yet to come.
func (d *Decoder) tooLong(text []byte) cut {
	c := d.record(text, false)
	if c.open {
		if c := d.resume(text, 0, openQuote, false); !c.missing {
			return c
		}
	}
	return cut{next: len(text), lines: 0, fault: longRecord, cell: c.cell}
}
