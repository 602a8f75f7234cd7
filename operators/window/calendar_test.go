package window

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
	"github.com/weirstream/weir/runtime/record/timezone"
	"github.com/weirstream/weir/runtime/trial"
)

var calendarPeriods = []calendar.Period{
	{Days: 1}, {Days: 1}, {Days: 2}, {Days: 7}, {Days: 14}, {Days: 36_500}, {Months: 1}, {Months: 3}, {Months: 5}, {Months: 12}, {Months: 1200},
}

// randomCalendar draws windows in any zone there is.
func randomCalendar(random *rand.Rand) Calendar {
	names := timezone.Names()
	zone, err := timezone.Load(names[random.IntN(len(names))])
	if err != nil {
		panic(err)
	}
	c := Calendar{Period: calendarPeriods[random.IntN(len(calendarPeriods))], Zone: zone}
	if random.IntN(3) == 0 {
		c.Offset = time.Duration(random.Int64N(int64(2*MaxMonthOffset))-int64(MaxMonthOffset)+1) / time.Microsecond * time.Microsecond
	}
	return c
}

// TestCalendarBegins holds windows to their definition: no clock shows the beginning of
// the period, or a later time, before the window begins, and it does then.
func TestCalendarBegins(t *testing.T) {
	trial.Run(t, 400, func(t *trial.Case) {
		c := randomCalendar(t.Random)
		p := c.grid(0).ruler.(periods)
		clock := c.Zone.NewClock()
		shown := func(at int64) int64 { return at + clock.Offset(record.Time(at)) }
		for range 50 {
			at := t.Random.Int64N(300*366*calendar.MicrosPerDay) - 150*366*calendar.MicrosPerDay
			pane, from, until := p.at(at)
			first := calendar.MicrosPerDay*c.Period.FirstDay(pane) + c.Offset.Microseconds()
			if shown(from) < first {
				t.Fatalf("%+v: window %d begins at %v, when clocks show %v only", c, pane, record.Time(from), record.Time(shown(from)))
			}
			for before := from - 1; before > from-20*calendar.MicrosPerHour; before -= calendar.MicrosPerMinute {
				if shown(before) >= first {
					t.Fatalf("%+v: window %d begins at %v, and clocks show %v at %v", c, pane, record.Time(from),
						record.Time(shown(before)), record.Time(before))
				}
			}
			if p.begin(pane+1) != until+1 || p.begin(pane) != from {
				t.Fatalf("%+v: window %d is [%d, %d], and begins at %d; the next at %d", c, pane, from, until, p.begin(pane), p.begin(pane+1))
			}
		}
	})
}

// TestCalendarWithoutChanges: where clocks are never set, days are windows of 24 hours.
func TestCalendarWithoutChanges(t *testing.T) {
	trial.Run(t, 100, func(t *trial.Case) {
		zone, err := timezone.Load([]string{"UTC", "+05:30", "-08:00"}[t.Random.IntN(3)])
		if err != nil {
			t.Fatal(err)
		}
		days := 1 + t.Random.Int64N(20)
		c := Calendar{Period: calendar.Period{Days: days}, Zone: zone, Offset: time.Duration(t.Random.Int64N(int64(24 * time.Hour)))}
		shift := c.Offset.Microseconds() + calendar.AnchorDay*calendar.MicrosPerDay - zone.NewClock().Offset(0)
		want := newGrid(Tumble(time.Duration(days)*24*time.Hour, time.Duration(shift)*time.Microsecond), time.Second)
		got := c.grid(time.Second)
		for _, at := range times(t.Random) {
			_, from, until := got.at(at)
			_, wantFrom, wantUntil := want.at(at)
			if wantUntil == math.MaxInt64 || wantFrom == math.MinInt64 {
				continue // a window that is cut short by the end of time
			}
			if from != wantFrom || until != wantUntil {
				t.Fatalf("%+v: the window of %d is [%d, %d], want [%d, %d]", c, at, from, until, wantFrom, wantUntil)
			}
		}
	})
}
