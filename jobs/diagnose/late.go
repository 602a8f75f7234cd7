package diagnose

import (
	"fmt"
	"time"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/stream"
)

// late finds a step that rows came too late for: how many, by how much, from which source,
// and what would have held them.
func (r run) late(step *graph.Step) (Finding, bool) {
	c := r.of[step.ID].Counters
	if c.Late+c.LatePartly == 0 {
		return Finding{}, false
	}
	f := Finding{Step: step.ID, Says: lateText(step.ID, c)}
	for _, id := range r.g.SourcesOf(step) {
		if advice, ok := r.hold(r.g.Step(id), step, c.MaxLate); ok {
			f.Advice = append(f.Advice, advice)
		}
	}
	if f.Advice == nil {
		f.Says += " They came from splits that had been idle; a longer idle_after waits for such splits."
	}
	return f, true
}

// lateText says how many rows were late, and by how much.
func lateText(step string, c stream.CounterValues) string {
	by := "by " + durationText(µs(c.MaxLate))
	text := fmt.Sprintf("%s left out %s that came too late, the latest %s.", step, part(c.Late, c.In), by)
	switch {
	case c.LatePartly == 0 && c.Late == c.In && c.Out == 0:
		return fmt.Sprintf("%s has no result because all of its %d rows were late, the latest %s.", step, c.Late, by)
	case c.LatePartly == 0:
		return text
	}
	partly := fmt.Sprintf("%s counted %s in some of their windows only, which came too late for others; "+
		"windows miss a row %d times in all.", step, part(c.LatePartly, c.In), c.LatePairs)
	if c.Late == 0 {
		return partly + " The latest was late " + by + "."
	}
	return text + " " + partly
}

// durationText draws a duration: of one that is long whole seconds.
func durationText(d time.Duration) string {
	if d >= time.Minute {
		d = d.Round(time.Second)
	}
	return component.FormatDuration(d)
}

// hold returns what would have held the rows of a source, some of which were late for a
// step, the latest by so many µs; false where none of them can have been.
func (r run) hold(source, step *graph.Step, late int64) (Advice, bool) {
	e := source.Source.EventTime
	disorder := µs(r.of[source.ID].Counters.MaxDisorder)
	if e.Complete || disorder <= e.Delay {
		return Advice{}, false
	}
	holds := roundUp(min(disorder, e.Delay+µs(late)))
	a := Advice{
		Because: fmt.Sprintf("Rows of %s come up to %s out of order; its watermark_delay is %s.", source.ID,
			durationText(disorder), component.FormatDuration(e.Delay)),
		Key: "sources." + source.InJob() + ".event_time.watermark_delay", Value: component.FormatDuration(holds),
		Besides: fmt.Sprintf("A longer allowed_lateness helps, too, and late rows can be read as %s.late.", step.ID),
	}
	if source.Source.Bounded {
		a.Besides = "Its input ends, so that complete holds rows in any order. " + a.Besides
	}
	return a, true
}

func µs(n int64) time.Duration {
	return time.Duration(min(n, int64(component.MaxDuration/time.Microsecond))) * time.Microsecond
}

// roundUp returns d up to the next minute, or second where it is short.
func roundUp(d time.Duration) time.Duration {
	unit := time.Minute
	if d < unit {
		unit = time.Second
	}
	return min((d/unit+1)*unit, component.MaxDuration)
}
