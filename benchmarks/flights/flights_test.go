package main

import (
	"flag"
	"io"
	"testing"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/runtime/env"
)

var input = flag.String("input", "../../jobs/examples/data/departures-2013-01.csv.gz", "the departures to read")

// BenchmarkMainJob runs the main job, by the hour, from file to printed table:
//
//	go test -run - -bench MainJob -cpuprofile cpu.prof ./benchmarks/flights -input YEAR.csv.gz
func BenchmarkMainJob(b *testing.B) {
	rows := int64(0)
	for b.Loop() {
		job, err := jobs.Load(env.OS{}, "../../jobs/examples/departure-delays.yaml",
			[]string{"steps.weekly.window.tumble=1h", "sources.departures.file.path=" + *input})
		if err != nil {
			b.Fatal(err)
		}
		environment := env.Real()
		environment.Stdout = io.Discard
		run, err := jobs.Start(job, jobs.Options{Env: environment, StateDir: b.TempDir() + "/state"})
		if err != nil {
			b.Fatal(err)
		}
		last, err := run.Wait()
		if err != nil {
			b.Fatal(err)
		}
		rows += last.Steps[0].Counters.In
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
