package jobtest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// window is a window in one of its kinds: size and slide (equal: tumbling), gap, or calendar.
type window struct {
	size, slide, gap record.Time
	calendar         *calendar
	lateness         record.Time
}

func drawWindow(random *rand.Rand) window {
	seconds := func(n int64) record.Time { return record.Time(1+random.Int64N(n)) * second }
	w := window{lateness: record.Time(random.Int64N(2)*random.Int64N(20)) * second}
	switch random.IntN(3) {
	case 0:
		w.size = seconds(30)
		w.slide = w.size
	case 1:
		w.slide = seconds(10)
		w.size = w.slide*record.Time(1+random.Int64N(4)) + record.Time(random.Int64N(int64(w.slide/second)))*second
	default:
		w.gap = seconds(12)
	}
	return w
}

func (w window) yaml() string {
	kind := fmt.Sprintf("hop: { size: %ds, slide: %ds }", w.size/second, w.slide/second)
	switch {
	case w.calendar != nil:
		kind = w.calendar.yaml()
	case w.gap > 0:
		kind = fmt.Sprintf("session: %ds", w.gap/second)
	case w.size == w.slide:
		kind = fmt.Sprintf("tumble: %ds", w.size/second)
	}
	return fmt.Sprintf("{ %s, allowed_lateness: %ds }", kind, w.lateness/second)
}

// group is the rows of one key in one window.
type group struct {
	key        string // the line of its key columns
	start, end record.Time
	rows       []cells
}

// resultLine draws the group as a line of the results.
func (in *input) resultLine(g group) string {
	b := g.key + timestamp(g.start).text + "|" + timestamp(g.end).text + "|"
	for _, a := range in.aggregates {
		b += a.of(g.rows).text + "|"
	}
	return b
}

// answer computes, one row at a time, what the sinks must commit.
func (in *input) answer(s *Scenario) {
	if !in.parallel {
		in.splits = [][]row{slices.Concat(in.splits...)}
	}
	groups, behind := in.windows()
	for _, g := range groups {
		s.Results.Rows = append(s.Results.Rows, in.resultLine(g))
	}
	for _, r := range behind {
		s.Late.Rows = append(s.Late.Rows, r.line(in.late))
	}
	if in.copied {
		in.eachShaped(func(r row, _ record.Time) { s.Copy.Rows = append(s.Copy.Rows, r.line(in.carried)) })
	}
	s.sort()
}

// windows returns what the step of that name puts out.
func (in *input) windows() (groups []group, late []row) {
	if in.window.gap > 0 {
		return in.sessions()
	}
	return in.aligned()
}

// delayOf returns the delay of a split's watermark.
func (in *input) delayOf(split int) record.Time {
	if in.delays != nil {
		return in.delays[split]
	}
	return in.delay
}

// eachShaped calls f with every row that comes out of the steps before the window,
// and with the watermark of its split before it, split by split.
func (in *input) eachShaped(f func(r row, mark record.Time)) {
	for i, split := range in.splits {
		greatest := record.MinTime
		for _, r := range split {
			mark := record.MinTime
			if greatest > record.MinTime {
				mark = greatest - in.delayOf(i)
			}
			greatest = max(greatest, r.at)
			for _, shaped := range in.shape(r) {
				f(shaped, mark)
			}
		}
	}
}

// each is eachShaped without the rows that the window's step leaves out.
func (in *input) each(f func(r row, mark record.Time)) {
	in.eachShaped(func(r row, mark record.Time) {
		if in.counts(r) {
			f(r, mark)
		}
	})
}

// counts reports whether the window's step takes in a row.
func (in *input) counts(r row) bool { return !r.cells[value].null() && in.condition.holds(r.cells) }

func (in *input) aligned() (groups []group, late []row) {
	type pane struct {
		key string
		span
	}
	open := map[pane][]cells{}
	in.each(func(r row, mark record.Time) {
		reached, missed := false, false
		for _, s := range in.window.holding(r.at) {
			if s.end+in.window.lateness > mark {
				i := pane{r.line(in.keys), s}
				open[i] = append(open[i], r.cells)
				reached = true
			} else {
				missed = true
			}
		}
		if !reached || missed && in.anyLate {
			late = append(late, r)
		}
	})
	for i, rows := range open {
		groups = append(groups, group{i.key, i.start, i.end, rows})
	}
	return groups, late
}

// holding returns the windows that hold a time.
func (w window) holding(at record.Time) (spans []span) {
	if w.calendar != nil {
		return []span{w.calendar.holding(at)}
	}
	last := at - (at%w.slide+w.slide)%w.slide
	for start := last; start+w.size > at; start -= w.slide {
		spans = append(spans, span{start, start + w.size})
	}
	return spans
}

// sessions merges sessions row by row. One that the row's watermark has passed
// takes no more rows.
func (in *input) sessions() (groups []group, late []row) {
	w := in.window
	in.each(func(r row, mark record.Time) {
		merged := group{r.line(in.keys), r.at, r.at + w.gap, []cells{r.cells}}
		rest := groups[:0:0]
		for _, g := range groups {
			live := g.end+w.lateness >= mark
			if live && g.key == merged.key && g.start <= r.at+w.gap && r.at <= g.end {
				merged.start, merged.end = min(merged.start, g.start), max(merged.end, g.end)
				merged.rows = append(merged.rows, g.rows...)
			} else {
				rest = append(rest, g)
			}
		}
		if merged.end+w.lateness < mark {
			late = append(late, r)
			return
		}
		groups = append(rest, merged)
	})
	return groups, late
}
