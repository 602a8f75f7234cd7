package diagnose

import (
	"reflect"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// reading is a graph with a source of the given delay, a step behind it and one
// behind that.
func reading(delay time.Duration) *graph.Graph {
	source := &graph.SourceStep{EventTime: graph.EventTime{Delay: delay}}
	return &graph.Graph{Steps: []*graph.Step{
		{ID: "in", Source: source},
		{ID: "clean", Inputs: []graph.Input{{Step: "in"}}},
		{ID: "hourly", Inputs: []graph.Input{{Step: "clean"}}},
	}}
}

func counted(in, clean, hourly stream.CounterValues) status.Job {
	return status.Job{Steps: []status.Step{{ID: "in", Counters: in}, {ID: "clean", Counters: clean}, {ID: "hourly", Counters: hourly}}}
}

func TestRun(t *testing.T) {
	through := stream.CounterValues{In: 5, Accepted: 5, Out: 5}
	disordered := through
	disordered.MaxDisorder = (90 * time.Second).Microseconds()
	late := stream.CounterValues{In: 5, Late: 5}
	for name, test := range map[string]struct {
		status status.Job
		want   []Finding
	}{
		"all is well":        {counted(through, through, through), nil},
		"nothing came":       {status.Job{}, nil},
		"some could be read": {counted(stream.CounterValues{In: 5, Accepted: 1, Dropped: 4}, through, through), nil},
		"none could be read": {counted(stream.CounterValues{In: 5, Dropped: 3, DeadLetters: 2}, stream.CounterValues{},
			stream.CounterValues{}), []Finding{{
			Step: "in", Says: "in has no rows because none of its 5 rows could be read.",
			Advice: []Advice{{Key: "sources.in.on_error", Value: "fail", Besides: "That shows the first of them and what is wrong with it."}},
		}}},
		"some are late": {counted(disordered, through, stream.CounterValues{In: 5, Accepted: 1, Late: 4}), nil},
		"late, and not": {counted(disordered, through, stream.CounterValues{In: 5, Late: 5, Out: 1}), nil},
		"all are late": {counted(disordered, through, late), []Finding{{
			Step: "hourly", Says: "hourly has no result because all of its 5 rows were late.",
			Advice: []Advice{{
				Because: "Rows of in come up to 1m30s out of order; its watermark_delay is 10s.",
				Key:     "sources.in.event_time.watermark_delay", Value: "2m0s",
				Besides: "A longer allowed_lateness helps, too, and late rows can be read as hourly.late.",
			}},
		}}},
	} {
		if got := Run(reading(10*time.Second), test.status); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: found\n%+v, not\n%+v", name, got, test.want)
		}
	}
}
