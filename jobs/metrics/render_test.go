package metrics

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

var now = time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)

func at(before time.Duration) record.Time { return record.TimeOf(now.Add(-before)) }

// orders is a job that has everything that has metrics.
func orders() status.Detail {
	return status.Detail{
		Job: status.Job{Name: "orders", State: status.Running, Generation: 3, Checkpoint: 7, Elapsed: time.Minute, Waits: "room",
			Due:    []status.Due{{Sink: "log", Checkpoints: 3, Since: now, Why: "refused"}},
			Memory: status.Memory{Budget: 1 << 20, Rows: status.Use{Now: 1000}, Batches: status.Use{Now: 200}, Checkpoints: status.Use{Now: 30}}},
		At: now, Disk: 5000,
		Checkpoints: status.Checkpoints{Interval: time.Second, Completed: 5, Failed: 1, InProgress: 1,
			Last: status.CheckpointTaken{ID: 7, At: now.Add(-3 * time.Second), Took: 250 * time.Millisecond, Bytes: 100, FullBytes: 4000}},
		Tasks: []status.Task{
			{Name: "in -> filter", HasOutputs: true, BytesOut: 900,
				Spent: status.Spent{Busy: 2 * time.Second, Idle: time.Second, Backpressured: time.Second},
				Steps: []status.Subtask{
					{Step: "in", Kind: status.Source, Bytes: 1234, Watermark: at(5 * time.Second), Input: record.MinTime, Behind: 1500 * time.Millisecond,
						Counters: stream.CounterValues{In: 15, Accepted: 10, Dropped: 2, DeadLetters: 1, Skipped: 2, Out: 10},
						Splits: []status.Split{
							{ID: "a \"b\"\\\n\xff.csv", Watermark: at(5 * time.Second), Latest: at(4 * time.Second)},
							{ID: "fresh", Watermark: record.MinTime, Latest: record.MinTime},
							{Others: 8, Watermark: at(3 * time.Second), Latest: at(2 * time.Second), Lag: &stream.Lag{Records: 70, Time: 1500 * time.Millisecond}},
							{ID: "timed", Watermark: record.MinTime, Latest: record.MinTime, Lag: &stream.Lag{Records: -1, Time: time.Second}},
						}},
					{Step: "filter", Kind: status.Operator, Watermark: at(5 * time.Second), Input: at(5 * time.Second), Behind: -1,
						Inputs: []record.Time{at(5 * time.Second)}, Counters: stream.CounterValues{In: 10, Accepted: 10, Out: 7}},
				}},
			{Name: "joined -> out", Subtask: 1, HasInputs: true, BytesIn: 890, Aligned: 1500 * time.Nanosecond,
				Spent: status.Spent{Idle: 4 * time.Second},
				Steps: []status.Subtask{
					{Step: "joined", Kind: status.Operator, Watermark: record.MinTime, Input: at(9 * time.Second), Behind: -1,
						Inputs:   []record.Time{at(9 * time.Second), at(8 * time.Second), record.MaxTime},
						Counters: stream.CounterValues{In: 7, Accepted: 4, Late: 3, LatePartly: 2, Out: 4}},
					{Step: "out", Kind: status.Sink, Bytes: 77, Watermark: record.MinTime, Input: record.MaxTime, Behind: -1,
						Inputs: []record.Time{record.MaxTime}, Counters: stream.CounterValues{In: 4, Accepted: 4}},
				}},
			{Name: "log", Steps: []status.Subtask{{Step: "log", Kind: status.Sink, Watermark: record.MinTime, Input: record.MinTime, Behind: -1}}},
		},
	}
}

// TestText draws a job in each state of its life, twice, since some values are of the time
// between.
func TestText(t *testing.T) {
	var r Renderer
	fresh := status.Detail{Job: status.Job{Name: "fresh", State: status.Starting}, At: now}
	first := r.Render(nil, []status.Detail{orders(), fresh})
	later := orders()
	later.Tasks[0].Spent.Busy += 1500 * time.Millisecond
	later.Tasks[0].Spent.Idle += 500 * time.Millisecond
	second := r.Render(nil, []status.Detail{later, fresh})
	golden.Text(t, "testdata/orders.txt", withoutProcess(first))
	golden.Text(t, "testdata/orders-later.txt", withoutProcess(second))
}

var ofProcess = regexp.MustCompile(`(?m)^((?:go|process)_\w+) \d+$`)

// withoutProcess leaves out what differs from process to process.
func withoutProcess(text []byte) string { return ofProcess.ReplaceAllString(string(text), "$1 N") }

var (
	sampleLine = regexp.MustCompile(`^([a-z][A-Za-z0-9_]*)(\{[^}]*\}|\{.*\}) -?\d+$|^([a-z][a-z_]*) \d+$`)
	headerLine = regexp.MustCompile(`^# (HELP|TYPE) (\S+) .+$`)
)

// Each line is of the format, each metric is in one piece behind its header, and each is
// declared once.
func TestFormat(t *testing.T) {
	var r Renderer
	seen := map[string]bool{}
	current := ""
	for line := range strings.Lines(string(r.Render(nil, []status.Detail{orders()}))) {
		line = strings.TrimSuffix(line, "\n")
		if m := headerLine.FindStringSubmatch(line); m != nil {
			if m[1] == "HELP" {
				if seen[m[2]] {
					t.Errorf("%s comes twice", m[2])
				}
				seen[m[2]], current = true, m[2]
			}
			continue
		}
		m := sampleLine.FindStringSubmatch(line)
		if m == nil || m[1]+m[3] != current {
			t.Errorf("below %s stands %q", current, line)
		}
	}
	names := map[string]bool{}
	for _, name := range Names() {
		if names[name] {
			t.Errorf("%s is declared twice", name)
		}
		names[name] = true
	}
	for name := range seen {
		if !names[name] {
			t.Errorf("%s is not in the table", name)
		}
	}
	for name := range names {
		if !seen[name] {
			t.Errorf("%s has no sample in a job that has everything", name)
		}
	}
}

// many is a job of so many subtasks.
func many(subtasks int) status.Detail {
	d := orders()
	d.Tasks = nil
	for i := range subtasks {
		task := orders().Tasks[i%2]
		task.Subtask = i
		task.Steps = []status.Subtask{task.Steps[i/2%2]}
		d.Tasks = append(d.Tasks, task)
	}
	return d
}

// A scrape of ten thousand subtasks may take 100 ms. On a machine that has other things to do
// the CPU time says more than the clock.
func BenchmarkRender(b *testing.B) {
	for _, subtasks := range []int{10, 10_000} {
		b.Run(fmt.Sprint(subtasks), func(b *testing.B) {
			var r Renderer
			jobs := []status.Detail{many(subtasks)}
			b.ReportAllocs()
			text := r.Render(nil, jobs)
			before := cpuTime(b)
			for b.Loop() {
				text = r.Render(text[:0], jobs)
			}
			b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
			b.ReportMetric(float64(len(text)), "bytes")
			b.ReportMetric(float64(bytes.Count(text, []byte("\n"))), "lines")
		})
	}
}

// cpuTime returns what the process has taken.
func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
