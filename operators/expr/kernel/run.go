package kernel

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// Failure is a row that an expression has no value for.
type Failure struct {
	Row int32 // physical position in the batch
	Err error // names the piece of the expression, the values and the reason
}

// Run is one evaluation: the batch and what came up so far.
type Run struct {
	Pool     *record.Pool
	Batch    *record.Batch
	slots    []*record.Column // values that are used many times
	failures []Failure
	identity []int32
	words    []uint64 // scratch of TrueRows
}

func (r *Run) begin(b *record.Batch) {
	clear(r.failures)
	r.Batch, r.failures = b, r.failures[:0]
}

// fail records that a row has no value. It may be told of one row many times,
// since what is computed from a failed value may fail again; the first counts.
func (r *Run) fail(row int32, err error) {
	r.failures = append(r.failures, Failure{row, err})
}

// failAll records that none of rows has a value.
func (r *Run) failAll(rows []int32, err error) {
	for _, row := range r.Positions(rows) {
		r.fail(row, err)
	}
}

func (r *Run) firstFailures() []Failure {
	if len(r.failures) < 2 {
		return r.failures
	}
	slices.SortStableFunc(r.failures, func(a, b Failure) int { return int(a.Row - b.Row) })
	r.failures = slices.CompactFunc(r.failures, func(a, b Failure) bool { return a.Row == b.Row })
	return r.failures
}
