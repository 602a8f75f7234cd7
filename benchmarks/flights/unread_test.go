package main

import (
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/graph"
)

// allColumns declares all that a file has, as a job does that other jobs share its source
// with.
const allColumns = "sources.departures.schema={departed_at: timestamp, scheduled_at: timestamp, carrier: string, flight: int64, " +
	"tailnum: string, origin: string, dest: string, dep_delay_min: int64, arr_delay_min: int64, air_time_min: int64, distance_mi: int64}"

// BenchmarkUnreadColumns runs the main job over a source that declares all eleven columns,
// of which it reads three, with the others decoded and without, in turn. It reports how much
// CPU the one takes by that of the other.
//
//	go test -run - -bench UnreadColumns ./benchmarks/flights -input YEAR.csv.gz
func BenchmarkUnreadColumns(b *testing.B) {
	var some, all time.Duration
	for b.Loop() {
		begin := cpu()
		runJobWith(b, nil, allColumns)
		middle := cpu()
		runJobWith(b, func(s *graph.SourceStep) { s.Read = nil }, allColumns)
		some += middle - begin
		all += cpu() - middle
	}
	b.ReportMetric(some.Seconds()/all.Seconds(), "CPU/all")
}
