package times

import (
	"bytes"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/timeformat"
	"github.com/weirstream/weir/runtime/record/timezone"
)

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
	z := Zone(p, 2)
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

// parsingDates prepares to_date of a text and, perhaps, a pattern: the day of what
// [parsing] reads.
func parsingDates(p *kernel.Preparation) kernel.Builder {
	build := parsing(p)
	if build == nil {
		return nil
	}
	return func(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
		inner := s
		inner.Type = record.Timestamp
		return kernel.Mapping(datesOfTimes, nil)(s, []kernel.Kernel{build(inner, args)})
	}
}
