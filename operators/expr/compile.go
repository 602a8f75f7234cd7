package expr

import (
	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/record"
)

// Compile returns a new program, whose columns come from pool.
func (c *Checked) Compile(pool *record.Pool) *Program {
	return newProgram(c.root.compile(c.expr.Text), c.slots, pool)
}

// compile returns the kernel of a piece, and of what it is made of.
func (t *typed) compile(text string) kernel {
	at := t.node.Where()
	s := site{text: excerpt.Of(text[at.Start:at.End]), typ: storedType(t.typ)}
	kernels := make([]kernel, len(t.args))
	for i, a := range t.args {
		kernels[i] = a.compile(text)
		s.args = append(s.args, argument{typ: storedType(a.typ), fails: a.fails})
	}
	return t.build(s, kernels)
}
