// Package keyrange says which subtask owns a key: keys are hashed, and each
// subtask owns a contiguous range of hashes.
package keyrange

import "math/bits"

// Range is the hashes from First to Last, both included.
type Range struct {
	First, Last uint64
}

// All is every hash.
var All = Range{0, ^uint64(0)}

// Of returns the range that subtask owns, of parallelism in all. The ranges of
// all subtasks cover every hash once.
func Of(subtask, parallelism int) Range {
	last := ^uint64(0)
	if subtask+1 < parallelism {
		last = start(subtask+1, parallelism) - 1
	}
	return Range{start(subtask, parallelism), last}
}

// start is the least hash h with floor(h·parallelism / 2⁶⁴) = subtask.
func start(subtask, parallelism int) uint64 {
	if subtask == 0 {
		return 0
	}
	quotient, remainder := bits.Div64(uint64(subtask), 0, uint64(parallelism))
	if remainder > 0 {
		quotient++
	}
	return quotient
}

// Subtask returns which of parallelism subtasks owns hash.
func Subtask(hash uint64, parallelism int) int {
	hi, _ := bits.Mul64(hash, uint64(parallelism))
	return int(hi)
}

// Contains reports whether hash lies in r.
func (r Range) Contains(hash uint64) bool { return r.First <= hash && hash <= r.Last }

// Within returns the hashes of r that s has as well. They overlap.
func (r Range) Within(s Range) Range { return Range{max(r.First, s.First), min(r.Last, s.Last)} }

// Overlaps reports whether r and s share a hash.
func (r Range) Overlaps(s Range) bool { return r.First <= s.Last && s.First <= r.Last }
