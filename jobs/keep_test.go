package jobs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// shaky is a registry with a sink, a file sink in all else, whose writers fail when they are made
// as often as a test wants.
func shaky(failures *atomic.Int64, as func(error) error) *component.Registry {
	r := builtin.Registry()
	file := *r.Sink("file")
	file.Spec.Name = "shaky"
	made := file.New
	file.New = func(c component.Config, in component.SinkInputs) (stream.Sink, error) {
		s, err := made(c, in)
		return shakySink{s, failures, as}, err
	}
	r.Sinks = append(r.Sinks, file)
	return r
}

type shakySink struct {
	stream.Sink
	failures *atomic.Int64
	as       func(error) error
}

func (s shakySink) NewWriter(c stream.WriterContext) (stream.Writer, error) {
	if s.failures.Load() > 0 {
		s.failures.Add(-1)
		return nil, s.as(errors.New("planted: connection reset"))
	}
	w, err := s.Sink.NewWriter(c)
	return shakyWriter{w, s}, err
}

// shakyWriter fails in the middle, at some checkpoints, while failures are below -1e9: 3 below is
// three times.
type shakyWriter struct {
	stream.Writer
	sink shakySink
}

func (w shakyWriter) Prepare(id stream.CheckpointID) (func() (stream.Pending, error), error) {
	finish, err := w.Writer.Prepare(id)
	return func() (stream.Pending, error) {
		if left := w.sink.failures.Load(); id%2 == 0 && -2_000_000_000 < left && left < -1_000_000_000 {
			w.sink.failures.Add(1)
			return nil, errors.New("planted: broken pipe")
		}
		return finish()
	}, err
}

// napper is a clock whose naps are noted, and over at once.
type napper struct {
	env.Clock
	naps []time.Duration
}

func (n *napper) Sleep(ctx context.Context, d time.Duration) error {
	n.naps = append(n.naps, d)
	return ctx.Err()
}

const shakyJob = `name: shaky
sources: { numbers: { file: { path: numbers.csv }, format: csv, schema: { n: int64 } } }
sinks: { out: { shaky: { path: out }, format: csv } }
`

// keep runs a job that fails so often when it starts.
func keep(t *testing.T, restart string, failures int64, as func(error) error) (*memfs.FS, status.Job, []time.Duration, []string, error) {
	t.Helper()
	left := &atomic.Int64{}
	left.Store(failures)
	fs := files(t, map[string]string{"shaky.yaml": shakyJob + restart, "numbers.csv": "n\n1\n2\n3\n"})
	job, err := Load(shaky(left, as), fs, "shaky.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Env: env.Real()}
	o.Env.Files = fs
	clock := &napper{Clock: o.Env.Clock}
	o.Env.Clock = clock
	var warnings []string
	o.Warn = func(err error) { warnings = append(warnings, err.Error()) }
	k, err := Keep(job, o)
	if err != nil {
		t.Fatal(err)
	}
	last, err := k.Wait()
	if names, listErr := fs.ReadDir(os.TempDir()); listErr == nil && len(names) > 0 {
		t.Errorf("temporary checkpoints are left: %v", names)
	}
	return fs, last, clock.naps, warnings, err
}

// A job that fails is started again as it says, and its output is there once.
func TestRestarts(t *testing.T) {
	plain := func(err error) error { return err }
	for _, test := range []struct {
		restart  string
		failures int64
		as       func(error) error
		naps     string
		fails    bool
	}{
		{"", 1, plain, "[]", true},
		{"restart: {}", 0, plain, "[]", false},
		{"restart: {}", 3, plain, "[1s 1s 1s]", false},
		{"restart: { delay: 1s, max_delay: 5s }", 5, plain, "[1s 2s 4s 5s 5s]", false},
		{"restart: { delay: 2s, most: 2 }", 2, plain, "[2s 2s]", false},
		{"restart: { delay: 2s, most: 2 }", 3, plain, "[2s 2s]", true},
		{"restart: { most: 2, within: 1ns }", 5, plain, "[1s 1s 1s 1s 1s]", false},
		{"restart: { most: 2, within: 1h }", 5, plain, "[1s 1s]", true},
		{"restart: {}", 1, failure.Transient, "[1s]", false},
		{"restart: {}", 1, failure.Restart, "[1s]", false},
		{"restart: {}", 1, failure.Fatal, "[]", true},
		{"restart: {}", 1, failure.Invalid, "[]", true},
	} {
		fs, last, naps, warnings, err := keep(t, test.restart, test.failures, test.as)
		name := fmt.Sprintf("%s, %d failures", test.restart, test.failures)
		if got := fmt.Sprint(naps); got != test.naps {
			t.Errorf("%s: it waits %s, want %s", name, got, test.naps)
		}
		if last.Restarts.Count != int64(len(naps)) || len(naps) > 0 && (!strings.Contains(last.Restarts.Why, "connection reset") || last.Restarts.At.IsZero()) {
			t.Errorf("%s: the status says %+v", name, last.Restarts)
		}
		if len(warnings) != len(naps) || len(naps) > 0 && !strings.Contains(warnings[0], "the job has failed, and is started again in ") {
			t.Errorf("%s: it warns %q", name, warnings)
		}
		if test.fails {
			if err == nil || !strings.Contains(err.Error(), "connection reset") || last.State != status.Failed {
				t.Errorf("%s: the job is %s: %v", name, last.State, err)
			}
			continue
		}
		if got := strings.Join(rows(t, fs, "out"), " "); err != nil || last.State != status.Finished || got != "1 2 3" {
			t.Errorf("%s: the job is %s: %v, and wrote %q", name, last.State, err, got)
		}
	}
}

// A job that fails behind checkpoints goes on from them, in one process and a temporary folder:
// it writes what it writes undisturbed.
func TestRestartsInTheMiddle(t *testing.T) {
	want, restarts := countInHours(t, 0)
	if restarts != 0 || len(want) < 7*17 {
		t.Fatalf("undisturbed it writes %d rows after %d restarts", len(want), restarts)
	}
	for range 20 { // a machine may be too quick for a second checkpoint
		got, again := countInHours(t, 3)
		if restarts += again; !slices.Equal(got, want) {
			t.Errorf("after %d restarts it wrote %d rows, want %d", again, len(got), len(want))
		}
		if restarts > 5 {
			return
		}
	}
	t.Errorf("too tame: there were %d restarts", restarts)
}

// countInHours counts numbers, a second each, while checkpoints fail the job so often at most.
func countInHours(t *testing.T, failures int64) (written []string, restarts int64) {
	t.Helper()
	left := &atomic.Int64{}
	left.Store(-1_000_000_000 - failures)
	var input strings.Builder
	for i := range 60_000 {
		fmt.Fprintln(&input, i)
	}
	fs := files(t, map[string]string{"numbers.csv": "at\n" + input.String(), "shaky.yaml": `name: shaky
sources: { numbers: { file: { path: numbers.csv }, format: csv, schema: { at: timestamp(s) }, event_time: { column: at, watermark_delay: 1s } } }
steps:
  - { id: kinds, select: [extract(minute from at) % 7 AS kind] }
  - { id: counts, key_by: [kind], window: { tumble: 1h }, aggregate: { n: count(*) } }
sinks: { out: { shaky: { path: out }, format: csv } }
checkpoint: { interval: 1ms }
restart: { delay: 1ms }
`})
	job, err := Load(shaky(left, nil), fs, "shaky.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Env: env.Real()}
	o.Env.Files = fs
	k, err := Keep(job, o)
	if err != nil {
		t.Fatal(err)
	}
	last, err := k.Wait()
	if err != nil || last.State != status.Finished {
		t.Fatalf("the job is %s after %d restarts: %v", last.State, last.Restarts.Count, err)
	}
	return rows(t, fs, "out"), last.Restarts.Count
}

// A job that waits for its restart says so, and can be stopped.
func TestStopBeforeARestart(t *testing.T) {
	left := &atomic.Int64{}
	left.Store(1)
	fs := files(t, map[string]string{"shaky.yaml": shakyJob + "restart: { delay: 1h }", "numbers.csv": "n\n1\n"})
	job, err := Load(shaky(left, func(err error) error { return err }), fs, "shaky.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Env: env.Real()}
	o.Env.Files = fs
	waits := make(chan struct{})
	o.Warn = func(error) { close(waits) }
	k, err := Keep(job, o)
	if err != nil {
		t.Fatal(err)
	}
	var last status.Job
	ended := make(chan struct{})
	go func() {
		last, err = k.Wait()
		close(ended)
	}()
	<-waits
	const want = "its restart in 1h0m0s: "
	if s, d := k.Status(), k.Detail(); s.State != status.Waiting || !strings.HasPrefix(s.Waits, want) || d.State != s.State || d.Waits != s.Waits {
		t.Errorf("the status is %s, %q, and in detail %s, %q", s.State, s.Waits, d.State, d.Waits)
	}
	k.Stop()
	<-ended
	if err != nil || last.State != status.Stopped || last.Restarts.Count != 1 {
		t.Errorf("the job is %s: %v, %+v", last.State, err, last.Restarts)
	}
}

// The delay begins anew behind a run that has decided a checkpoint.
func TestRestartDelay(t *testing.T) {
	r := retries{policy: &compile.Restart{Delay: time.Second, MaxDelay: 8 * time.Second}}
	var got []time.Duration
	for _, moved := range []bool{false, false, false, true, false} {
		if !r.failed(time.Unix(0, 0), errors.New("planted"), moved) {
			t.Fatal("it gives up")
		}
		got = append(got, r.delay)
	}
	if text := fmt.Sprint(got); text != "[1s 2s 4s 1s 2s]" {
		t.Errorf("it waits %s", text)
	}
}

// What a job file says about restarts is checked.
func TestRestartKeys(t *testing.T) {
	for restart, want := range map[string]string{
		"{ delay: 0s }":                "restart.delay: is 0, and a job that fails at once",
		"{ delay: 2s, max_delay: 1s }": "restart.max_delay: is less than delay, which is 2s",
		"{ within: 5m }":               `needs the key "most" beside it: it is the time in which so many restarts count, such as most: 3`,
		"{ most: 0 }":                  `restart.most: "0" is not a whole number from 1 to 1000000`,
	} {
		fs := files(t, map[string]string{"shaky.yaml": shakyJob + "restart: " + restart, "numbers.csv": "n\n1\n"})
		_, err := Load(shaky(&atomic.Int64{}, nil), fs, "shaky.yaml", nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: it says %v", restart, err)
		}
	}
}
