package kernel

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// Program computes an expression over batches. It keeps scratch memory between
// batches and so belongs to one subtask.
type Program struct {
	root     Kernel
	run      Run
	selected []int32
}

// NewProgram returns the program of a kernel that uses so many slots.
func NewProgram(root Kernel, slots int, pool *record.Pool) *Program {
	return &Program{
		root:     root,
		run:      Run{Pool: pool, slots: make([]*record.Column, slots)},
		selected: []int32{}, // nil would mean all rows
	}
}

// Eval computes the expression for the rows of b at positions rows, which
// ascend; nil is all physical rows. The caller owns the column, which has all
// physical rows of b, in any encoding; those that were not asked for, and those
// that failed, have unspecified values. Failures come in order of rows, one a
// row, and are valid until the next call.
func (p *Program) Eval(b *record.Batch, rows []int32) (*record.Column, []Failure) {
	p.run.begin(b)
	return p.root.Eval(&p.run, rows), p.run.firstFailures()
}

// Select returns which of the rows of b at positions rows, nil being all, a
// condition is TRUE for, in ascending order. Rows that failed are not among
// them. Both results are valid until the next call.
func (p *Program) Select(b *record.Batch, rows []int32) ([]int32, []Failure) {
	result, failures := p.Eval(b, rows)
	p.selected = p.run.TrueRows(p.selected[:0], result, rows)
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
