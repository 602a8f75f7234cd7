package expr

import (
	"slices"

	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/record"
)

// Program computes an expression over batches. It keeps scratch memory between
// batches and so belongs to one subtask.
type Program struct {
	root     kernel
	run      run
	selected []int32
}

// Failure is a row that an expression has no value for.
type Failure struct {
	Row int32 // physical position in the batch
	Err error // names the piece of the expression, the values and the reason
}

// Compile returns a new program, whose columns come from pool.
func (c *Checked) Compile(pool *record.Pool) *Program {
	return &Program{
		root:     c.root.compile(c.expr.Text),
		run:      run{pool: pool, slots: make([]*record.Column, c.slots)},
		selected: []int32{}, // nil would mean all rows
	}
}

func (t *typed) compile(text string) kernel {
	at := t.node.Where()
	s := site{text: excerpt.Of(text[at.Start:at.End]), typ: storedType(t.typ)}
	kernels := make([]kernel, len(t.args))
	for i, a := range t.args {
		kernels[i] = a.compile(text)
		s.args = append(s.args, argument{storedType(a.typ), a.fails})
	}
	return t.build(s, kernels)
}

// Eval computes the expression for the rows of b at positions rows, which
// ascend; nil is all physical rows. The caller owns the column, which has all
// physical rows of b, in any encoding; those that were not asked for, and those
// that failed, have unspecified values. Failures come in order of rows, one a
// row, and are valid until the next call.
func (p *Program) Eval(b *record.Batch, rows []int32) (*record.Column, []Failure) {
	p.run.begin(b)
	return p.root.eval(&p.run, rows), p.run.firstFailures()
}

// Select returns which of the rows of b at positions rows, nil being all, a
// condition is TRUE for, in ascending order. Rows that failed are not among
// them. Both results are valid until the next call.
func (p *Program) Select(b *record.Batch, rows []int32) ([]int32, []Failure) {
	result, failures := p.Eval(b, rows)
	p.selected = p.run.trueRows(p.selected[:0], result, rows)
	result.Release()
	if len(failures) > 0 {
		p.selected = Without(p.selected, failures)
	}
	return p.selected, failures
}

// Without removes the rows that failed from ascending positions, in place.
func Without(rows []int32, failures []Failure) []int32 {
	return slices.DeleteFunc(rows, func(row int32) bool {
		for len(failures) > 0 && failures[0].Row < row {
			failures = failures[1:]
		}
		return len(failures) > 0 && failures[0].Row == row
	})
}

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
