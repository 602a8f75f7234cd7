package monitor_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs/monitor"
	"github.com/weirstream/weir/jobs/server"
	"github.com/weirstream/weir/runtime/env/memfs"
)

// wide returns a job of so many sources of a thousand subtasks each, with a filter and a sink
// behind them: a task works off three subtasks.
func wide(sources int) string {
	var s, steps, sinks strings.Builder
	for i := range sources {
		fmt.Fprintf(&s, "  in%d: { datagen: { rows: 0, rows_per_second: 1, columns: [\"n = sequence()\"] }, schema: { n: int64 } }\n", i)
		fmt.Fprintf(&steps, "  - { id: even%d, input: in%d, where: n %% 2 = 0 }\n", i, i)
		fmt.Fprintf(&sinks, "  out%d: { input: even%d, blackhole: {} }\n", i, i)
	}
	return "name: wide\nsources:\n" + s.String() + "steps:\n" + steps.String() + "sinks:\n" + sinks.String() +
		"checkpoint: { interval: 1h }\nparallelism: 1000\n"
}

// A scrape of ten thousand subtasks, each time rendered anew, from the request to the last
// byte of the answer, beside the job that it is of: it may take 100 ms. On a machine that has
// other things to do, the best one and the CPU time say more than the mean.
func BenchmarkScrape(b *testing.B) {
	fs := memfs.New()
	write(b, fs, "job.yaml", wide(4))
	r := startWith(b, fs, "state", 0)
	defer r.Cancel()
	<-r.began
	subtasks := 0
	for _, task := range r.Detail().Tasks {
		subtasks += len(task.Steps)
	}
	now := time.Unix(1000, 0)
	all := monitor.New(func() time.Time { // of the server's goroutine, one request at a time
		now = now.Add(time.Second)
		return now
	})
	all.Add("wide").Started(r.Detail)
	s, err := server.Open(server.Options{Address: ":0"})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	all.Mount(s)
	s.Serve()
	bytes, times := int64(0), []time.Duration(nil)
	scrape := func() {
		began := time.Now()
		answer, err := http.Get(s.URL() + "/metrics")
		if err != nil {
			b.Fatal(err)
		}
		bytes, err = io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		if err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(began))
	}
	scrape() // makes the memory that the next ones use
	times = nil
	before := cpuTime(b)
	for b.Loop() {
		scrape()
	}
	b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
	b.ReportMetric(float64(slices.Min(times).Microseconds())/1000, "best-ms")
	b.ReportMetric(float64(bytes)/(1<<20), "MB")
	b.ReportMetric(float64(subtasks), "subtasks")
}

// cpuTime returns what the process has taken.
func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
