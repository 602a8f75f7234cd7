package times

import (
	"fmt"
	"strings"

	"github.com/weirstream/weir/operators/expr/kernel"
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
	z := Zone(p, 2)
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
