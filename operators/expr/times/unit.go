package times

import (
	"strings"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// unitOf returns the unit that argument i names, or reports that there is none.
func unitOf(p *kernel.Preparation, i int) (calendar.Unit, bool) {
	text, ok := p.Text(i)
	if !ok {
		p.Wrong(i, "a unit of time is written as a string, such as 'hour'; %s is none", p.Excerpt(i))
		return calendar.Unit{}, false
	}
	u, ok := calendar.UnitNamed(text)
	if !ok {
		p.Wrong(i, "there is no unit of time %q%s", text, component.Known(strings.ToLower(text), calendar.UnitNames()))
	}
	return u, ok
}
