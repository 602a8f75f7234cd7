package runs

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// Merged goes through the rows that several runs of one table make together.
type Merged struct {
	inputs []input // newest first; those at their end are gone
	same   []int   // the inputs at the key of the row, the one that has the row first
	others head    // the least head of the inputs that are not in same
	err    error
}

// input is one run of a merge.
type input struct {
	rows *Iterator
	head head // of its key
	// hidden says that newer runs have dropped the buckets up to until.
	hidden bool
	until  int64
}

// Merge returns the rows of runs, given newest first: of the entries of one key the newest
// counts, and it is no row if it is a tombstone, or in a bucket that a newer run dropped.
// All runs have the layout of one table, and of two iterators one has the range of the other
// or none of its hashes; none has been moved yet, but by Start. A bucket that is dropped is
// dropped whatever the range.
//
// The next key is found by looking at all inputs. Few as they are, that costs less than a
// tree that has to be kept.
func Merge(newestFirst ...*Iterator) *Merged {
	m := &Merged{}
	var hidden bool
	var until int64
	for _, rows := range newestFirst {
		if in := (input{rows: rows, hidden: hidden, until: until}); m.step(&in) {
			m.inputs = append(m.inputs, in)
		}
		if dropped, ok := rows.run.Meta.Dropped(); ok && (!hidden || dropped > until) {
			hidden, until = true, dropped
		}
	}
	return m
}

// Next moves to the next row. It returns false where there is none, and after an error.
func (m *Merged) Next() bool {
	for m.NextEntry() {
		if !m.Deleted() {
			return true
		}
	}
	return false
}

// NextEntry is Next that does not pass over tombstones: for whoever writes a run that takes
// the place of these, with older ones below it.
func (m *Merged) NextEntry() bool {
	for m.advance() {
		if in := &m.inputs[m.same[0]]; !in.hidden || Bucket(in.rows.entry.key) > in.until {
			return true
		}
	}
	return false
}

// Deleted reports whether the entry of NextEntry is a tombstone.
func (m *Merged) Deleted() bool { return m.inputs[m.same[0]].rows.entry.deleted }

// Key returns the row's key. It is valid until the next call of Next.
func (m *Merged) Key() []byte { return m.inputs[m.same[0]].rows.entry.key }

// Value returns the row's value. It is valid until the next call of Next.
func (m *Merged) Value() []byte { return m.inputs[m.same[0]].rows.entry.value }

// Err returns what ended the iteration too early. It names run, chunk and offset.
func (m *Merged) Err() error { return m.err }

// advance moves the inputs at the current key, and finds the next one.
func (m *Merged) advance() bool {
	for _, i := range slices.Backward(m.same) {
		if !m.step(&m.inputs[i]) {
			m.inputs = slices.Delete(m.inputs, i, i+1)
		} else if len(m.same) == 1 && m.inputs[i].head.compare(m.others) < 0 {
			return true // as mostly, where one run has most of the rows
		}
	}
	m.same = m.same[:0]
	if m.err != nil || len(m.inputs) == 0 {
		return false
	}
	m.same, m.others = append(m.same, 0), head{^uint64(0), ^uint64(0)}
	for i := 1; i < len(m.inputs); i++ {
		m.consider(i)
	}
	return true
}

// consider compares input i with the least key so far, which an older one does not replace.
func (m *Merged) consider(i int) {
	in, least := &m.inputs[i], &m.inputs[m.same[0]]
	order := in.head.compare(least.head)
	if order == 0 {
		order = bytes.Compare(in.rows.entry.key, least.rows.entry.key)
	}
	switch {
	case order > 0:
		if in.head.compare(m.others) < 0 {
			m.others = in.head
		}
	case order == 0:
		m.same = append(m.same, i)
	default:
		m.others = least.head
		m.same = append(m.same[:0], i)
	}
}

// step moves one input; it returns false where that has no more.
func (m *Merged) step(in *input) bool {
	if !in.rows.Next() {
		if m.err == nil {
			m.err = in.rows.err
		}
		return false
	}
	in.head = headOf(in.rows.entry.key)
	return true
}

// head is the first 16 bytes of a key, or what it has with zeros behind. Heads that
// differ are in the order of their keys.
type head struct {
	first, second uint64
}

func headOf(key []byte) head {
	if len(key) >= 16 {
		return head{binary.BigEndian.Uint64(key), binary.BigEndian.Uint64(key[8:])}
	}
	var padded [16]byte
	copy(padded[:], key)
	return head{binary.BigEndian.Uint64(padded[:]), binary.BigEndian.Uint64(padded[8:])}
}

func (h head) compare(other head) int {
	if h.first != other.first {
		return cmp.Compare(h.first, other.first)
	}
	return cmp.Compare(h.second, other.second)
}
