package state

import (
	"bytes"
	"encoding/binary"

	"github.com/weirstream/weir/runtime/record"
)

// dueTime finds the time by which a row is due in what a run has of it. Runs of a table whose
// rows are due by what is no bucket have others beside them, of times: an entry has the time
// of a row as its bucket, then the row's key, and no value.
type dueTime struct {
	expires bool
	key     []column // in front of the time, of a row that is due by its sub-key
	values  int      // how many value columns there are
	before  []column // in front of the one with the time
	by      DueBy
}

// dueTimeOf returns nil where rows come up by their bucket, or never.
func dueTimeOf(s TableSpec) *dueTime {
	if s.Due == NeverDue || s.Due == DueBySub && s.Bucketed {
		return nil
	}
	d := &dueTime{expires: s.TTL.Clock != NoClock, values: len(s.Values), by: s.Due}
	of := func(fields []record.Field) (columns []column) {
		for _, f := range fields {
			columns = append(columns, column{typ: f.Type})
		}
		return columns
	}
	if d.key = of(s.Key); s.Due != DueBySub {
		d.before = of(s.Values[:s.Due-dueByFirst])
	}
	return d
}

// of returns the time of a row, if that is not NULL.
func (d *dueTime) of(key, value []byte) (time int64, ok bool) {
	if d.by == DueBySub {
		p := parser{from: key[8:]}
		for i := range d.key {
			d.key[i].skipOrdered(&p)
		}
		if p.front() != plainValue {
			return 0, false
		}
		return int64(p.big8() ^ 1<<63), !p.bad
	}
	p := parser{from: value}
	if d.expires {
		p.take(8)
	}
	nulls := p.take((d.values + 7) / 8)
	if p.bad || isSet(nulls, len(d.before)) {
		return 0, false
	}
	for i := range d.before {
		if !isSet(nulls, i) {
			d.before[i].skipPlain(&p)
		}
	}
	return int64(p.little8()), !p.bad
}

func isSet(bits []byte, i int) bool { return bits[i/8]>>(i%8)&1 != 0 }

// skipOrdered passes over a value of a key.
func (c *column) skipOrdered(p *parser) {
	if p.front() != plainValue {
		return
	}
	switch c.typ.Kind {
	case record.KindString, record.KindBytes:
		for behind := byte(0xFF); behind == 0xFF && !p.bad; {
			p.take(bytes.IndexByte(p.rest(), 0) + 1)
			behind = p.front()
		}
	default:
		p.take(c.width())
	}
}

// skipPlain passes over a value column.
func (c *column) skipPlain(p *parser) {
	n := c.width()
	if n == 0 {
		length, size := binary.Uvarint(p.rest())
		n = size + int(length)
	}
	p.take(n)
}
