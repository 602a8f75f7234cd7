package expr

import "github.com/weirstream/weir/runtime/record"

// preparation is a call whose constant arguments are read when it is checked: a
// pattern is compiled once, and what is wrong with it is reported at its place.
type preparation struct {
	checker *checker
	args    []*typed
	// result is the type of the result, which constants may change.
	result record.Type
	// fails says that there are arguments for which there is no result. It begins
	// as the overload says; what the constants rule out need not be paid for.
	fails bool
}

// text returns argument i if it is written as a string; NULL is none.
func (p *preparation) text(i int) (string, bool) {
	lit := p.args[i].lit
	if lit == nil || lit.isNull() || lit.typ != record.String {
		return "", false
	}
	return lit.s, true
}

// wrong reports what is wrong with argument i, and returns no builder.
func (p *preparation) wrong(i int, format string, args ...any) builder {
	p.checker.errorf(p.args[i].node, format, args...)
	return nil
}
