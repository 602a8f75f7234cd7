package state

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// columns is the rows of a table, or what they were at a freeze.
type columns struct {
	hash   words
	number words    // of a Multi table: rows that were made later have greater numbers
	keys   []column // the key columns, then the sub-key columns
	values []column
	until  words // of a table whose rows expire: the last moment of each
}

// view returns the columns as they can be read while the owner goes on.
func (c *columns) view() columns {
	v := columns{hash: c.hash.view(), number: c.number.view(), until: c.until.view()}
	for i := range c.keys {
		v.keys = append(v.keys, c.keys[i].view())
	}
	for i := range c.values {
		v.values = append(v.values, c.values[i].view())
	}
	return v
}

// layout is how the rows of a table stand in a snapshot: a key, by whose bytes rows
// are in order, and a value. FORMAT.md of package snapshot draws both.
type layout struct {
	multi   bool
	expires bool
	bucket  int // the column of the key that is the bucket; -1 is none
}

func layoutOf(s *TableSpec) layout {
	l := layout{multi: s.Multi, expires: s.TTL.Clock != NoClock, bucket: -1}
	if s.Bucketed {
		l.bucket = len(s.Key)
	}
	return l
}

// bucketOf returns the bucket of a row; that of NULL lies before all others.
func (l layout) bucketOf(c *columns, r RowID) int64 {
	if c.keys[l.bucket].isNull(r) {
		return noBucket
	}
	return int64(c.keys[l.bucket].words.get(r))
}

// prefix returns what a row is in order by first.
func (l layout) prefix(c *columns, r RowID) (p prefix) {
	if l.bucket >= 0 {
		p.bucket = biased(l.bucketOf(c, r))
	}
	p.hash = c.hash.get(r)
	return p
}

// prefixOf returns the same of a key.
func (l layout) prefixOf(key []byte) (p prefix) {
	if l.bucket >= 0 {
		p.bucket, key = binary.BigEndian.Uint64(key), key[8:]
	}
	p.hash = binary.BigEndian.Uint64(key)
	return p
}

// appendKey appends the key of a row.
func (l layout) appendKey(to []byte, c *columns, r RowID) []byte {
	if l.bucket >= 0 {
		to = runs.AppendBucket(to, l.bucketOf(c, r))
	}
	to = binary.BigEndian.AppendUint64(to, c.hash.get(r))
	for i := range c.keys {
		switch {
		case i != l.bucket:
			to = c.keys[i].appendOrdered(to, r)
		case c.keys[i].isNull(r):
			to = append(to, nullValue)
		default: // the value is the bucket
			to = append(to, plainValue)
		}
	}
	if l.multi {
		to = binary.BigEndian.AppendUint64(to, c.number.get(r))
	}
	return to
}

// appendValue appends the value of a row: its last moment, if it expires, what is NULL,
// and the columns that are not.
func (l layout) appendValue(to []byte, c *columns, r RowID) []byte {
	if l.expires {
		to = binary.LittleEndian.AppendUint64(to, c.until.get(r))
	}
	at := len(to)
	for range (len(c.values) + 7) / 8 {
		to = append(to, 0)
	}
	for i := range c.values {
		if v := &c.values[i]; v.isNull(r) {
			to[at+i/8] |= 1 << (i % 8)
		} else {
			to = v.appendPlain(to, r)
		}
	}
	return to
}

// parse writes an entry of a snapshot as a row, which is new and has room.
func (l layout) parse(key, value []byte, c *columns, r RowID) error {
	k := parser{from: key}
	l.parseKey(&k, c, r)
	if !l.parseValues(value, c, r) || k.bad || len(k.rest()) > 0 {
		return fmt.Errorf("the row with key %x and value %x has not the columns of the table", key, value)
	}
	return nil
}

// parseValues writes the value of an entry to a row. It reports false where it has not the
// columns of the table.
func (l layout) parseValues(value []byte, c *columns, r RowID) (ok bool) {
	v := parser{from: value}
	if l.expires {
		*c.until.at(r) = v.little8()
	}
	nulls := v.take((len(c.values) + 7) / 8)
	for i := range c.values {
		null := nulls != nil && nulls[i/8]>>(i%8)&1 != 0
		c.values[i].setNull(r, null)
		if null {
			*c.values[i].words.at(r) = 0
		} else {
			c.values[i].parsePlain(&v, r)
		}
	}
	return !v.bad && len(v.rest()) == 0
}

func (l layout) parseKey(p *parser, c *columns, r RowID) {
	var bucket []byte
	if l.bucket >= 0 {
		bucket = p.take(8)
	}
	*c.hash.at(r) = p.big8()
	for i := range c.keys {
		if i != l.bucket {
			c.keys[i].parseOrdered(p, r)
			continue
		}
		behind := parser{from: bucket}
		c.keys[i].parseValue(p.front(), &behind, r)
		p.bad = p.bad || behind.bad
	}
	if l.multi {
		*c.number.at(r) = p.big8()
	}
}

// parser takes bytes off the front. It is bad once there were too few. It moves by a number, as
// a pointer that is written is looked at by the collector of garbage.
type parser struct {
	from []byte
	at   int
	text []byte // scratch
	bad  bool
}

// rest returns what is left.
func (p *parser) rest() []byte { return p.from[p.at:] }

func (p *parser) take(n int) []byte {
	if n < 0 || n > len(p.from)-p.at {
		p.bad = true
		return nil
	}
	p.at += n
	return p.from[p.at-n : p.at : p.at]
}

// big and little take an integer of n bytes; bad ones are 0.
func (p *parser) big(n int) (v uint64) {
	for _, b := range p.take(n) {
		v = v<<8 | uint64(b)
	}
	return v
}

func (p *parser) little(n int) (v uint64) {
	taken := p.take(n)
	for i := len(taken) - 1; i >= 0; i-- {
		v = v<<8 | uint64(taken[i])
	}
	return v
}

// big8 and little8 are those of 8 bytes.
func (p *parser) big8() uint64 {
	if b := p.take(8); b != nil {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

func (p *parser) little8() uint64 {
	if b := p.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// front takes what stands in front of a value in a key.
func (p *parser) front() byte {
	if b := p.take(1); b != nil {
		return b[0]
	}
	return 0
}

// rowBytes returns about how many bytes a row has in a snapshot.
func (t *Table) rowBytes() int {
	n := 16 + 8*min(1, t.until.len())
	for _, columns := range [][]column{t.keys, t.values} {
		for i := range columns {
			n += 1 + columns[i].width()
			if h := columns[i].heap; h != nil {
				n += shortBytes + h.live/max(1, t.count)
			}
		}
	}
	return n
}

// width returns the bytes of a value in a snapshot, 0 of text, lists and structs.
func (c *column) width() int {
	switch c.typ.Kind {
	case record.KindBool:
		return 1
	case record.KindInt32, record.KindDate:
		return 4
	case record.KindDecimal:
		return 16
	case record.KindString, record.KindBytes, record.KindList, record.KindStruct:
		return 0
	}
	return 8
}

// appendPlain appends a value, least significant byte first; what has no width
// behind its length.
func (c *column) appendPlain(to []byte, r RowID) []byte {
	word := c.words.get(r)
	switch c.width() {
	case 1:
		return append(to, byte(word))
	case 4:
		return binary.LittleEndian.AppendUint32(to, uint32(word))
	case 8:
		return binary.LittleEndian.AppendUint64(to, word)
	case 16:
		return appendDecimal(to, decimalOf(c.text(r)))
	}
	text := c.text(r)
	return append(binary.AppendUvarint(to, uint64(len(text))), text...)
}

func (c *column) parsePlain(p *parser, r RowID) {
	switch c.width() {
	case 4:
		*c.words.at(r) = uint64(int64(int32(p.little(4))))
	case 8:
		*c.words.at(r) = p.little8()
	case 1:
		*c.words.at(r) = p.little(1)
	case 16:
		*c.words.at(r) = c.heap.add(p.take(16))
	default:
		length, n := binary.Uvarint(p.rest())
		if n <= 0 || length > uint64(len(p.rest())-n) || length > record.MaxStringBytes {
			p.bad = true
			return
		}
		p.at += n
		text := p.take(int(length))
		p.bad = p.bad || c.typ.IsNested() && checkNested(c.typ, text) != nil
		*c.words.at(r) = c.heap.add(text)
	}
}

// What stands in front of a value in a key.
const (
	plainValue = 0
	nullValue  = 1
)

// appendOrdered appends a value so that the order of the bytes is that of values:
// numbers from the least to NaN, or text by its bytes, and then NULL.
func (c *column) appendOrdered(to []byte, r RowID) []byte {
	switch {
	case c.isNull(r):
		return append(to, nullValue)
	case c.heap != nil:
		return c.appendOrderedText(append(to, plainValue), c.text(r))
	}
	return c.appendOrderedWord(append(to, plainValue), c.words.get(r))
}

// appendScalar is appendOrdered of a value of the column's type.
func (c *column) appendScalar(to []byte, v scalar) []byte {
	switch {
	case v.null:
		return append(to, nullValue)
	case c.heap != nil:
		return c.appendOrderedText(append(to, plainValue), v.text)
	}
	return c.appendOrderedWord(append(to, plainValue), v.word)
}

func (c *column) appendOrderedWord(to []byte, word uint64) []byte {
	switch c.typ.Kind {
	case record.KindBool:
		return append(to, byte(word))
	case record.KindInt32, record.KindDate:
		return binary.BigEndian.AppendUint32(to, uint32(word)^1<<31)
	case record.KindFloat64:
		return binary.BigEndian.AppendUint64(to, orderedFloat(word))
	}
	return binary.BigEndian.AppendUint64(to, biased(int64(word)))
}

func (c *column) appendOrderedText(to, text []byte) []byte {
	if c.typ.Kind == record.KindDecimal {
		d := decimalOf(text)
		return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(to, biased(d.Hi)), d.Lo)
	}
	return appendText(to, text)
}

func (c *column) parseOrdered(p *parser, r RowID) { c.parseValue(p.front(), p, r) }

// parseValue reads what follows what stands in front of a value.
func (c *column) parseValue(front byte, p *parser, r RowID) {
	switch front {
	case nullValue:
		c.setNull(r, true)
		c.storeNull(r)
		return
	case plainValue:
		c.setNull(r, false)
	default:
		p.bad = true
	}
	switch c.typ.Kind {
	case record.KindBool:
		*c.words.at(r) = p.big(1)
	case record.KindInt32, record.KindDate:
		*c.words.at(r) = uint64(int64(int32(uint32(p.big(4)) ^ 1<<31)))
	case record.KindFloat64:
		*c.words.at(r) = wordOfOrdered(p.big8())
	case record.KindDecimal:
		d := record.Decimal{Hi: int64(p.big8() ^ 1<<63)}
		d.Lo = p.big8()
		var spelled [16]byte
		*c.words.at(r) = c.heap.add(appendDecimal(spelled[:0], d))
	case record.KindString, record.KindBytes:
		c.parseText(p, r)
	default:
		*c.words.at(r) = p.big8() ^ 1<<63
	}
}

// orderedFloat makes the bits of a float64 an integer that orders as the values do:
// the bits of a negative one are all turned, of the others the sign.
func orderedFloat(word uint64) uint64 { return word ^ (uint64(int64(word)>>63) | 1<<63) }

// wordOfOrdered is the inverse of orderedFloat.
func wordOfOrdered(ordered uint64) uint64 { return ordered ^ (^uint64(int64(ordered)>>63) | 1<<63) }

// appendText appends text so that it ends where none that goes on with any byte
// would: a zero byte becomes 00 FF, and behind the last byte comes 00 01.
func appendText(to, text []byte) []byte {
	for {
		i := bytes.IndexByte(text, 0)
		if i < 0 {
			return append(append(to, text...), 0, 1)
		}
		to = append(append(to, text[:i]...), 0, 0xFF)
		text = text[i+1:]
	}
}

func (c *column) parseText(p *parser, r RowID) {
	text := p.text[:0]
	for {
		i := bytes.IndexByte(p.rest(), 0)
		if i < 0 || i+1 == len(p.rest()) || len(text)+i > record.MaxStringBytes {
			p.bad = true
			return
		}
		text = append(text, p.take(i)...)
		switch p.big(2) {
		case 0x0001:
			p.text = text
			*c.words.at(r) = c.heap.add(text)
			return
		case 0x00FF:
			text = append(text, 0)
		default:
			p.bad = true
			return
		}
	}
}

// storeNull gives a row the word of NULL, which is what keys are compared by.
func (c *column) storeNull(r RowID) {
	word := uint64(0)
	if c.heap == nil {
		word = keyrange.NullWord
	}
	*c.words.at(r) = word
}
