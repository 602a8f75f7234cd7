package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
)

// progress writes how far a job is while it runs: on a terminal one line that
// changes, as JSON a line every second, otherwise one every ten seconds.
type progress struct {
	voice
	graph    *graph.Graph
	updating bool
}

// newProgress returns the progress of a job. The line changes in place only if
// results do not go to the same screen.
func newProgress(v voice, g *graph.Graph) progress {
	return progress{voice: v, graph: g, updating: v.isText() && isTerminal(os.Stderr) && !isTerminal(os.Stdout)}
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// show writes lines until done is closed.
func (p progress) show(current func() status.Job, done <-chan struct{}) {
	interval := 10 * time.Second
	switch {
	case p.updating:
		interval = 500 * time.Millisecond
	case p.json:
		interval = time.Second
	}
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			if p.updating {
				fmt.Fprint(p.to, "\r\x1b[K")
			}
			return
		case <-ticker.C:
			p.tell(current())
		}
	}
}

func (p progress) tell(s status.Job) {
	switch {
	case p.json:
		p.write(event{Type: "progress", Status: &s})
	case p.log != nil:
		in, out, watermark := p.figures(s)
		p.logProgress(s, in, out, watermarkText(watermark))
	case p.updating:
		fmt.Fprint(p.to, "\r\x1b[K"+p.line(s))
	default:
		fmt.Fprintln(p.to, p.line(s))
	}
}

// figures returns how many rows have come in and gone to sinks. The watermark is that of the
// slowest step.
func (p progress) figures(s status.Job) (in, out int64, watermark record.Time) {
	watermark = record.MaxTime
	for _, step := range s.Steps {
		switch logical := p.graph.Step(step.ID); {
		case logical == nil:
		case logical.Source != nil:
			in += step.Counters.In
		case logical.Sink != nil:
			out += step.Counters.In
		}
		watermark = min(watermark, step.Watermark)
	}
	return in, out, watermark
}

// line draws the job on one line.
func (p progress) line(s status.Job) string {
	in, out, watermark := p.figures(s)
	rate := float64(in) / max(s.Elapsed.Seconds(), 0.001)
	line := fmt.Sprintf("%s %s %v: %d rows in (%.0f/s), %d rows to sinks, watermark %s, checkpoint %d",
		s.Name, s.State, s.Elapsed.Round(time.Second), in, rate, out, watermarkText(watermark), s.Checkpoint)
	if s.Waits != "" {
		short, _, _ := strings.Cut(s.Waits, ": ") // a warning has said the rest
		line += ", waits: " + short
	}
	for _, d := range s.Due {
		if d.Why != "" && s.Waits == "" {
			line += fmt.Sprintf(", %s has yet to show %s", d.Sink, plural(d.Checkpoints, "checkpoint"))
		}
	}
	return line
}
