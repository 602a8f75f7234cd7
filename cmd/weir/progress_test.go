package main

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/status"
)

// A line of progress says what the job waits for, or which sinks cannot show what is decided.
func TestProgressOfAnOutage(t *testing.T) {
	p := progress{graph: &graph.Graph{}}
	due := []status.Due{{Sink: "log", Checkpoints: 1}, {Sink: "out", Checkpoints: 1, Why: "refused"}, {Sink: "more", Checkpoints: 3, Why: "refused"}}
	for want, s := range map[string]status.Job{
		"checkpoint 7": {Checkpoint: 7, Due: due[:1]}, // it is under way
		"checkpoint 7, out has yet to show 1 checkpoint, more has yet to show 3 checkpoints": {Checkpoint: 7, Due: due},
		"checkpoint 7, waits: sink out has yet to show the output of 1 checkpoint":           {Checkpoint: 7, Due: due, Waits: "sink out has yet to show the output of 1 checkpoint: refused"},
	} {
		if got := p.line(s); !strings.HasSuffix(got, want) {
			t.Errorf("the line %q does not end with %q", got, want)
		}
	}
}
