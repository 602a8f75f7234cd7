package calendar

import (
	"slices"
	"strings"
)

// How many microseconds the units of a clock have.
const (
	MicrosPerSecond = 1_000_000
	MicrosPerMinute = 60 * MicrosPerSecond
	MicrosPerHour   = 60 * MicrosPerMinute
	MicrosPerDay    = 24 * MicrosPerHour
)

// Unit is a unit of time: of so many microseconds or, as those have no length, of so
// many months. The other number is 0.
type Unit struct {
	Name           string
	Micros, Months int64
}

// units, from the shortest to the longest.
var units = []Unit{
	{Name: "microsecond", Micros: 1},
	{Name: "millisecond", Micros: 1000},
	{Name: "second", Micros: MicrosPerSecond},
	{Name: "minute", Micros: MicrosPerMinute},
	{Name: "hour", Micros: MicrosPerHour},
	{Name: "day", Micros: MicrosPerDay},
	{Name: "week", Micros: 7 * MicrosPerDay},
	{Name: "month", Months: 1},
	{Name: "quarter", Months: 3},
	{Name: "year", Months: 12},
}

// UnitNamed returns the unit of a name in either case and number, such as HOURS.
func UnitNamed(name string) (Unit, bool) {
	name = strings.TrimSuffix(strings.ToLower(name), "s")
	i := slices.IndexFunc(units, func(u Unit) bool { return u.Name == name })
	if i < 0 {
		return Unit{}, false
	}
	return units[i], true
}

// UnitNames returns the names of the units, from the shortest to the longest.
func UnitNames() []string {
	var names []string
	for _, u := range units {
		names = append(names, u.Name)
	}
	return names
}
