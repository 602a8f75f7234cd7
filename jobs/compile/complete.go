package compile

import (
	"fmt"

	"github.com/weirstream/weir/jobs/plan"
	"github.com/weirstream/weir/runtime/component"
)

// This file decides which sources are complete: those that keep the watermark back
// until their input has ended.

// completeText is a clause of the definition of such a source: under a delay, windows
// have fired that would have had more rows.
const completeText = "watermark_delay complete: keeps everything until the input has ended"

// chooseMode makes a source complete that has no watermark_delay though its input ends,
// and refuses to where that cannot be.
func (src *source) chooseMode() {
	t, extent := &src.eventTime, src.extent()
	asked := t.Complete
	t.Complete = asked || t.delay == nil && extent == component.Bounded
	switch {
	case asked && extent == component.Endless:
		t.problem("watermark_delay", "complete waits for the end of the input, and this one has none: more may always come; %s", howToChoose)
	case t.Complete && t.IdleAfter > 0:
		t.problem("idle_after", "a source that keeps everything until its input has ended waits for all splits; "+
			"remove it, or give a watermark_delay such as 10s")
	}
}

// extent returns whether the input of the source ends.
func (src *source) extent() component.Extent {
	if src.connector.Extent == nil {
		return component.Endless
	}
	return src.connector.Extent(src.config)
}

// problem reports a problem with a key of the section.
func (t *eventTime) problem(key, format string, args ...any) {
	at := t.section.keyAt(key)
	if n := t.section.node.Get(key); n != nil {
		at = n.At()
	}
	t.section.problem(at, key, format, args...)
}

const howToChoose = "give the time by which the latest rows come late, such as 10s: a longer one loses fewer of them, " +
	"and results come so much later"

// findUnpaced reports sources that say nothing of when to move on, though the input may
// never end and a step waits for that.
func (c *compiler) findUnpaced() {
	for _, p := range c.vertices {
		src, ok := p.declared.(*source)
		if !ok || !src.valid || !src.eventTime.given() || src.eventTime.delay != nil || src.extent() == component.Bounded {
			continue
		}
		if step := c.waitsFor(p); step != "" {
			t, choice := &src.eventTime, howToChoose
			if src.extent() == component.Open {
				choice += "; or complete, which keeps everything until the input has ended"
			}
			t.section.problem(t.section.at, "", "needs the key \"watermark_delay\", for %s goes by event time and %s; %s",
				step, endings[src.extent()], choice)
		}
	}
}

// endings says of an input that is not bounded whether it ends.
var endings = map[component.Extent]string{
	component.Endless: "more rows may always come",
	component.Open:    "nobody knows whether the input ends",
}

// waitsFor returns the name of a step that goes by event time and reads a source,
// directly or not; "" where there is none.
func (c *compiler) waitsFor(source *vertex) string {
	reads := map[plan.Node]bool{source.node: source.node != nil}
	for _, n := range c.plan.Nodes { // each stands behind those that it reads
		for _, in := range n.Common().Inputs {
			reads[n] = reads[n] || reads[in.Node]
		}
		if reads[n] && plan.GoesByTime(n) {
			return fmt.Sprintf("%q", n.Common().Step)
		}
	}
	return ""
}
