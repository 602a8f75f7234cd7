package expr

import (
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/component"
)

// unit is a unit of time: of so many µs, or of so many months.
type unit struct {
	name   string
	micros int64
	months int64
}

const (
	microsPerSecond = 1_000_000
	microsPerMinute = 60 * microsPerSecond
	microsPerHour   = 60 * microsPerMinute
)

// units, from the shortest to the longest.
var units = []unit{
	{name: "microsecond", micros: 1},
	{name: "millisecond", micros: 1000},
	{name: "second", micros: microsPerSecond},
	{name: "minute", micros: microsPerMinute},
	{name: "hour", micros: microsPerHour},
	{name: "day", micros: microsPerDay},
	{name: "week", micros: 7 * microsPerDay},
	{name: "month", months: 1},
	{name: "quarter", months: 3},
	{name: "year", months: 12},
}

// unitNamed returns the unit of a name in either case and number, such as HOURS.
func unitNamed(name string) (unit, bool) {
	name = strings.TrimSuffix(strings.ToLower(name), "s")
	i := slices.IndexFunc(units, func(u unit) bool { return u.name == name })
	if i < 0 {
		return unit{}, false
	}
	return units[i], true
}

func unitNames() []string {
	var names []string
	for _, u := range units {
		names = append(names, u.name)
	}
	return names
}

// unit returns the unit that argument i names, or reports that there is none.
func (p *preparation) unit(i int) (unit, bool) {
	text, ok := p.text(i)
	if !ok {
		p.wrong(i, "a unit of time is written as a string, such as 'hour'; %s is none", p.checker.excerpt(p.args[i].node))
		return unit{}, false
	}
	u, ok := unitNamed(text)
	if !ok {
		p.wrong(i, "there is no unit of time %q%s", text, component.Known(strings.ToLower(text), unitNames()))
	}
	return u, ok
}
