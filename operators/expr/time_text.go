package expr

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
	"github.com/weirstream/weir/runtime/record/timeformat"
	"github.com/weirstream/weir/runtime/record/timezone"
)

// patternOf returns the pattern that argument i is, or reports what is wrong with
// it.
func patternOf(p *kernel.Preparation, i int) *timeformat.Pattern {
	text, ok := p.Text(i)
	if !ok {
		p.Wrong(i, "a pattern of times is written as a string, such as '%%Y-%%m-%%d %%H:%%M:%%S'; %s is none", p.Excerpt(i))
		return nil
	}
	pattern, err := timeformat.Compile(strings.TrimSpace(text))
	switch {
	case err != nil:
		p.Wrong(i, "%v", err)
		return nil
	case !strings.Contains(text, "%"):
		p.Wrong(i, "the pattern %q says nothing of the time; patterns are written as '%%Y-%%m-%%d %%H:%%M:%%S'", text)
		return nil
	}
	return pattern
}

// formatting prepares date_format of a time, a pattern and, perhaps, a zone.
func formatting(p *kernel.Preparation) kernel.Builder {
	pattern := patternOf(p, 1)
	if pattern == nil {
		return nil
	}
	if p.TypeOf(0) == record.Local && pattern.HasOffset() {
		return p.Wrong(1, "what a clock shows has no offset from UTC to write; write date_format(instant, pattern, zone)")
	}
	if p.Count() == 2 {
		p.Fails = false
		return kernel.EachRow(formatRows(pattern, nil))
	}
	z := zoneOf(p, 2)
	if z == nil {
		return nil
	}
	return kernel.EachRowBy(func() kernel.RowLoop { return formatRows(pattern, z.NewClock()) })
}

// formatRows writes what a clock shows at instants; where it is nil, instants in
// UTC, or local times as they are.
func formatRows(pattern *timeformat.Pattern, clock *timezone.Clock) kernel.RowLoop {
	return func(c *kernel.RowCall, rows []int32) {
		for _, row := range rows {
			t, offset := c.Args[0].Int(row), int64(0)
			if clock != nil {
				offset = clock.Offset(record.Time(t))
			}
			if (t+offset < t) != (offset < 0) {
				c.Fail(row, fmt.Errorf("the clock at %v is out of range of timestamp", record.Time(t)))
				continue
			}
			c.Text = pattern.Append(c.Text, record.Time(t+offset), int(offset/calendar.MicrosPerSecond))
			c.Put(row)
		}
	}
}

// parsing prepares to_timestamp of a text and, perhaps, a pattern and a zone.
func parsing(p *kernel.Preparation) kernel.Builder {
	if p.Count() == 1 {
		return kernel.EachRow(parseRows(timeformat.ReadSQL, nil))
	}
	pattern := patternOf(p, 1)
	if pattern == nil {
		return nil
	}
	if err := pattern.Readable(); err != nil {
		return p.Wrong(1, "%v", err)
	}
	if p.Count() == 2 {
		return kernel.EachRow(parseRows(pattern.Read, nil))
	}
	z := zoneOf(p, 2)
	switch {
	case z == nil:
		return nil
	case pattern.HasOffset():
		return p.Wrong(2, "the pattern %q reads an offset, which says more than a time zone; leave the zone out", pattern)
	}
	return kernel.EachRowBy(func() kernel.RowLoop { return parseRows(pattern.Read, z.NewClock()) })
}

// parseRows reads instants, or what a clock shows where it is not nil.
func parseRows(read func([]byte) (record.Time, error), clock *timezone.Clock) kernel.RowLoop {
	return func(c *kernel.RowCall, rows []int32) {
		for _, row := range rows {
			t, err := read(bytes.TrimSpace(c.Args[0].Text(row)))
			if err != nil {
				c.Fail(row, err)
				continue
			}
			if clock != nil {
				t -= record.Time(clock.LocalOffset(t)) // in range, since years have four digits
			}
			c.Ints[row] = int64(t)
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

func ofUnits(micros int64) kernel.Builder { return kernel.Mapping(timesOfUnits(micros)) }

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
func unitsOfTimes(micros int64) kernel.Builder {
	return kernel.Mapping(func(to, from []int64) bool {
		from = from[:len(to)]
		for i, t := range from {
			to[i], _ = ints.FloorDiv(t, micros)
		}
		return false
	}, nil)
}
