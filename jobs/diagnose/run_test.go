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
	const by = 50_000_000
	advice := func(value, besides string) []Advice {
		return []Advice{{
			Because: "Rows of in come up to 1m30s out of order; its watermark_delay is 10s.",
			Key:     "sources.in.event_time.watermark_delay", Value: value,
			Besides: besides + "A longer allowed_lateness helps, too, and late rows can be read as hourly.late.",
		}}
	}
	bad := counted(stream.CounterValues{In: 1000, Accepted: 995, Dropped: 4, DeadLetters: 1}, through, through)
	bad.Steps[0].Rejects = []stream.Reject{
		{Kind: "… is no number", Rows: 4, Where: "a.csv:7", Message: `"x" is no number`},
		{Kind: "cut short", Rows: 1, Message: "cut short", Letters: true},
	}
	cut := func(c stream.CounterValues, more ...stream.Reject) status.Job {
		j := counted(c, through, through)
		j.Steps[0].Rejects = append(more, stream.Reject{Kind: "cut short", Rows: 1, Where: "a.gz:9", Message: "cut short", Damage: true})
		return j
	}
	twoCut := cut(stream.CounterValues{In: 12, Accepted: 10, DeadLetters: 2})
	twoCut.Steps[0].Rejects[0].Rows, twoCut.Steps[0].Rejects[0].Letters = 2, true
	const rest = "the rest of a damaged file, and nobody knows how many rows that had"
	for name, test := range map[string]struct {
		status  status.Job
		bounded bool
		want    []Finding
	}{
		"all is well":  {counted(through, through, through), false, nil},
		"nothing came": {status.Job{}, false, nil},
		"some could be read": {bad, false, []Finding{{
			Step: "in", Says: "in left out 4 rows, and made dead letters of 1 of 1000 rows (0.1 %), which could not be read.",
			Lines: []string{`4 rows, the first a.csv:7: "x" is no number`, "1 row, cut short"},
		}}},
		"a file is cut short": {cut(stream.CounterValues{In: 11, Accepted: 10, Dropped: 1}), false, []Finding{{
			Step: "in", Says: "in left out " + rest + ".", Lines: []string{"1 file from a.gz:9: cut short"},
		}}},
		"a file cannot be read at all": {cut(stream.CounterValues{In: 1, Dropped: 1}), false, []Finding{{
			Step: "in", Says: "in left out " + rest + ".", Lines: []string{"1 file from a.gz:9: cut short"},
		}}},
		"two files are cut short": {twoCut, false, []Finding{{
			Step: "in", Says: "in left out the rest of 2 damaged files, and nobody knows how many rows they had.",
			Lines: []string{"2 files, the first from a.gz:9: cut short"},
		}}},
		"a file is cut short, and a row is bad": {cut(stream.CounterValues{In: 11, Accepted: 9, Dropped: 2},
			stream.Reject{Kind: "bad", Rows: 1, Where: "a.gz:2", Message: "bad"}), false, []Finding{{
			Step: "in", Says: "in left out 1 of 10 rows (10 %), which could not be read. It also left out " + rest + ".",
			Lines: []string{"1 row, a.gz:2: bad", "1 file from a.gz:9: cut short"},
		}}},
		"some could be computed": {counted(through, stream.CounterValues{In: 5, Accepted: 3, Dropped: 2}, through), false, []Finding{{
			Step: "clean", Says: "clean left out 2 of 5 rows (40 %), which could not be computed.",
		}}},
		"none could be read": {counted(stream.CounterValues{In: 5, Dropped: 3, DeadLetters: 2}, stream.CounterValues{},
			stream.CounterValues{}), false, []Finding{{Step: "in", Says: "in has no rows because none of its 5 rows could be read."}}},
		"some are late": {counted(disordered, through, stream.CounterValues{In: 5, Accepted: 1, Late: 4, MaxLate: by}), false, []Finding{{
			Step: "hourly", Says: "hourly left out 4 of 5 rows (80 %) that came too late, the latest by 50s.", Advice: advice("2m", ""),
		}}},
		"late, and not": {counted(disordered, through, stream.CounterValues{In: 5, Late: 5, Out: 1, MaxLate: 1_000_001}), true, []Finding{{
			Step: "hourly", Says: "hourly left out 5 of 5 rows (100 %) that came too late, the latest by 1.000001s.",
			Advice: advice("12s", "Its input ends, so that complete holds rows in any order. "),
		}}},
		"late for some windows": {counted(disordered, through, stream.CounterValues{In: 50_000, Accepted: 50_000, LatePartly: 2, LatePairs: 7,
			MaxLate: 1e9}), false, []Finding{{
			Step: "hourly", Says: "hourly counted 2 of 50000 rows (less than 0.01 %) in some of their windows only, which came too late for " +
				"others; windows miss a row 7 times in all. The latest was late by 16m40s.", Advice: advice("2m", ""),
		}}},
		"all are late": {counted(disordered, through, stream.CounterValues{In: 5, Late: 5, MaxLate: by}), false, []Finding{{
			Step: "hourly", Says: "hourly has no result because all of its 5 rows were late, the latest by 50s.", Advice: advice("2m", ""),
		}}},
		"of a split that was idle, just in time for its own": {counted(stream.CounterValues{In: 5, Accepted: 5, Out: 5,
			MaxDisorder: (10 * time.Second).Microseconds()}, through, stream.CounterValues{In: 5, Accepted: 4, Late: 1, MaxLate: by}), false,
			[]Finding{{Step: "hourly", Says: "hourly left out 1 of 5 rows (20 %) that came too late, the latest by 50s. They came from splits " +
				"that had been idle; a longer idle_after waits for such splits."}}},
		"of a split that was idle": {counted(through, through, stream.CounterValues{In: 5, Accepted: 4, Late: 1, MaxLate: by}), false,
			[]Finding{{Step: "hourly", Says: "hourly left out 1 of 5 rows (20 %) that came too late, the latest by 50s. They came from splits " +
				"that had been idle; a longer idle_after waits for such splits."}}},
	} {
		g := reading(10 * time.Second)
		g.Steps[0].Source.Bounded = test.bounded
		if got := Run(g, test.status); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: found\n%+v, not\n%+v", name, got, test.want)
		}
	}
}

// TestLateBesideComplete: rows of a complete source are late nowhere, so that none of its
// keys is at fault, however far out of order they come.
func TestLateBesideComplete(t *testing.T) {
	g := &graph.Graph{Steps: []*graph.Step{
		{ID: "all", Source: &graph.SourceStep{EventTime: graph.EventTime{Complete: true}, Bounded: true}},
		{ID: "some", Source: &graph.SourceStep{EventTime: graph.EventTime{Delay: time.Second}}},
		{ID: "both", Inputs: []graph.Input{{Step: "all"}, {Step: "some"}}},
	}}
	far := stream.CounterValues{In: 5, Accepted: 5, Out: 5, MaxDisorder: time.Hour.Microseconds()}
	found := Run(g, status.Job{Steps: []status.Step{{ID: "all", Counters: far}, {ID: "some", Counters: far},
		{ID: "both", Counters: stream.CounterValues{In: 10, Accepted: 9, Late: 1, MaxLate: 1}}}})
	if len(found) != 1 || len(found[0].Advice) != 1 || found[0].Advice[0].Key != "sources.some.event_time.watermark_delay" {
		t.Errorf("%+v", found)
	}
}
