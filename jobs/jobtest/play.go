package jobtest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// A play is input in phases: what a split has for a phase comes only once the
// phase has begun, so that splits are silent for long, speak again, and end while
// others go on. The [director] of a process begins the phases.
//
// In an orderly play splits that may be idle wake one at a time, each with a row
// that counts and is not behind any watermark so far, and the next phase begins
// when all of the job knows of it. Then no row of a split that woke is behind the
// combined watermark, and the job must commit just what it would have if no split
// had ever been idle. In a disorderly one phases begin at any time; rows of splits
// that woke may be late then, but no row may be lost, and no other late.
type play struct {
	in      *input
	orderly bool
	drained bool // splits do not end; the job is drained
	sources []playSource
	splits  []*playSplit
	phases  []phase
	behind  int // rows behind the watermark of their split, of a disorderly play
}

// playSource is a source of a play; its step is s0, s1, ….
type playSource struct {
	delay record.Time
	idles bool // has idle_after
}

// playSplit is a split of a play.
type playSplit struct {
	source int
	id     stream.SplitID
	rows   []playRow
	ends   int // the phase that it ends behind; past all of them: it does not
}

// playRow is a row of a split, as the source reads it, with the phase that it
// comes in.
type playRow struct {
	row
	text  string
	phase int
}

// phase is what must hold when all rows of it and of those before are processed.
type phase struct {
	processed // by then
	// silent has nothing come for so long that all that may be idle is.
	silent bool
	// awaited has the next phase begin only when all parts of the job know what has
	// become of this one. By then the results that are due at least are out.
	awaited bool
	least   due
	most    due // that may be out from the beginning of the phase on
}

// processed counts the rows that have been read, and that the windows have taken in.
type processed struct{ read, counted int64 }

// due counts the results of the windows, and of the windows behind them.
type due struct{ windows, again int64 }

// covers reports that d has all that e has.
func (d due) covers(e due) bool { return d.windows >= e.windows && d.again >= e.again }

// NewPlay draws a play of about rows records, and the job that reads it.
func NewPlay(random *rand.Rand, rows int) *Scenario {
	in := &input{random: random, origin: drawOrigin(random), parallel: true, json: true}
	p := &play{in: in, orderly: random.IntN(3) > 0, drained: random.IntN(4) == 0}
	in.window = drawWindow(random)
	if p.orderly {
		in.maybeCalendar()
	} else { // what is late can be told from what is committed
		in.window.size, in.window.slide, in.window.gap = in.window.lateness+10*second, in.window.lateness+10*second, 0
	}
	in.drawColumns()
	p.drawSplits()
	p.drawPhases(rows)
	s := &Scenario{play: p, Read: map[string]int64{}}
	for _, split := range p.splits {
		s.Read[p.step(split.source)] += int64(len(split.rows))
	}
	p.count()
	in.describe(s)
	if random.IntN(2) == 0 {
		s.Again.Columns = append(namesOf(in.keys[:1]), "window_start", "window_end", "n", "parts")
	}
	if p.orderly {
		p.answer(s)
	}
	s.Job = p.job(s.Again.Columns != nil)
	return s
}

func (p *play) step(source int) string { return fmt.Sprintf("s%d", source) }

func (p *play) isSource(step string) bool {
	return step[0] == 's' && len(step) == 2 // like no other step
}

// drawColumns draws what becomes of rows.
func (in *input) drawColumns() {
	in.valueType = []string{"int64", "int32", decimalType}[in.random.IntN(3)]
	in.carried = []column{at, key, id, price, day, tag, value, items}
	in.late = in.carried
	in.condition = conditions[in.random.IntN(len(conditions))]
	in.drawAggregates()
	in.drawKeys()
}

// drawSplits draws the sources, one of which has idle_after at least, and their
// splits.
func (p *play) drawSplits() {
	random := p.in.random
	p.sources = make([]playSource, 1+random.IntN(3))
	for i := range p.sources {
		p.sources[i] = playSource{delay: record.Time(random.Int64N(2)*random.Int64N(20)) * second, idles: random.IntN(3) > 0}
	}
	p.sources[random.IntN(len(p.sources))].idles = true
	for i := range p.sources {
		if s := &p.sources[i]; !s.idles && random.IntN(2) == 0 {
			s.delay = complete
		}
	}
	for i, source := range p.sources {
		for j := range 1 + random.IntN(3) {
			p.splits = append(p.splits, &playSplit{source: i, id: stream.SplitID(fmt.Sprint(j))})
			p.in.delays = append(p.in.delays, source.delay)
		}
	}
}

// job returns the job file.
func (p *play) job(again bool) string {
	in := p.in
	var b strings.Builder
	b.WriteString("name: scenario\nsources:\n")
	for i, s := range p.sources {
		idle := ""
		if s.idles {
			idle = fmt.Sprintf(", idle_after: %v", idleAfter)
		}
		fmt.Fprintf(&b, "  %s:\n    play: {}\n    format: json\n    schema: { %s }\n", p.step(i), in.schema())
		fmt.Fprintf(&b, "    event_time: { %s%s%s }\n", timeKey("at", i%2 == 1), drawDelay(in.random, s.delay, false), idle)
	}
	b.WriteString("steps:\n")
	input := p.step(0)
	if len(p.sources) > 1 {
		input = "all"
		var from []string
		for i := range p.sources {
			from = append(from, p.step(i))
		}
		fmt.Fprintf(&b, "  - { id: all, union: [%s], parallelism: %d }\n", strings.Join(from, ", "), 1+in.random.IntN(3))
	}
	fmt.Fprintf(&b, "  - id: windows\n    input: %s\n    where: value IS NOT NULL AND (%s)\n    key_by: [%s]\n    window: "+
		"%s\n    aggregate:\n%s",
		input, in.condition.expression, list(in.keys), in.window.yaml(), in.aggregatesYAML())
	fmt.Fprintf(&b, "  - { id: behind, input: windows.late, select: [%s] }\n", list(in.late))
	if again {
		fmt.Fprintf(&b, "  - id: coarse\n    input: windows\n    key_by: [%s]\n    window: { tumble: %ds }\n    aggregate: { n: "+
			"sum(n), parts: count(*) }\n",
			names[in.keys[0]], againSize/second)
	}
	fmt.Fprintf(&b, "sinks:\n  out: { input: windows, file: { path: out }, format: %s }\n  late: { input: behind, file: { path: "+
		"late }, format: %s }\n",
		in.anyFormat(), in.anyFormat())
	if again {
		fmt.Fprintf(&b, "  again: { input: coarse, file: { path: again }, format: %s }\n", in.anyFormat())
	}
	fmt.Fprintf(&b, "checkpoint: { interval: %dms }\n", some(in.random, 40))
	return b.String()
}
