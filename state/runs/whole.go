package runs

import (
	"bytes"
	"fmt"
)

// Where runs that are merged do not overlap, their chunks are taken as they are: the bytes, their
// CRC and their filter. What that saves is nearly all of a merge, as of windows that were filled
// one after the other, or of times.

// TakeChunk adds the chunk whose first entry is the one that m is at, if all entries of it come
// before those of other runs: the next entry of m is then the one behind them. With tombstones it
// also takes chunks that have some. It reports false, and has done nothing, where the chunk cannot
// be taken like this: then the entry is to be put.
func (b *Builder) TakeChunk(m *Merged, tombstones bool) (bool, error) {
	if b.err != nil {
		return false, b.err
	}
	in := m.alone()
	if in == nil || in.rows.run.Meta.head.layout != b.layout || !b.pays(m, in.rows) {
		return false, nil
	}
	s, err := in.rows.surveyed()
	if err != nil {
		b.fail(err)
		return false, b.err
	}
	if s.tombstones > 0 && !tombstones || bytes.Compare(in.rows.entry.key, b.last) <= 0 {
		return false, nil // the latter is for fits to say
	}
	if len(b.chunk) > 0 {
		b.flush()
	}
	b.begin(in.rows.entry.key)
	c := b.meta.addRaw(len(in.rows.content), in.rows.run.Meta.Chunk(in.rows.number).Sum, b.separator, in.rows.run.Meta.filter(in.rows.number))
	b.taken = append(b.taken[:0], s.last...)
	b.last = b.taken
	b.meta.head.entries, b.meta.head.tombstones = b.meta.head.entries+s.entries, b.meta.head.tombstones+s.tombstones
	in.rows.rest = nil
	b.write(c, in.rows.content)
	return true, b.err
}

const (
	// leastTaken is how long a chunk is that is taken as it is, and the one before it, so that chunks
	// do not become ever shorter.
	leastTaken = chunkBytes * 3 / 4
	// manyTaken is behind how many that can be taken one after the other one before them may be
	// shorter.
	manyTaken = 8
)

// pays reports whether the chunk that an input is at lies before all others, and is to be taken.
func (b *Builder) pays(m *Merged, rows *Iterator) bool {
	n := rows.number
	if len(rows.content) < leastTaken || !m.isBefore(rows, n) {
		return false
	}
	return len(b.chunk) == 0 || len(b.chunk) >= leastTaken || m.isBefore(rows, min(n+manyTaken, rows.run.Meta.Chunks()-2))
}

// alone returns the input whose entry m is at, if no other run has that, it is the first of its
// chunk, and all entries of its run count.
func (m *Merged) alone() *input {
	if len(m.same) != 1 {
		return nil
	}
	in := &m.inputs[m.same[0]]
	if !in.rows.all || !in.rows.isFirst() {
		return nil
	}
	return in
}

// isFirst reports whether the entry is the first of its chunk.
func (it *Iterator) isFirst() bool {
	return it.began == 0 && len(it.rest) < len(it.content)
}

// isBefore reports whether chunk n of an input, which is not its last, ends before the next entry of
// any other.
func (m *Merged) isBefore(rows *Iterator, n int) bool {
	meta := rows.run.Meta
	return n >= rows.number && n+1 < meta.Chunks() && headOf(meta.separator(n+1)).compare(m.others) < 0
}

// survey is what is known of a chunk when it has been looked through.
type survey struct {
	entries, tombstones uint64
	last                []byte // key
}

// surveyed looks through the chunk that the iterator is in.
func (it *Iterator) surveyed() (s survey, err error) {
	var e entry
	for rest := it.content; len(rest) > 0; s.entries++ {
		at := len(it.content) - len(rest)
		if rest, err = e.read(rest); err == nil && len(e.key) < it.least {
			err = errShortKey
		}
		if err != nil {
			return s, it.run.at(it.run.Meta.Chunk(it.number), fmt.Errorf("the entry %d bytes into it %w", at, err))
		}
		if e.deleted {
			s.tombstones++
		}
	}
	s.last = e.key
	return s, nil
}
