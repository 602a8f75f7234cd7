package json

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/weirstream/weir/connectors/format/input"
	"github.com/weirstream/weir/runtime/jsontext"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// messages decodes messages: of each one object or several, one behind the other, or of
// a document that holds them.
type messages struct {
	Decoder
	line   []byte // the message as one line
	rows   int    // of the batch
	failed []stream.FailedMessage
}

// NewMessageDecoder returns a decoder of messages. It fails where a timestamp pattern
// makes no sense.
func (f Format) NewMessageDecoder(c stream.MessageContext) (stream.MessageDecoder, error) {
	root, err := newRoot(c.Schema, c.Patterns, c.Read)
	if err != nil {
		return nil, err
	}
	return &messages{Decoder: Decoder{format: f, root: root}}, nil
}

// Decode implements stream.MessageDecoder.
func (m *messages) Decode(texts [][]byte, to []*record.Column, rows []int32) []stream.FailedMessage {
	m.failed = m.failed[:0]
	m.bind(to)
	for i, text := range texts {
		before := m.rows
		if err := m.message(text); err != nil {
			m.truncate(before)
			m.failed = append(m.failed, stream.FailedMessage{Message: i, Err: err})
		}
		rows[i] = int32(m.rows - before)
	}
	return m.failed
}

// bind makes the columns those that are decoded into, which may hold rows.
func (m *messages) bind(to []*record.Column) {
	m.rows = 0
	at := 0
	m.root.bind(func(int) *record.Column {
		for to[at] == nil {
			at++
		}
		at++
		m.rows = to[at-1].Len()
		return to[at-1]
	})
}

// truncate takes back what stands behind so many rows.
func (m *messages) truncate(rows int) {
	m.rows = rows
	for _, v := range m.root.values {
		v.column.Truncate(rows)
	}
}

// message decodes one message, or says why that cannot be.
func (m *messages) message(text []byte) error {
	if len(text) >= input.MaxRecord {
		return fmt.Errorf("the message is longer than %d MiB", input.MaxRecord>>20)
	}
	text = bytes.TrimPrefix(text, input.ByteOrderMark)
	m.line = jsontext.AppendLine(m.line[:0], text)
	m.listed = 0
	for at := jsontext.Blank(m.line, 0); at < len(text); {
		steps, inner := m.steps(m.line[at])
		if at = m.follow(steps, inner, m.line, at); at < 0 {
			return m.why(text)
		}
		at = jsontext.Blank(m.line, at)
	}
	return nil
}

// steps returns the way from a value of a message that begins with c to the rows in it.
func (m *messages) steps(c byte) (units []step, inner []string) {
	switch {
	case m.format.rows != nil:
		return m.format.rows.units, m.format.rows.inner
	case c == '[':
		return eachElement.units, nil
	}
	return nil, nil
}

// follow decodes the rows of the value at a position, and returns the position behind it.
func (m *messages) follow(steps []step, inner []string, buf []byte, at int) int {
	switch {
	case len(steps) == 0 && len(inner) == 0:
		return m.row(buf, at)
	case len(steps) == 0:
		return m.followMember(nil, inner[0], inner[1:], buf, at)
	case jsontext.Literal(buf, at, "null") >= 0:
		return m.skip(buf, at)
	case steps[0].each:
		return m.followElements(steps[1:], inner, buf, at)
	}
	return m.followMember(steps[1:], steps[0].name, inner, buf, at)
}

// row decodes the object at a position as a row.
func (m *messages) row(buf []byte, at int) int {
	if buf[at] != '{' {
		return m.fail(at, "%s stands where an object belongs, such as {\"id\": 1}", shownAt(buf, at))
	}
	if at = m.members(m.root, m.rows, buf, at+1); at >= 0 {
		m.rows++
	}
	return at
}

// followElements decodes the rows of each element of a list.
func (m *messages) followElements(steps []step, inner []string, buf []byte, at int) int {
	if buf[at] != '[' {
		return m.fail(at, "%s stands where a list belongs, in which the rows are: rows: %s", shownAt(buf, at), m.format.rows.text)
	}
	if at = jsontext.Blank(buf, at+1); buf[at] == ']' {
		return at + 1
	}
	for {
		if m.listed += 1 + m.root.width(); m.listed > maxListed {
			return m.fail(at, "the message has more than %d values; split it", maxListed)
		}
		if at = m.follow(steps, inner, buf, at); at < 0 {
			return at
		}
		switch at = jsontext.Blank(buf, at); buf[at] {
		case ',':
			at = jsontext.Blank(buf, at+1)
		case ']':
			return at + 1
		default:
			return m.unexpected(buf, at, "a comma or the closing bracket of the list")
		}
	}
}

// followMember decodes the rows of one member of an object.
func (m *messages) followMember(steps []step, name string, inner []string, buf []byte, object int) int {
	if buf[object] != '{' {
		return m.fail(object, "%s stands where an object belongs, in which %q leads to the rows", shownAt(buf, object), name)
	}
	found := false
	for at := jsontext.Blank(buf, object+1); ; {
		if buf[at] == '}' && !found {
			return m.fail(object, "there is no %q here, which leads to the rows", name)
		} else if buf[at] == '}' {
			return at + 1
		}
		end, escaped, next, fault := jsontext.Key(buf, at)
		if fault != nil {
			return m.broken(buf, fault)
		}
		is := string(buf[at+1:end-1]) == name
		if escaped {
			is = string(m.unquoted(buf[at:end])) == name
		}
		key := at
		switch at = jsontext.Blank(buf, next); {
		case is && found:
			return m.fail(key, "the key %q appears twice in the object; rename or remove one of them", name)
		case is:
			found, at = true, m.follow(steps, inner, buf, at)
		default:
			at = m.skip(buf, at)
		}
		if at < 0 {
			return at
		}
		switch at = jsontext.Blank(buf, at); buf[at] {
		case ',':
			if at = jsontext.Blank(buf, at+1); buf[at] == '}' {
				return m.unexpected(buf, at, "a key in quotes")
			}
		case '}':
		default:
			return m.unexpected(buf, at, "a comma or the closing brace of the object")
		}
	}
}

// why says why a message failed, and where in it.
func (m *messages) why(text []byte) error {
	at, err := m.fault.at, m.fault.err
	switch {
	case at >= len(text):
		at, err = len(text), errMessageEnds
	case text[at] == '\n': // blanks do not fail
		err = control(text, at)
	}
	line, start := bytes.Count(text[:at], newline), bytes.LastIndexByte(text[:at], '\n')+1
	character := utf8.RuneCount(text[start:at]) + 1
	if line > 0 {
		return fmt.Errorf("line %d, character %d: %w", line+1, character, err)
	}
	return fmt.Errorf("character %d: %w", character, err)
}

var errMessageEnds = errors.New("the message ends within a value; is it cut short?")

// messageEncoder writes each row as an object.
type messageEncoder struct{ keys [][]byte }

// NewMessageEncoder returns an encoder that writes each row as an object.
func (f Format) NewMessageEncoder(schema *record.Schema) (stream.MessageEncoder, error) {
	if err := f.checkWrites(); err != nil {
		return nil, err
	}
	return messageEncoder{newEncoder(schema, nil).keys}, nil
}

// Encode implements stream.MessageEncoder.
func (e messageEncoder) Encode(b *record.Batch, text []byte, ends []int) ([]byte, []int) {
	for row := range b.Len() {
		text = appendObject(text, e.keys, b, row)
		ends = append(ends, len(text))
	}
	return text, ends
}
