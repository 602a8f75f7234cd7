package csv

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/weirstream/weir/connectors/format/input"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// messages decodes messages: of each one record or several, each on a line. The messages
// of a call make one run, so that their cells are parsed column by column, too.
type messages struct {
	*Decoder
	starts []int // per message: where it starts in the buffer; and where the last one ends
	failed []stream.FailedMessage
}

// NewMessageDecoder returns a decoder of messages, none of which has a header. It fails
// where a timestamp pattern makes no sense.
func (f Format) NewMessageDecoder(c stream.MessageContext) (stream.MessageDecoder, error) {
	f.headless, f.skip = true, 0
	d, err := newDecoder(f, stream.DecoderContext{
		Name: "message", Schema: c.Schema, Patterns: c.Patterns, Input: bytes.NewReader(nil), Read: c.Read,
	})
	if err == nil {
		err = d.readHeader()
	}
	if err == nil {
		err = d.bindColumns()
	}
	if err != nil {
		return nil, err
	}
	d.run.stride = len(d.parsers) + 1
	d.in.EndInput()
	return &messages{Decoder: d}, nil
}

// Decode implements stream.MessageDecoder.
func (m *messages) Decode(texts [][]byte, to []*record.Column, rows []int32) []stream.FailedMessage {
	m.failed = m.failed[:0]
	m.take(texts)
	for i, text := range texts {
		if len(text) >= input.MaxRecord {
			m.failed = append(m.failed, stream.FailedMessage{Message: i, Err: errLongMessage})
			rows[i] = 0
			continue
		}
		rows[i] = m.cut(i)
	}
	m.rows.Columns = m.rows.Columns[:0]
	for _, c := range to {
		if c != nil {
			m.rows.Columns = append(m.rows.Columns, c)
		}
	}
	m.fill(rows)
	return m.failed
}

// slack is what stands behind the text of a window.
var slack = bytes.Repeat(newline, input.Slack)

var errLongMessage = fmt.Errorf("the message is longer than %d MiB", input.MaxRecord>>20)

// take copies the messages into the buffer, each ended by a line end, and begins a run.
func (m *messages) take(texts [][]byte) {
	buf := m.in.Buf[:0]
	m.starts = m.starts[:0]
	for _, text := range texts {
		m.starts = append(m.starts, len(buf))
		if len(text) >= input.MaxRecord {
			continue
		}
		buf = append(buf, bytes.TrimPrefix(text, input.ByteOrderMark)...)
		if m.format.cr {
			endLines(buf[m.starts[len(m.starts)-1]:])
		}
		if n := len(buf); n == m.starts[len(m.starts)-1] || buf[n-1] != '\n' {
			buf = append(buf, '\n')
		}
	}
	m.starts = append(m.starts, len(buf))
	m.in.Buf = append(buf, slack...)
	m.run.reset(0, 0)
}

// cut cuts the records out of a message and returns how many rows it has, as far as can
// be told before its cells are parsed.
func (m *messages) cut(i int) int32 {
	d, before := m.Decoder, m.run.rows
	d.in.At, d.in.End = m.starts[i], m.starts[i+1]
	for d.in.At < d.in.End && len(d.run.failures) == 0 {
		d.run.grow()
		if d.plain {
			d.short(d.run.room() - 1)
		}
		if d.in.At < d.in.End && d.run.rows < d.run.room() {
			d.other()
		}
	}
	if len(d.run.failures) > 0 {
		d.run.rows = before
		m.fail(i, d.run.failures[0].at, d.run.failures[0].failed.Err)
		d.run.failures = d.run.failures[:0]
	}
	return int32(d.run.rows - before)
}

// fail notes that a message fails, for what is wrong with a record at a position.
func (m *messages) fail(i, at int, err error) {
	if line := bytes.Count(m.in.Buf[m.starts[i]:at], newline); line > 0 {
		err = fmt.Errorf("line %d: %w", line+1, err)
	}
	m.failed = append(m.failed, stream.FailedMessage{Message: i, Err: err})
}

// fill parses the cells of the run into the columns, but for those of messages of which a
// cell is bad.
func (m *messages) fill(rows []int32) {
	r := &m.run
	if r.rows == 0 {
		return
	}
	m.tidy()
	if len(m.rows.Columns) > 0 {
		m.rows.Len = m.rows.Columns[0].Len() // the batch may have rows already
	}
	if m.parse(); len(r.bad) == 0 {
		return
	}
	m.rows.Truncate()
	m.failBad(rows)
	m.parse()
}

// failBad takes the rows of messages out of the run that have a bad cell.
func (m *messages) failBad(rows []int32) {
	r := &m.run
	slices.SortStableFunc(r.bad, func(a, b badCell) int { return a.row - b.row })
	var out []int
	first, bad := 0, r.bad
	for i, n := range rows {
		behind := first + int(n)
		if len(bad) > 0 && bad[0].row < behind {
			worst := bad[0]
			m.fail(i, int(r.starts[worst.row]), fmt.Errorf("column %q: %w", m.fields[worst.column].Name, worst.err))
			for row := first; row < behind; row++ {
				out = append(out, row)
			}
			for len(bad) > 0 && bad[0].row < behind {
				bad = bad[1:]
			}
			rows[i] = 0
		}
		first = behind
	}
	r.bad = r.bad[:0]
	r.remove(out)
	slices.SortFunc(m.failed, func(a, b stream.FailedMessage) int { return a.Message - b.Message })
}

// messageEncoder writes each row as a record without its line end.
type messageEncoder struct{ *encoder }

// NewMessageEncoder returns an encoder that writes each row as a record, without a header
// and without its line end.
func (f Format) NewMessageEncoder(schema *record.Schema) (stream.MessageEncoder, error) {
	return messageEncoder{newEncoder(f, schema, io.Discard)}, nil
}

// Encode implements stream.MessageEncoder.
func (e messageEncoder) Encode(b *record.Batch, text []byte, ends []int) ([]byte, []int) {
	e.buf = text
	for row := range b.Len() {
		e.appendRow(b, row)
		ends = append(ends, len(e.buf))
	}
	text, e.buf = e.buf, nil
	return text, ends
}

// carries finds what makes no sense where the format is that of messages.
func carries(c component.Config) error {
	var problems component.Problems
	if c.Has("skip") {
		problems = append(problems, c.Problemf("skip", "a message has no lines on top; leave it out"))
	}
	if c.Has("header") && !c.IsList("header") && c.Bool("header") {
		problems = append(problems, c.Problemf("header", "a message has no line that names the columns; name them in its order, as in "+
			"[at, kind], or leave it out, and they are those of the schema"))
	}
	if problems == nil {
		return nil
	}
	return problems
}
