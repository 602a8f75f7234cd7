package kernel

import (
	"fmt"

	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
)

// Preparation is a call whose constant arguments are read when it is checked: a
// pattern is compiled once, and what is wrong with it is reported at its place.
type Preparation struct {
	Arguments
	// Result is the type of the result, which constants may change.
	Result record.Type
	// Fails says that there are arguments for which there is no result. It begins
	// as the overload says; what the constants rule out need not be paid for.
	Fails bool
}

// Arguments are those of a call, as its overload takes them, while they are
// checked.
type Arguments interface {
	// Count returns how many there are.
	Count() int
	// TypeOf returns the type of an argument.
	TypeOf(i int) record.Type
	// Literal returns an argument that is written as a constant, or nil.
	Literal(i int) *syntax.Value
	// Excerpt returns an argument as it is written, for messages.
	Excerpt(i int) string
	// Report says what is wrong with an argument.
	Report(i int, message string)
	// Convert makes an argument a t, or anything of the kind if t stands for many,
	// and reports whether it can.
	Convert(i int, t record.Type) bool
}

// Constant returns argument i if it is written as a constant; NULL is none.
func (p *Preparation) Constant(i int) (syntax.Value, bool) {
	lit := p.Literal(i)
	if lit == nil || lit.IsNull() {
		return syntax.Value{}, false
	}
	return *lit, true
}

// Text returns argument i if it is written as a string.
func (p *Preparation) Text(i int) (string, bool) {
	v, ok := p.Constant(i)
	return v.Text, ok && v.Type == record.String
}

// IsNull reports whether argument i is written as NULL.
func (p *Preparation) IsNull(i int) bool {
	lit := p.Literal(i)
	return lit != nil && lit.IsNull()
}

// Wrong reports what is wrong with argument i, and returns no builder.
func (p *Preparation) Wrong(i int, format string, args ...any) Builder {
	p.Report(i, fmt.Sprintf(format, args...))
	return nil
}
