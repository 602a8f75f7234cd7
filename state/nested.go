package state

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/weirstream/weir/runtime/record"
)

// This file is how the heap spells values that are no words. A text is its bytes, a
// decimal its 16, a list or struct what it consists of:
//
//	list      number of elements (uvarint), elements
//	struct    fields
//	element, field   0: null; or 1 and the value
//	text      length (uvarint), bytes
//	decimal, int64, float64, timestamp, int32, date   little-endian
//	bool      0 or 1
//
// No bytes at all, as in a row that was just made, are the zero value.

// appendValue appends the spelling of value i of a plain column; what is beneath a
// null is spelled as nothing.
func appendValue(to []byte, c *record.Column, i int) []byte {
	switch {
	case c.IsNull(i):
		return to
	case c.Type().Kind == record.KindString, c.Type().Kind == record.KindBytes:
		return append(to, c.Strings().At(i)...)
	}
	return appendInner(to, c, i)
}

// appendPart appends an element or field.
func appendPart(to []byte, c *record.Column, i int) []byte {
	if c.IsNull(i) {
		return append(to, 0)
	}
	return appendInner(append(to, 1), c, i)
}

// appendInner appends a value that is not null, so that its end can be told.
func appendInner(to []byte, c *record.Column, i int) []byte {
	switch c.Type().Kind {
	case record.KindBool:
		if record.BitAt(c.Bits(), i) {
			return append(to, 1)
		}
		return append(to, 0)
	case record.KindInt32, record.KindDate:
		return binary.LittleEndian.AppendUint32(to, uint32(c.Int32s()[i]))
	case record.KindFloat64:
		return binary.LittleEndian.AppendUint64(to, math.Float64bits(c.Float64s()[i]))
	case record.KindDecimal:
		return appendDecimal(to, c.Decimals()[i])
	case record.KindString, record.KindBytes:
		text := c.Strings().At(i)
		return append(binary.AppendUvarint(to, uint64(len(text))), text...)
	case record.KindList:
		from, until := c.Offsets()[i], c.Offsets()[i+1]
		to = binary.AppendUvarint(to, uint64(until-from))
		for e := from; e < until; e++ {
			to = appendPart(to, c.Elements(), int(e))
		}
		return to
	case record.KindStruct:
		for f := range c.Type().Fields() {
			to = appendPart(to, c.Child(f), i)
		}
		return to
	}
	return binary.LittleEndian.AppendUint64(to, uint64(c.Int64s()[i]))
}

// errSpelling says that bytes are no value of their type.
var errSpelling = errors.New("its bytes are no value of the column's type")

// checkNested reports whether bytes from a checkpoint spell a list or struct.
func checkNested(t record.Type, spelled []byte) error {
	s := spelling{data: spelled}
	if len(spelled) == 0 {
		return nil
	}
	s.value(t, nil)
	if s.bad || len(s.data) > 0 {
		return errSpelling
	}
	return nil
}

// appendNested appends the list or struct that bytes spell, which were checked.
func appendNested(to *record.Column, spelled []byte) {
	if len(spelled) == 0 {
		to.AppendZero()
		return
	}
	s := spelling{data: spelled}
	s.value(to.Type(), to)
}

// spelling is the rest of bytes that spell a value.
type spelling struct {
	data []byte
	bad  bool // it ended too early, or says what cannot be
}

// take returns the next n bytes, or zeros where there are fewer.
func (s *spelling) take(n int) []byte {
	if n > len(s.data) {
		s.bad, s.data = true, nil
		return make([]byte, min(n, 16))
	}
	taken := s.data[:n]
	s.data = s.data[n:]
	return taken
}

// flag returns the next byte, which is 0 or 1.
func (s *spelling) flag() bool {
	b := s.take(1)[0]
	s.bad = s.bad || b > 1
	return b == 1
}

// length returns a number of bytes, or of elements, each of which takes one at least.
func (s *spelling) length() int {
	v, n := binary.Uvarint(s.data)
	if n <= 0 || v > uint64(len(s.data)-n) {
		s.bad, s.data = true, nil
		return 0
	}
	s.data = s.data[n:]
	return int(v)
}

// part reads an element or field. Nothing is appended where to is nil.
func (s *spelling) part(t record.Type, to *record.Column) {
	switch {
	case s.flag():
		s.value(t, to)
	case to != nil:
		to.AppendNull()
	}
}

// value reads a value that is not null.
func (s *spelling) value(t record.Type, to *record.Column) {
	switch {
	case t.Kind == record.KindList:
		s.list(t, to)
	case t.Kind == record.KindStruct:
		s.fields(t, to)
	case t.Kind == record.KindString, t.Kind == record.KindBytes:
		if text := s.take(s.length()); to != nil {
			to.AppendString(text)
		}
	case t.Kind == record.KindBool:
		if v := s.flag(); to != nil {
			to.AppendBool(v)
		}
	default:
		s.number(t, to)
	}
}

func (s *spelling) list(t record.Type, to *record.Column) {
	var elements *record.Column
	if to != nil {
		elements = to.Elements()
	}
	for n := s.length(); n > 0 && !s.bad; n-- {
		s.part(t.Element(), elements)
	}
	if to != nil {
		to.AppendList()
	}
}

func (s *spelling) fields(t record.Type, to *record.Column) {
	for i, f := range t.Fields() {
		var child *record.Column
		if to != nil {
			child = to.Child(i)
		}
		s.part(f.Type, child)
	}
	if to != nil {
		to.AppendStruct()
	}
}

func (s *spelling) number(t record.Type, to *record.Column) {
	width := 8
	switch t.Kind {
	case record.KindInt32, record.KindDate:
		width = 4
	case record.KindDecimal:
		width = 16
	}
	b := s.take(width)
	switch {
	case to == nil:
	case width == 4:
		to.AppendInt32(int32(binary.LittleEndian.Uint32(b)))
	case width == 16:
		to.AppendDecimal(decimalOf(b))
	case t.Kind == record.KindFloat64:
		to.AppendFloat64(math.Float64frombits(binary.LittleEndian.Uint64(b)))
	default:
		to.AppendInt64(int64(binary.LittleEndian.Uint64(b)))
	}
}
