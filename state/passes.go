package state

import (
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
type passes []prefix

// passBytes and mostPasses say how much is taken in one pass: about so many bytes (tests
// take less), or that part of all.
var passBytes = 16 << 20

const (
	mostPasses = 8
	// sortBytes is what sorting a row takes beside its bytes: where it stands, twice.
	sortBytes = 64
	// passSamples is how many rows per pass are looked at to find even parts.
	passSamples = 64
)

// planPasses plans the passes for rows that have so many bytes each.
func (f *frozenTable) planPasses(rowBytes int) passes {
	n := min(f.rows.count()*(rowBytes+sortBytes)/passBytes, mostPasses-1)
	if n == 0 {
		return nil
	}
	samples := make([]prefix, 0, passSamples*(n+1))
	for i := range cap(samples) {
		r := f.rows.next(RowID(uint64(i) * uint64(len(f.rows)) * 64 / uint64(cap(samples))))
		if r == NoRow {
			break
		}
		samples = append(samples, f.layout.prefix(&f.columns, r))
	}
	slices.SortFunc(samples, prefix.compare)
	var p passes
	for i := 1; i <= n; i++ {
		p = append(p, samples[i*len(samples)/(n+1)])
	}
	return slices.Compact(p)
}

func (p passes) count() int { return len(p) + 1 }

// of returns the pass that takes a row.
func (p passes) of(row prefix) int {
	first, behind := 0, len(p)
	for first < behind {
		if middle := (first + behind) / 2; row.before(p[middle]) {
			behind = middle
		} else {
			first = middle + 1
		}
	}
	return first
}
