package monitor_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"path"
	"regexp"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/metrics"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// watched reads two folders for ever: with rows that are late, that cannot be read, and that
// fail in a step.
const watched = `
name: watched
sources:
  europe:
    file: { path: europe, watch: 10ms }
    format: csv
    schema: { at: timestamp, country: string, amount: int64 }
    event_time: { column: at, watermark_delay: 10s }
    on_error: dead_letter
  asia:
    file: { path: asia, watch: 10ms }
    format: csv
    schema: { at: timestamp, country: string, amount: int64 }
    event_time: { column: at, watermark_delay: 5s }
    on_error: drop
steps:
  - id: paid
    union: [europe, asia]
    where: amount > 0
  - id: sums
    key_by: [country]
    window: { tumble: 10s }
    aggregate: { total: sum(amount) }
sinks:
  out: { input: sums, file: { path: out }, format: csv }
  late: { input: sums.late, file: { path: late }, format: csv }
  broken: { input: europe.dead_letter, file: { path: broken }, format: csv }
checkpoint: { interval: 10ms }
parallelism: 2
`

const europe = `at,country,amount
2024-03-01T10:00:03Z,de,5
2024-03-01T10:00:11Z,fr,0
2024-03-01T10:00:41Z,de,7
2024-03-01T10:00:01Z,fr,8
2024-03-01T10:00:31Z,at,x
2024-03-01T10:00:45Z,at,1
`

const asia = `at,country,amount
2024-03-01T10:00:30Z,jp,5
2024-03-01T10:00:50Z,jp,-3
none,kr,1
2024-03-01T10:00:52Z,kr,4
`

// passed is the watermark when all of that has been read.
var passed = record.TimeOf(time.Date(2024, 3, 1, 10, 0, 35, 0, time.UTC))

// running is a job on a file system in memory.
type running struct {
	*jobs.Run
	began   chan struct{}
	decided chan stream.CheckpointID // the latest checkpoint
	events  []status.Event           // to be read behind Wait
}

func start(t testing.TB, fs *memfs.FS, stateDir string) *running {
	t.Helper()
	return startWith(t, fs, stateDir, 0)
}

func startWith(t testing.TB, fs *memfs.FS, stateDir string, memory int64) *running {
	t.Helper()
	job, err := jobs.Load(builtin.Registry(), fs, "job.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &running{began: make(chan struct{}), decided: make(chan stream.CheckpointID, 1)}
	o := jobs.Options{Env: env.Real(), StateDir: stateDir, Memory: memory}
	o.Env.Files, o.Env.Random = fs, env.NewRandom(rand.New(rand.NewPCG(1, 2)))
	o.Observe = func(e status.Event) {
		r.events = append(r.events, e)
		if e.Kind == status.Began {
			close(r.began)
		}
		if e.Kind == status.CheckpointDecided {
			select {
			case <-r.decided:
			default:
			}
			r.decided <- e.Checkpoint
		}
	}
	if r.Run, err = jobs.Start(job, o); err != nil {
		t.Fatal(err)
	}
	return r
}

// step returns what the report has of a step.
func (r *running) step(id string) status.Step {
	steps := r.Status().Steps
	return steps[slices.IndexFunc(steps, func(s status.Step) bool { return s.ID == id })]
}

// until returns at the first checkpoint behind which something is so.
func (r *running) until(t *testing.T, is func(status.Detail) bool) status.Detail {
	t.Helper()
	defer trial.Guard(t, func() string { return fmt.Sprintf("%+v", counters(r.Detail())) })()
	for range r.decided {
		if d := r.Detail(); is(d) {
			return d
		}
	}
	panic("unreachable")
}

func (r *running) stop(t *testing.T) status.Job {
	t.Helper()
	r.Stop()
	last, err := r.Wait()
	if err != nil {
		t.Fatal(err)
	}
	return last
}

// counters returns those of each step, over its subtasks.
func counters(d status.Detail) map[string]stream.CounterValues {
	all := map[string]stream.CounterValues{}
	for _, task := range d.Tasks {
		for _, s := range task.Steps {
			all[s.Step] = all[s.Step].Add(s.Counters)
		}
	}
	return all
}

func write(t testing.TB, fs env.FS, name, text string) {
	t.Helper()
	if err := errors.Join(fs.MkdirAll(path.Dir(name)), env.WriteFile(fs, name, []byte(text))); err != nil {
		t.Fatal(err)
	}
}

// varies finds the values that differ from run to run: times, and what depends on how rows
// were cut into batches and when the job was asked.
var varies = regexp.MustCompile(`(?m)^(\S*(?:uptime|Ms|PerSecond|Time|Lag|Duration|Age|Size|Bytes\w+|memory\w*|Checkpoints|CheckpointId|go_\w+|process_\w+)` +
	`(?:\{.*\})?) \d+$`)

// The metrics of a job that has taken in what there is, and waits for more. The figures are
// those of its report.
func TestMetricsOfAJob(t *testing.T) {
	fs := memfs.New()
	write(t, fs, "job.yaml", watched)
	write(t, fs, "europe/1.csv", europe)
	write(t, fs, "asia/1.csv", asia)
	r := start(t, fs, "state")
	d := r.until(t, func(d status.Detail) bool {
		c := counters(d)
		return r.step("late").Watermark == passed && c["europe"].In == 6 && c["asia"].In == 4 && c["sums"].In == 6 && c["out"].In == 1 && c["late"].In == 1 && c["broken"].In == 1
	})
	var renderer metrics.Renderer
	text := renderer.Render(nil, []status.Detail{d})
	golden.Text(t, "testdata/watched.txt", varies.ReplaceAllString(string(text), "$1 …"))
	if d.Checkpoints.Completed == 0 || d.Checkpoints.Last.FullBytes == 0 || d.Checkpoints.Last.Took <= 0 {
		t.Errorf("its checkpoints are %+v", d.Checkpoints)
	}
	last := r.stop(t)
	compare(t, r.Detail(), last, status.Job{})
	if r.events[0].Kind != status.Began || r.events[0].Checkpoint != 0 || r.events[0].Generation != 1 {
		t.Errorf("its first event is %+v", r.events[0])
	}

	// Counters of a job that is resumed begin anew; those of the report go on.
	write(t, fs, "asia/2.csv", asia)
	again := start(t, fs, "state")
	again.until(t, func(status.Detail) bool { return again.step("asia").Counters.In == 8 })
	then := again.stop(t)
	if d := again.Detail(); counters(d)["asia"].In != 4 || counters(d)["europe"].In != 0 {
		t.Errorf("the second run has counted %+v", counters(d))
	}
	compare(t, again.Detail(), then, last)
	if e := again.events[0]; e.Kind != status.Began || e.Checkpoint != last.Checkpoint || e.Generation != 2 {
		t.Errorf("the first event of the second run is %+v", e)
	}
}

// compare compares the counters of a run's metrics with those of its report, less those of the
// report of the run before. Each row is accounted for.
func compare(t *testing.T, d status.Detail, report, before status.Job) {
	t.Helper()
	had := map[string]stream.CounterValues{}
	for _, s := range before.Steps {
		had[s.ID] = s.Counters
	}
	all := counters(d)
	for _, s := range report.Steps {
		want, got := s.Counters.Since(had[s.ID]), all[s.ID]
		want.MaxLate, want.MaxDisorder, got.MaxLate, got.MaxDisorder = 0, 0, 0, 0
		if got != want || got.Sum() != got.In {
			t.Errorf("step %s: the metrics have %+v, the report %+v", s.ID, got, want)
		}
	}
}

// Goroutines of a job are labelled with it, its steps and their subtask, those that read in
// the background as well.
func TestLabelsInProfiles(t *testing.T) {
	fs := memfs.New()
	write(t, fs, "job.yaml", watched)
	write(t, fs, "europe/1.csv", europe)
	write(t, fs, "asia/1.csv", asia)
	r := start(t, fs, "state")
	patterns := []*regexp.Regexp{
		regexp.MustCompile(`labels: \{"job":"watched"\}\n`),
		regexp.MustCompile(`labels: \{"job":"watched", "step":"paid -> sums.input", "subtask":"1"\}\n`),
		regexp.MustCompile(`labels: \{"job":"watched", "step":"asia", "subtask":"0"\}\n(#.*\n)*#.*\.Fetch\+`),
	}
	r.until(t, func(status.Detail) bool {
		var profile bytes.Buffer
		if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
			t.Fatal(err)
		}
		patterns = slices.DeleteFunc(patterns, func(p *regexp.Regexp) bool { return p.Match(profile.Bytes()) })
		return len(patterns) == 0
	})
	r.stop(t)
}

// An error that ends a job says in which step it came up.
func TestPlaceOfAFailure(t *testing.T) {
	fs := memfs.New()
	write(t, fs, "job.yaml", strings.Replace(watched, "amount > 0", "10 / amount > 0", 1))
	write(t, fs, "europe/1.csv", europe)
	write(t, fs, "asia/1.csv", asia)
	r := start(t, fs, "state")
	_, err := r.Wait()
	if place := failure.PlaceOf(err); err == nil || place.Step != "paid" {
		t.Errorf("%v is an error of %+v", err, place)
	}
}
