package expr

import (
	"errors"
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// run is one evaluation: the batch and what came up so far.
type run struct {
	pool     *record.Pool
	batch    *record.Batch
	slots    []*record.Column // values that are used many times
	failures []Failure
	identity []int32
	words    []uint64 // scratch of trueRows
}

func (r *run) begin(b *record.Batch) {
	clear(r.failures)
	r.batch, r.failures = b, r.failures[:0]
}

// fail records that a row has no value. It may be told of one row many times,
// since what is computed from a failed value may fail again; the first counts.
func (r *run) fail(row int32, err error) {
	r.failures = append(r.failures, Failure{row, err})
}

// failAll records that none of rows has a value.
func (r *run) failAll(rows []int32, err error) {
	for _, row := range r.positions(rows) {
		r.fail(row, err)
	}
}

func (r *run) firstFailures() []Failure {
	if len(r.failures) < 2 {
		return r.failures
	}
	slices.SortStableFunc(r.failures, func(a, b Failure) int { return int(a.Row - b.Row) })
	r.failures = slices.CompactFunc(r.failures, func(a, b Failure) bool { return a.Row == b.Row })
	return r.failures
}

// positions returns rows, or all positions where rows is nil.
func (r *run) positions(rows []int32) []int32 {
	if rows != nil {
		return rows
	}
	for i := len(r.identity); i < r.batch.Physical(); i++ {
		r.identity = append(r.identity, int32(i))
	}
	return r.identity[:r.batch.Physical()]
}

// between returns those of rows that lie in [low, high).
func (r *run) between(rows []int32, low, high int) []int32 {
	if rows == nil {
		return r.positions(nil)[low:high]
	}
	from, _ := slices.BinarySearch(rows, int32(low))
	to, _ := slices.BinarySearch(rows, int32(high))
	return rows[from:to]
}

// Failure is a row that an expression has no value for.
type Failure struct {
	Row int32 // physical position in the batch
	Err error // names the piece of the expression, the values and the reason
}

// appendSet appends those of rows whose bit is set; nil rows are the first n.
func appendSet(to []int32, words []uint64, rows []int32, n int) []int32 {
	if rows == nil {
		return record.AppendSetBits(to, words, n)
	}
	for _, row := range rows {
		if record.BitAt(words, int(row)) {
			to = append(to, row)
		}
	}
	return to
}

// trueRows appends those of rows, nil being all, for which a bool column is TRUE.
func (r *run) trueRows(to []int32, c *record.Column, rows []int32) []int32 {
	switch {
	case isConstant(c):
		if !c.IsNull(0) && record.BitAt(c.Bits(), 0) {
			to = append(to, r.positions(rows)...)
		}
		return to
	case c.Encoding() == record.Dictionary:
		plain := c.Gather(nil)
		defer plain.Release()
		c = plain
	}
	words := c.Bits()
	if valid := c.Validity(); valid != nil {
		r.words = r.words[:0]
		for i, w := range words {
			r.words = append(r.words, w&valid[i])
		}
		words = r.words
	}
	return appendSet(to, words, rows, c.Len())
}

// flat evaluates a kernel and returns its column as plain or constant.
func (r *run) flat(k kernel, rows []int32) *record.Column {
	c := k.eval(r, rows)
	if c.Encoding() != record.Dictionary {
		return c
	}
	plain := c.Gather(nil)
	c.Release()
	return plain
}

// plain evaluates a kernel and returns its column as plain.
func (r *run) plain(k kernel, rows []int32) *record.Column {
	c := k.eval(r, rows)
	plain := c.Gather(nil)
	c.Release()
	return plain
}

// null returns a constant that is null.
func (r *run) null(t record.Type) *record.Column {
	c := r.pool.NewConstant(t, r.batch.Physical())
	c.AppendNull()
	return c
}

// column returns a column whose values are still to be stored: a constant with
// one of them, or a plain one with all.
func (r *run) column(t record.Type, constant bool) *record.Column {
	if constant {
		c := r.pool.NewConstant(t, r.batch.Physical())
		c.AppendZero()
		return c
	}
	c := r.pool.NewColumn(t, r.batch.Physical())
	if !isVaried(t) {
		c.Resize(r.batch.Physical())
	}
	return c
}

// fits reports whether a column can hold texts of so many bytes together; where it
// cannot, the row that comes last fails.
func (r *run) fits(row int32, bytes int) bool {
	if bytes > mostBatchText {
		r.fail(row, errBatchText)
		return false
	}
	return true
}

// mostBatchText is the most bytes that the results of a batch hold together.
var mostBatchText = record.MaxStringBytes

var errBatchText = errors.New("the results of a batch of rows exceed 2 GiB together")
