package main

import (
	"flag"
	"io"
	"testing"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/status"
)

var input = flag.String("input", "../../jobs/examples/data/departures-2013-01.csv.gz", "the departures to read")

// TestLoopDoesWhatTheJobDoes keeps the comparison fair.
func TestLoopDoesWhatTheJobDoes(t *testing.T) {
	loop, err := run(*input)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range runJob(t).Steps {
		c := s.Counters
		if s.ID == "weekly" && (c.In != int64(loop.rows-loop.null) || c.Late != int64(loop.late) || c.Out != int64(len(loop.groups))) {
			t.Errorf("the job has %d rows in, %d late, %d out; the loop %d, %d, %d",
				c.In, c.Late, c.Out, loop.rows-loop.null, loop.late, len(loop.groups))
		}
	}
}

// runJob runs the main job, by the hour, to its end.
func runJob(t testing.TB) status.Job { return runJobWith(t, nil) }

// runJobWith runs it with other values of keys, and a source that is changed before.
func runJobWith(t testing.TB, change func(*graph.SourceStep), sets ...string) status.Job {
	job, err := jobs.Load(builtin.Registry(), env.OS{}, "../../jobs/examples/departure-delays.yaml",
		append(sets, "steps.weekly.window.tumble=1h", "steps.weekly.window.allowed_lateness=1h",
			"sources.departures.event_time.watermark_delay=2h", "sources.departures.file.path="+*input))
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(job.Graph.Steps[0].Source)
	}
	environment := env.Real()
	environment.Stdout = io.Discard
	run, err := jobs.Start(job, jobs.Options{Env: environment, StateDir: t.TempDir() + "/state"})
	if err != nil {
		t.Fatal(err)
	}
	last, err := run.Wait()
	if err != nil {
		t.Fatal(err)
	}
	return last
}

// BenchmarkMainJob runs the main job, by the hour, from file to printed table:
//
//	go test -run - -bench MainJob -cpuprofile cpu.prof ./benchmarks/flights -input YEAR.csv.gz
func BenchmarkMainJob(b *testing.B) {
	rows := int64(0)
	for b.Loop() {
		rows += runJob(b).Steps[0].Counters.In
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
