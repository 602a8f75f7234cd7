package window

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
	"github.com/weirstream/weir/runtime/record/timezone"
	"github.com/weirstream/weir/runtime/trial"
)

// times are instants at which arithmetic goes wrong if it can, and some others.
func times(random *rand.Rand) []int64 {
	list := []int64{math.MinInt64, math.MinInt64 + 1, -1, 0, 1, math.MaxInt64 - 1, math.MaxInt64}
	for range 40 {
		list = append(list, int64(random.Uint64()), random.Int64N(2_000_000)-1_000_000,
			math.MaxInt64-random.Int64N(100_000), math.MinInt64+random.Int64N(100_000))
	}
	return list
}

func randomGrid(random *rand.Rand) grid {
	late := time.Duration(random.IntN(9000)) * time.Microsecond
	if random.IntN(3) == 0 {
		return randomCalendar(random).grid(late)
	}
	slide := time.Duration(1+random.IntN(20)) * time.Millisecond
	size := slide + time.Duration(random.IntN(60))*time.Millisecond
	offset := time.Duration(random.IntN(200_000)-100_000) * time.Microsecond
	return newGrid(Hop{Size: size, Slide: slide, Offset: offset}, late)
}

func TestGrid(t *testing.T) {
	trial.Run(t, 200, func(t *trial.Case) {
		g := randomGrid(t.Random)
		for _, at := range times(t.Random) {
			pane, from, until := g.at(at)
			if at < from || at > until {
				t.Fatalf("%+v: pane of %d is [%d, %d]", g, at, from, until)
			}
			if e, ok := g.ruler.(evenly); ok && until-from >= e.pane {
				t.Fatalf("%+v: pane of %d is [%d, %d]", g, at, from, until)
			}
			if p, _, _ := g.at(from); p != pane {
				t.Fatalf("%+v: %d begins pane %d and is in %d", g, from, pane, p)
			}
			if p, _, _ := g.at(until); p != pane {
				t.Fatalf("%+v: %d ends pane %d and is in %d", g, until, pane, p)
			}
			checkWindows(t, g, at, pane)
		}
	})
}

// checkWindows checks that the windows of a pane are just those that hold a time
// in it, and when they are due.
func checkWindows(t *trial.Case, g grid, at, pane int64) {
	t.Helper()
	first, last := g.first(pane), g.last(pane)
	holds := func(k int64) bool {
		start, end := g.start(k), g.end(k)
		return start <= at && (at < end || end == math.MaxInt64)
	}
	if n := last - first + 1; n < 1 || n > g.overlap() {
		t.Fatalf("%+v: %d is in %d windows, overlap is %d", g, at, n, g.overlap())
	}
	for k := first; k <= last; k++ {
		if !holds(k) {
			t.Fatalf("%+v: window %d = [%d, %d) does not hold %d", g, k, g.start(k), g.end(k), at)
		}
		due := ints.SaturatingAdd(g.end(k), g.late)
		if g.due(due) < k || due < math.MaxInt64 && g.due(due-1) >= k {
			t.Fatalf("%+v: window %d, due at %d, is not due then, or before", g, k, due)
		}
		if behind := g.firstPaneBehind(k); first <= k != (pane < behind) {
			t.Fatalf("%+v: the first pane behind window %d is %d; that of pane %d is %d", g, k, behind, pane, first)
		}
	}
	if g.start(first) > math.MinInt64 && holds(first-1) || g.end(last) < math.MaxInt64 && holds(last+1) {
		t.Fatalf("%+v: %d is in a window before %d or behind %d", g, at, first, last)
	}
	if g.due(math.MaxInt64) < last || g.due(math.MinInt64) >= first {
		t.Fatalf("%+v: windows %d to %d are not due in between", g, first, last)
	}
}

func TestConfigErrors(t *testing.T) {
	input := record.MustSchema(record.Field{Name: "key", Type: record.String})
	count := []agg.Call{{Name: "n", Function: "count", Column: agg.None, Filter: agg.None}}
	for _, c := range []struct {
		config Config
		want   string
	}{
		{Config{Shape: Tumble(0, 0)}, "size 0s is not a whole number of milliseconds, at least 1ms"},
		{Config{Shape: Hop{Size: time.Second, Slide: time.Microsecond}}, "slide 1µs is not a whole number of milliseconds"},
		{Config{Shape: Hop{Size: time.Second, Slide: time.Minute}}, "slide 1m0s is longer than size 1s: rows between windows would be in none"},
		{Config{Shape: Hop{Size: time.Hour, Slide: time.Millisecond}},
			"each row would be in 3600000 windows, and with panes of 1ms (what size and slide have in common) the most is 500"},
		{Config{Shape: Calendar{Period: calendar.Period{Months: 1}, Offset: 28 * 24 * time.Hour}}, "windows of 1mo are moved by less than 28d"},
		{Config{Shape: Calendar{Period: calendar.Period{Months: 12}, Offset: -90 * 24 * time.Hour}}, "windows of 1y are moved by less than 28d"},
		{Config{Shape: Calendar{}}, "a window has at least one day"},
		{Config{Shape: Session{}}, "gap 0s is not a whole number of microseconds"},
		{Config{Shape: Session{Gap: time.Second}, Lateness: -1}, "allowed_lateness -1ns is negative"},
		{Config{Shape: Session{Gap: time.Second}, Keys: []int{0},
			Aggregates: []agg.Call{{Name: "key", Function: "count", Column: agg.None, Filter: agg.None}}},
			`duplicate column "key" in the result of the window: rename a key or an aggregate with AS`},
		{Config{Shape: Session{Gap: time.Second}, Aggregates: []agg.Call{{Name: "n", Function: "sum", Column: 0, Filter: agg.None}}},
			`aggregate "n": sum takes int32, int64, float64 or decimal, and key is string`},
	} {
		c.config.Input = input
		if c.config.Aggregates == nil {
			c.config.Aggregates = count
		}
		if _, _, err := New(c.config); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %s", c.config.Shape, err, c.want)
		}
	}
}

// Rows that follow each other are mostly in one pane, which is then looked up once; here
// they are not.
func BenchmarkPaneAt(b *testing.B) {
	zone, err := timezone.Load("America/New_York")
	if err != nil {
		b.Fatal(err)
	}
	const year = 365 * calendar.MicrosPerDay
	times := make([]int64, 4096)
	for i := range times {
		times[i] = rand.Int64N(year)
	}
	for _, bench := range []struct {
		name string
		grid grid
	}{
		{"fixed", newGrid(Tumble(24*time.Hour, 0), 0)},
		{"days", Calendar{Period: oneDay, Zone: zone}.grid(0)},
		{"months", Calendar{Period: oneMonth, Zone: zone}.grid(0)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				bench.grid.at(times[i%len(times)])
			}
		})
	}
}
