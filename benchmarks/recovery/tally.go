package main

import (
	"fmt"
	"text/tabwriter"
)

// tally is what was done to a target.
type tally struct {
	rounds      int
	kills       int
	hit         map[phase]int // of the kills that counted
	replays     int           // of those that hit restore, with a commit to repeat
	takeovers   uint64
	checkpoints uint64 // decided
}

func (t *tally) count(at phase, found remains) {
	if t.hit == nil {
		t.hit = map[phase]int{}
	}
	t.hit[at]++
	if at == restore && !found.committed {
		t.replays++
	}
}

func (t *tally) counted() int {
	n := 0
	for _, hits := range t.hit {
		n += hits
	}
	return n
}

// table writes what the campaign came to, one column a target, one for all.
func (c *campaign) table() {
	w := tabwriter.NewWriter(c.log, 0, 0, 2, ' ', tabwriter.AlignRight)
	line := func(name string, value func(t *target) int) {
		fmt.Fprintf(w, "%s\t", name)
		sum := 0
		for _, t := range c.targets {
			fmt.Fprintf(w, "%d\t", value(t))
			sum += value(t)
		}
		fmt.Fprintf(w, "%d\t\n", sum)
	}
	fmt.Fprint(w, "\n\t")
	for _, t := range c.targets {
		fmt.Fprintf(w, "%s\t", t.name)
	}
	fmt.Fprint(w, "all\t\n")
	line("kills", func(t *target) int { return t.kills })
	line("counted", func(t *target) int { return t.counted() })
	for _, p := range phases {
		line("in "+string(p), func(t *target) int { return t.hit[p] })
	}
	line("commits to repeat", func(t *target) int { return t.replays })
	line("rounds", func(t *target) int { return t.rounds })
	line("takeovers", func(t *target) int { return int(t.takeovers) })
	line("checkpoints", func(t *target) int { return int(t.checkpoints) })
	line("rows", func(t *target) int { return t.answer.rows() })
	_ = w.Flush() // the log is a terminal or a buffer
}
