package state

import (
	"bytes"
	"cmp"
	"slices"
)

// prefix is what rows are in order by first: their bucket, then their hash.
type prefix struct{ bucket, hash uint64 }

func (p prefix) compare(o prefix) int {
	return cmp.Or(cmp.Compare(p.bucket, o.bucket), cmp.Compare(p.hash, o.hash))
}

func (p prefix) before(o prefix) bool {
	return p.bucket < o.bucket || p.bucket == o.bucket && p.hash < o.hash
}

// passes parts the order of rows, so that a part of them at a time can be taken and
// sorted in memory. It holds where parts begin, but for the first.
type passes []part

// part begins with the first row that has a prefix or, where very many rows have that,
// with the first of them whose key is not before a key.
type part struct {
	prefix
	key []byte
}

func (p part) compare(o part) int {
	return cmp.Or(p.prefix.compare(o.prefix), bytes.Compare(p.key, o.key))
}

// passBytes and mostPasses say how much is taken in one pass: about so many bytes (tests
// take less), or that part of all.
var passBytes = 16 << 20

const (
	mostPasses = 8
	// mostBelow is mostPasses of a table with a tier, whose memory is short.
	mostBelow = 16
	// sortBytes is what sorting a row takes beside its bytes: where it stands, twice.
	sortBytes = 64
	// passSamples is how many rows per pass are looked at to find even parts.
	passSamples = 64
	// longRow is from how many bytes on only the prefixes of rows are looked at.
	longRow = 4096
)

// leastPass is how much is taken in a pass where memory is short.
const leastPass = 1 << 20

// passBytes returns how much of the table is taken in one pass.
func (t *Table) passBytes() int {
	if t.cold == nil {
		return passBytes
	}
	return min(passBytes, max(int(t.cold.tier.memory/16), leastPass))
}

// mostPasses returns in how many passes rows of the table are taken at most.
func (t *Table) mostPasses() int {
	if t.cold == nil {
		return mostPasses
	}
	return mostBelow
}

// planPasses plans the passes of so many bytes for rows that have so many each.
func (f *frozenTable) planPasses(passBytes, rowBytes, most int) passes {
	n := min(f.rows.count()*(rowBytes+sortBytes)/passBytes, most-1)
	if n == 0 {
		return nil
	}
	p := f.part(n, false)
	if len(p) < n && rowBytes < longRow {
		p = f.part(n, true)
	}
	return p
}

// part returns where n parts begin that are about even, by prefix alone or by key.
func (f *frozenTable) part(n int, byKey bool) (p passes) {
	samples := make([]part, 0, passSamples*(n+1))
	for i := range cap(samples) {
		r := f.rows.next(RowID(uint64(i) * uint64(len(f.rows)) * 64 / uint64(cap(samples))))
		if r == NoRow {
			break
		}
		sample := part{prefix: f.layout.prefix(&f.columns, r)}
		if byKey {
			sample.key = f.layout.appendKey(nil, &f.columns, r)
		}
		samples = append(samples, sample)
	}
	slices.SortFunc(samples, part.compare)
	for i := 1; i <= n; i++ {
		p = append(p, samples[i*len(samples)/(n+1)])
	}
	return slices.CompactFunc(p, func(a, b part) bool { return a.compare(b) == 0 })
}

func (p passes) count() int { return len(p) + 1 }

// of returns the pass that takes a row, or the first and the last that may, of which its
// key decides.
func (p passes) of(row prefix) (first, last int) {
	for last < len(p) && !row.before(p[last].prefix) {
		last++
		if p[last-1].prefix != row || p[last-1].key == nil {
			first = last
		}
	}
	return first, last
}

// ofKey returns the pass that takes a key, of those from first to last.
func (p passes) ofKey(first, last int, key []byte) int {
	for first < last && bytes.Compare(p[first].key, key) <= 0 {
		first++
	}
	return first
}

// passOf returns the pass that takes a row, whose key it spells where it has to.
func (f *frozenTable) passOf(c *columns, r RowID, scratch *[]byte) int {
	first, last := f.passes.of(f.layout.prefix(c, r))
	if first == last {
		return first
	}
	*scratch = f.layout.appendKey((*scratch)[:0], c, r)
	return f.passes.ofKey(first, last, *scratch)
}
