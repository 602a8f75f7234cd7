package times

import (
	"math"
	"slices"
	"strings"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// part is what EXTRACT takes out of a time.
type part struct {
	name string
	// of gives a part of a day, given as its number; nil of parts of the time of
	// day, which are the µs of a size, in units.
	of         func(days int64) int64
	size, unit int64
}

// parts are those of times, but EPOCH, which has a fraction.
var parts = []part{
	{name: "year", of: func(days int64) int64 { year, _, _ := calendar.Date(days); return year }},
	{name: "quarter", of: func(days int64) int64 { _, month, _ := calendar.Date(days); return (month + 2) / 3 }},
	{name: "month", of: func(days int64) int64 { _, month, _ := calendar.Date(days); return month }},
	{name: "week", of: func(days int64) int64 { _, week := calendar.Week(days); return week }},
	{name: "day", of: func(days int64) int64 { _, _, day := calendar.Date(days); return day }},
	{name: "hour", size: calendar.MicrosPerDay, unit: calendar.MicrosPerHour},
	{name: "minute", size: calendar.MicrosPerHour, unit: calendar.MicrosPerMinute},
	{name: "second", size: calendar.MicrosPerMinute, unit: calendar.MicrosPerSecond},
	{name: "millisecond", size: calendar.MicrosPerMinute, unit: 1000},
	{name: "microsecond", size: calendar.MicrosPerMinute, unit: 1},
	{name: "dow", of: calendar.Weekday},
	{name: "isodow", of: func(days int64) int64 { return (calendar.Weekday(days)+6)%7 + 1 }},
	{name: "doy", of: dayOfYear},
	{name: "isoyear", of: func(days int64) int64 { year, _ := calendar.Week(days); return year }},
}

const epoch = "epoch"

// otherParts are names that other dialects have for parts.
var otherParts = map[string]string{
	"dayofweek": "dow", "weekday": "dow", "dayofyear": "doy", "dayofmonth": "day", "weekofyear": "week",
}

func dayOfYear(days int64) int64 {
	year, _, _ := calendar.Date(days)
	return days - calendar.Days(year, 1, 1) + 1
}

// partOf returns the part of a name, in either case and number.
func partOf(name string) (part, bool) {
	name = strings.ToLower(name)
	if other, ok := otherParts[name]; ok {
		name = other
	}
	i := slices.IndexFunc(parts, func(p part) bool { return p.name == name || p.name+"s" == name })
	if i < 0 {
		return part{}, false
	}
	return parts[i], true
}

// loop returns the loop that takes the part out of times.
func (p part) loop() timeLoop {
	if p.of != nil {
		return partOfDay(p.of)
	}
	return partOfClock(p.size, p.unit)
}

// partOfDay looks a day up once for times of it that follow each other.
func partOfDay(of func(days int64) int64) timeLoop {
	return func(to, from []int64) bool {
		from = from[:len(to)]
		last, value := int64(math.MinInt64), int64(0)
		for i, t := range from {
			if days, _ := calendar.Split(t); days != last {
				last, value = days, of(days)
			}
			to[i] = value
		}
		return false
	}
}

func partOfClock(size, unit int64) timeLoop {
	return func(to, from []int64) bool {
		from = from[:len(to)]
		for i, t := range from {
			_, rest := ints.FloorDiv(t, size)
			to[i] = rest / unit
		}
		return false
	}
}

// secondsOf is EPOCH.
func secondsOf(to []float64, from []int64) bool {
	from = from[:len(to)]
	for i, t := range from {
		to[i] = float64(t) / float64(calendar.MicrosPerSecond)
	}
	return false
}

// lengthParts are the parts of intervals: each is what is left of the unit before it.
var lengthParts = map[record.Type]map[string]timeLoop{
	record.Interval: {
		"day": quotients(math.MaxInt64, calendar.MicrosPerDay), "hour": quotients(calendar.MicrosPerDay, calendar.MicrosPerHour),
		"minute": quotients(calendar.MicrosPerHour, calendar.MicrosPerMinute),
		"second": quotients(calendar.MicrosPerMinute, calendar.MicrosPerSecond), "millisecond": quotients(calendar.MicrosPerMinute, 1000),
		"microsecond": quotients(calendar.MicrosPerMinute, 1),
	},
	record.Months: {"year": quotients(math.MaxInt64, 12), "month": quotients(12, 1)},
}

// quotients divides what is left of a size by a unit, both cut towards zero.
func quotients(size, unit int64) timeLoop {
	return func(to, from []int64) bool {
		from = from[:len(to)]
		for i, v := range from {
			if size != math.MaxInt64 {
				v %= size
			}
			to[i] = v / unit
		}
		return false
	}
}

// extracting prepares date_part and EXTRACT; the part decides on the type of the
// result.
func extracting(p *kernel.Preparation) kernel.Builder {
	name, ok := p.Text(0)
	if !ok {
		return p.Wrong(0, "the part of a time is written as a string, such as 'hour'; %s is none", p.Excerpt(0))
	}
	t := p.TypeOf(1)
	if strings.EqualFold(name, epoch) && t != record.Months {
		p.Result = record.Float64
		return kernel.OnArguments(kernel.Mapping(secondsOf, nil), 1)
	}
	loop, known := partLoop(t, name)
	if loop == nil {
		return p.Wrong(0, "%v has no part %q%s", t, name, component.Known(strings.ToLower(name), known))
	}
	return kernel.OnArguments(kernel.Mapping(loop, nil), 1)
}

// partLoop returns the loop of a part of values of type t or, if there is none,
// nil and the names of those there are.
func partLoop(t record.Type, name string) (loop timeLoop, known []string) {
	of, isLength := lengthParts[t]
	p, ok := partOf(name)
	if !isLength {
		known = append(known, epoch)
		for _, p := range parts {
			known = append(known, p.name)
		}
		if !ok {
			return nil, known
		}
		return p.loop(), nil
	}
	for _, p := range parts {
		if of[p.name] != nil {
			known = append(known, p.name)
		}
	}
	return of[p.name], known
}
