package jobtest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// window is a window in one of its kinds: size and slide (equal: tumbling), or gap.
type window struct {
	size, slide, gap record.Time
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
	case w.gap > 0:
		kind = fmt.Sprintf("session: %ds", w.gap/second)
	case w.size == w.slide:
		kind = fmt.Sprintf("tumble: %ds", w.size/second)
	}
	return fmt.Sprintf("{ %s, allowed_lateness: %ds }", kind, w.lateness/second)
}

// group is the rows of one key in one window.
type group struct {
	key        string
	start, end record.Time
	values     []int64
}

// line draws the group as the job's sink writes it.
func (g group) line() string {
	total, least, odd := int64(0), g.values[0], 0
	kinds := map[int64]bool{}
	for _, v := range g.values {
		total += v
		least = min(least, v)
		odd += int(v % 2)
		kinds[v] = true
	}
	return fmt.Sprintf("%s,%v,%v,%d,%d,%d,%d,%d", g.key, g.start, g.end, len(g.values), total, least, odd, len(kinds))
}

// answer computes, one row at a time, what the job must commit: the rows of
// results and of late records, sorted.
func (in *input) answer() (results, late []string) {
	splits := in.splits
	if !in.parallel {
		splits = [][]row{slices.Concat(in.splits...)}
	}
	model := aligned
	if in.window.gap > 0 {
		model = sessions
	}
	groups, behind := model(in, splits)
	for _, g := range groups {
		results = append(results, g.line())
	}
	for _, r := range behind {
		late = append(late, fmt.Sprintf("%s,%v,%d", r.key, r.at, r.value))
	}
	slices.Sort(results)
	slices.Sort(late)
	return results, late
}

// each calls f with every row and the watermark of its split before it, split
// by split.
func (in *input) each(splits [][]row, f func(r row, mark record.Time)) {
	for _, split := range splits {
		greatest := record.MinTime
		for _, r := range split {
			mark := record.MinTime
			if greatest > record.MinTime {
				mark = greatest - in.delay
			}
			greatest = max(greatest, r.at)
			if !r.null {
				f(r, mark)
			}
		}
	}
}

func aligned(in *input, splits [][]row) (groups []group, late []row) {
	type id struct {
		key   string
		start record.Time
	}
	w := in.window
	open := map[id][]int64{}
	in.each(splits, func(r row, mark record.Time) {
		reached := false
		last := r.at - (r.at%w.slide+w.slide)%w.slide
		for start := last; start+w.size > r.at; start -= w.slide {
			if start+w.size+w.lateness > mark {
				open[id{r.key, start}] = append(open[id{r.key, start}], r.value)
				reached = true
			}
		}
		if !reached {
			late = append(late, r)
		}
	})
	for i, values := range open {
		groups = append(groups, group{i.key, i.start, i.start + w.size, values})
	}
	return groups, late
}

// sessions merges sessions row by row. One that the row's watermark has passed
// takes no more rows.
func sessions(in *input, splits [][]row) (groups []group, late []row) {
	w := in.window
	in.each(splits, func(r row, mark record.Time) {
		merged := group{r.key, r.at, r.at + w.gap, []int64{r.value}}
		rest := groups[:0:0]
		for _, g := range groups {
			live := g.end+w.lateness >= mark
			if live && g.key == r.key && g.start <= r.at+w.gap && r.at <= g.end {
				merged.start, merged.end = min(merged.start, g.start), max(merged.end, g.end)
				merged.values = append(merged.values, g.values...)
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
