package window

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
	"github.com/weirstream/weir/runtime/record/timezone"
)

// Calendar is windows that are periods of the calendar in a time zone, one behind the
// other: a day has 23 or 25 hours where clocks are set, months and years are as long as
// they are. A window begins when clocks there first show the beginning of its period or a
// later time. That is once even where they show it twice, or leave it out; a period that
// they leave out as a whole has no window.
//
// Input, output, errors and late rows are those of [Hop]; there is one row of state per key
// and window.
type Calendar struct {
	Period calendar.Period // multiples are counted from 2000-01-03, a Monday, or from January 2000
	Zone   *timezone.Zone
	Offset time.Duration // how much later clocks show, where windows begin; any sign
}

// MaxMonthOffset is the longest offset of periods of months and years: as long as the
// shortest month, so that it means the same in each.
const MaxMonthOffset = 28 * 24 * time.Hour

func (c Calendar) validate() error {
	switch {
	case c.Period.Days <= 0 && c.Period.Months <= 0:
		return errors.New("a window has at least one day")
	case c.Period.Months > 0 && (c.Offset >= MaxMonthOffset || c.Offset <= -MaxMonthOffset):
		return fmt.Errorf("windows of %v are moved by less than 28d, the length of the shortest month, so that each begins on the same "+
			"day of a month; take windows of 1mo if others are to begin in another month", c.Period)
	}
	return nil
}

func (c Calendar) firesAfter() time.Duration { return 0 }

func (c Calendar) open(o opening) (windows, error) {
	return openAligned(o, c.grid(o.Lateness))
}

// grid returns the grid of a subtask, whose clock is its own.
func (c Calendar) grid(lateness time.Duration) grid {
	p := periods{c.Period, c.Offset.Microseconds(), c.Zone.NewClock()}
	return grid{ruler: p, slide: 1, size: 1, late: lateness.Microseconds()}
}

// periods is panes that are periods of the calendar.
type periods struct {
	period calendar.Period
	offset int64 // µs on the clock
	clock  *timezone.Clock
}

func (p periods) at(t int64) (pane, from, until int64) {
	shown := ints.SaturatingAdd(t, p.clock.Offset(record.Time(t)))
	day, _ := calendar.Split(ints.SaturatingAdd(shown, -p.offset))
	pane = p.period.Number(day)
	for {
		end := p.begin(pane + 1)
		switch {
		case end == math.MaxInt64:
			return pane, p.begin(pane), end
		case end > t:
			return pane, p.begin(pane), end - 1
		}
		pane++ // the clock was set back into the period before, which has ended
	}
}

func (p periods) begin(pane int64) int64 {
	day := p.period.FirstDay(pane)
	midnight, ok := calendar.Join(day, 0)
	if !ok && day > 0 {
		return math.MaxInt64
	}
	begin := ints.SaturatingAdd(midnight, p.offset)
	if !ok || begin == math.MinInt64 {
		return math.MinInt64
	}
	return int64(p.clock.First(record.Time(begin)))
}
