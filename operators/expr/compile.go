package expr

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/record"
)

// Compile returns a new program, whose columns come from pool.
func (c *Checked) Compile(pool *record.Pool) *kernel.Program {
	return kernel.NewProgram(c.root.compile(c.expr.Text), c.slots, pool)
}

// compile returns the kernel of a piece, and of what it is made of.
func (t *typed) compile(text string) kernel.Kernel {
	at := t.node.Where()
	s := kernel.Site{Text: excerpt.Of(text[at.Start:at.End]), Type: kernel.StoredType(t.typ)}
	kernels := make([]kernel.Kernel, len(t.args))
	for i, a := range t.args {
		kernels[i] = a.compile(text)
		s.Args = append(s.Args, kernel.Argument{Type: kernel.StoredType(a.typ), Fails: a.fails})
	}
	return t.build(s, kernels)
}

// Program computes an expression over batches, and belongs to one subtask.
type Program = kernel.Program

// Failure is a row that an expression has no value for.
type Failure = kernel.Failure

// Without removes the rows that failed from ascending positions, in place.
func Without(rows []int32, failures []Failure) []int32 { return kernel.Without(rows, failures) }
