package expr

import (
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
)

// checkedArguments are the arguments of a call that is being checked.
type checkedArguments struct {
	checker *checker
	list    []*typed
}

func (a checkedArguments) Count() int { return len(a.list) }

func (a checkedArguments) TypeOf(i int) record.Type { return a.list[i].typ }

func (a checkedArguments) Literal(i int) *syntax.Value { return a.list[i].lit }

func (a checkedArguments) Excerpt(i int) string { return a.checker.excerpt(a.list[i].node) }

func (a checkedArguments) Report(i int, message string) {
	a.checker.errorf(a.list[i].node, "%s", message)
}

func (a checkedArguments) Convert(i int, t record.Type) bool {
	x := a.list[i]
	if x.lit == nil || !x.lit.IsNull() { // NULL becomes anything
		fit, ok := x.fit(t)
		if !ok {
			return false
		}
		t = fit
	}
	a.list[i] = a.checker.convert(x, t)
	return true
}
