package expr

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
	"github.com/weirstream/weir/runtime/record/timeformat"
	"github.com/weirstream/weir/runtime/record/timezone"
)

// patternOf returns the pattern that argument i is, or reports what is wrong with
// it.
func patternOf(p *preparation, i int) *timeformat.Pattern {
	text, ok := p.text(i)
	if !ok {
		p.wrong(i, "a pattern of times is written as a string, such as '%%Y-%%m-%%d %%H:%%M:%%S'; %s is none", p.excerpt(i))
		return nil
	}
	pattern, err := timeformat.Compile(strings.TrimSpace(text))
	switch {
	case err != nil:
		p.wrong(i, "%v", err)
		return nil
	case !strings.Contains(text, "%"):
		p.wrong(i, "the pattern %q says nothing of the time; patterns are written as '%%Y-%%m-%%d %%H:%%M:%%S'", text)
		return nil
	}
	return pattern
}

// formatting prepares date_format of a time, a pattern and, perhaps, a zone.
func formatting(p *preparation) builder {
	pattern := patternOf(p, 1)
	if pattern == nil {
		return nil
	}
	if p.typeOf(0) == record.Local && pattern.HasOffset() {
		return p.wrong(1, "what a clock shows has no offset from UTC to write; write date_format(instant, pattern, zone)")
	}
	if p.count() == 2 {
		p.fails = false
		return eachRow(formatRows(pattern, nil))
	}
	z := zoneOf(p, 2)
	if z == nil {
		return nil
	}
	return eachRowBy(func() rowLoop { return formatRows(pattern, z.NewClock()) })
}

// formatRows writes what a clock shows at instants; where it is nil, instants in
// UTC, or local times as they are.
func formatRows(pattern *timeformat.Pattern, clock *timezone.Clock) rowLoop {
	return func(c *rowCall, rows []int32) {
		for _, row := range rows {
			t, offset := c.args[0].int(row), int64(0)
			if clock != nil {
				offset = clock.Offset(record.Time(t))
			}
			if (t+offset < t) != (offset < 0) {
				c.fail(row, fmt.Errorf("the clock at %v is out of range of timestamp", record.Time(t)))
				continue
			}
			c.text = pattern.Append(c.text, record.Time(t+offset), int(offset/calendar.MicrosPerSecond))
			c.put(row)
		}
	}
}

// parsing prepares to_timestamp of a text and, perhaps, a pattern and a zone.
func parsing(p *preparation) builder {
	if p.count() == 1 {
		return eachRow(parseRows(timeformat.ReadSQL, nil))
	}
	pattern := patternOf(p, 1)
	if pattern == nil {
		return nil
	}
	if err := pattern.Readable(); err != nil {
		return p.wrong(1, "%v", err)
	}
	if p.count() == 2 {
		return eachRow(parseRows(pattern.Read, nil))
	}
	z := zoneOf(p, 2)
	switch {
	case z == nil:
		return nil
	case pattern.HasOffset():
		return p.wrong(2, "the pattern %q reads an offset, which says more than a time zone; leave the zone out", pattern)
	}
	return eachRowBy(func() rowLoop { return parseRows(pattern.Read, z.NewClock()) })
}

// parseRows reads instants, or what a clock shows where it is not nil.
func parseRows(read func([]byte) (record.Time, error), clock *timezone.Clock) rowLoop {
	return func(c *rowCall, rows []int32) {
		for _, row := range rows {
			t, err := read(bytes.TrimSpace(c.args[0].text(row)))
			if err != nil {
				c.fail(row, err)
				continue
			}
			if clock != nil {
				t -= record.Time(clock.LocalOffset(t)) // in range, since years have four digits
			}
			c.ints[row] = int64(t)
		}
	}
}

// timesOfUnits reads whole numbers of a unit since 1970.
func timesOfUnits(micros int64) (timeLoop, func(int64) error) {
	loop := func(to, from []int64) bool {
		from = from[:len(to)]
		suspect := false
		for i, v := range from {
			to[i] = v * micros
			suspect = suspect || v > math.MaxInt64/micros || v < math.MinInt64/micros
		}
		return suspect
	}
	return loop, func(v int64) error {
		if to := [1]int64{}; !loop(to[:], []int64{v}) {
			return nil
		}
		return fmt.Errorf("%d is out of range of timestamp; is it in another unit?", v)
	}
}

func ofUnits(micros int64) builder { return mapping(timesOfUnits(micros)) }

// timesOfSeconds rounds to the nearest µs.
func timesOfSeconds(to []int64, from []float64) bool {
	from = from[:len(to)]
	suspect := false
	for i, v := range from {
		v = math.RoundToEven(v * float64(calendar.MicrosPerSecond))
		suspect = suspect || !(v >= math.MinInt64 && v < -math.MinInt64)
		to[i] = int64(v)
	}
	return suspect
}

func whyNotSeconds(v float64) error {
	if v = math.RoundToEven(v * float64(calendar.MicrosPerSecond)); v >= math.MinInt64 && v < -math.MinInt64 {
		return nil
	}
	return fmt.Errorf("%s is out of range of timestamp; is it in another unit?", record.AppendFloat(nil, v/float64(calendar.MicrosPerSecond)))
}

// unitsOfTimes counts whole units since 1970, rounded down.
func unitsOfTimes(micros int64) builder {
	return mapping(func(to, from []int64) bool {
		from = from[:len(to)]
		for i, t := range from {
			to[i], _ = ints.FloorDiv(t, micros)
		}
		return false
	}, nil)
}
