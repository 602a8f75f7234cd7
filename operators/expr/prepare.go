package expr

import (
	"fmt"

	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
)

// preparation is a call whose constant arguments are read when it is checked: a
// pattern is compiled once, and what is wrong with it is reported at its place.
type preparation struct {
	arguments
	// result is the type of the result, which constants may change.
	result record.Type
	// fails says that there are arguments for which there is no result. It begins
	// as the overload says; what the constants rule out need not be paid for.
	fails bool
}

// arguments are those of a call, as its overload takes them, while they are
// checked.
type arguments interface {
	count() int
	typeOf(i int) record.Type
	// literal returns an argument that is written as a constant, or nil.
	literal(i int) *syntax.Value
	// excerpt returns an argument as it is written, for messages.
	excerpt(i int) string
	// report says what is wrong with an argument.
	report(i int, message string)
	// convert makes an argument a t, or anything of the kind if t stands for many,
	// and reports whether it can.
	convert(i int, t record.Type) bool
}

// constant returns argument i if it is written as a constant; NULL is none.
func (p *preparation) constant(i int) (syntax.Value, bool) {
	lit := p.literal(i)
	if lit == nil || lit.IsNull() {
		return syntax.Value{}, false
	}
	return *lit, true
}

// text returns argument i if it is written as a string.
func (p *preparation) text(i int) (string, bool) {
	v, ok := p.constant(i)
	return v.Text, ok && v.Type == record.String
}

// isNull reports whether argument i is written as NULL.
func (p *preparation) isNull(i int) bool {
	lit := p.literal(i)
	return lit != nil && lit.IsNull()
}

// wrong reports what is wrong with argument i, and returns no builder.
func (p *preparation) wrong(i int, format string, args ...any) builder {
	p.report(i, fmt.Sprintf(format, args...))
	return nil
}
