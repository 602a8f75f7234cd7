package jobs

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// brokenFormat decodes nothing: its decoder panics.
type brokenFormat struct{ stream.Format }

type brokenDecoder struct{ stream.Decoder }

func (brokenFormat) Extension() string { return ".broken" }

func (brokenFormat) NewDecoder(c stream.DecoderContext) (stream.Decoder, error) {
	return brokenDecoder{}, nil
}

func (brokenFormat) NewEncoder(_ *record.Schema, to io.Writer) (stream.Encoder, error) {
	return brokenEncoder{}, nil
}

func (brokenDecoder) Next() (*record.Batch, []stream.FailedRecord, error) { panic("planted: decoder") }
func (brokenDecoder) Bookmark() stream.Bookmark                           { return stream.Bookmark{} }
func (brokenDecoder) Close()                                              {}

type brokenEncoder struct{}

func (brokenEncoder) Header() error              { return nil }
func (brokenEncoder) Encode(*record.Batch) error { panic("planted: encoder") }

// brokenSource says that it has integers and returns rows without, so that the
// function that is to add them panics.
type brokenSource struct{ pool *record.Pool }

var brokenSchema = record.MustSchema(record.Field{Name: "n", Type: record.Int64})

func (brokenSource) Schema() *record.Schema { return brokenSchema }

func (brokenSource) NewEnumerator(env.Env, []byte) (stream.Enumerator, error) {
	return brokenSource{}, nil
}

func (brokenSource) NewReader(c stream.ReaderContext) (stream.Reader, error) {
	return brokenSource{c.Pool}, nil
}

func (brokenSource) Discover(context.Context) (stream.Discovery, error) {
	return stream.Discovery{Splits: []stream.Split{{ID: "all"}}, Done: true}, nil
}

func (brokenSource) Finished(stream.SplitID)     {}
func (brokenSource) Snapshot() ([]byte, error)   { return []byte("{}"), nil }
func (brokenSource) Assign([]stream.Split) error { return nil }
func (brokenSource) Close() error                { return nil }

func (s brokenSource) Fetch(context.Context) (stream.Fetched, error) {
	return stream.FetchedOf(stream.Piece{Split: "all", Finished: true}, s.pool.NewBatch(brokenSchema, 1)), nil
}

// brokenSink panics on another goroutine than that of its subtask.
type brokenSink struct{ stream.Sink }

func (brokenSink) NewWriter(stream.WriterContext) (stream.Writer, error) { return brokenWriter{}, nil }

func (brokenSink) NewCommitter(stream.CommitterContext) (stream.Committer, error) {
	return brokenWriter{}, nil
}

type brokenWriter struct{ stream.Committer }

func (brokenWriter) Write(b *record.Batch) error { b.Release(); return nil }
func (brokenWriter) Close() error                { return nil }
func (brokenWriter) Abort(context.Context) error { return nil }

func (brokenWriter) Prepare(stream.CheckpointID) (func() (stream.Pending, error), error) {
	return func() (stream.Pending, error) { panic("planted: upload") }, nil
}

// brokenRegistry holds components that panic beside those that work.
func brokenRegistry() *component.Registry {
	r := builtin.Registry()
	r.Formats = append(r.Formats, component.FormatType{
		Spec: component.Spec{Name: "broken"},
		New:  func(component.Config) (stream.Format, error) { return brokenFormat{}, nil },
	})
	r.Sources = append(r.Sources, component.SourceType{
		Spec: component.Spec{Name: "liar"},
		New:  func(component.Config, component.SourceInputs) (stream.Source, error) { return brokenSource{}, nil },
	}, component.SourceType{
		Spec: component.Spec{Name: "unmakeable"},
		New:  func(component.Config, component.SourceInputs) (stream.Source, error) { panic("planted: constructor") },
	})
	r.Sinks = append(r.Sinks, component.SinkType{
		Spec: component.Spec{Name: "broken_sink"},
		New:  func(component.Config, component.SinkInputs) (stream.Sink, error) { return brokenSink{}, nil },
	})
	return r
}

// A component that panics fails its job, by the name of its step, and no other
// job of the process.
func TestPanicsFailOneJob(t *testing.T) {
	const numbers = "name: broken\nsources: { numbers: { file: { path: numbers.csv }, format: csv, schema: { n: int64 } } }\n"
	for _, test := range []struct{ job, step, reason string }{
		{"name: broken\nsources: { numbers: { file: { path: numbers.csv }, format: broken, schema: { n: int64 } } }\nsinks: { out: " +
			"{ blackhole: {} } }",
			"numbers", "planted: decoder"},
		{"name: broken\nsources: { numbers: { liar: {} } }\nsteps: [{ id: sums, select: [n + 1 AS m] }]\nsinks: { out: { blackhole: {} } }",
			"sums", ""},
		{numbers + "sinks: { out: { file: { path: broken }, format: broken } }",
			"out", "planted: encoder"},
		{numbers + "sinks: { out: { broken_sink: {} } }",
			"out", "planted: upload"},
	} {
		fs := files(t, map[string]string{"broken.yaml": test.job, "tiny.yaml": tinyJob, "numbers.csv": "n\n1\n2\n4\n"})
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				job, err := Load(brokenRegistry(), fs, "broken.yaml", nil)
				if err != nil {
					t.Error(err)
					return
				}
				_, err = finish(t, fs, job)
				if err == nil || !strings.Contains(err.Error(), "panic, which is a bug in weir: "+test.reason) {
					t.Errorf("%s: the job ends with: %v", test.step, err)
					return
				}
				if first, _, _ := strings.Cut(err.Error(), "\n"); !strings.Contains(first, test.step) {
					t.Errorf("the error does not name %s: %s", test.step, first)
				}
			})
		}
		job, err := Load(builtin.Registry(), fs, "tiny.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		if last, err := finish(t, fs, job); err != nil || last.State != status.Finished {
			t.Errorf("beside %s: the sound job is %s: %v", test.step, last.State, err)
		}
		all.Wait()
		if got := strings.Join(rows(t, fs, "out"), " "); got != "2 4" {
			t.Errorf("beside %s: the sound job wrote %q", test.step, got)
		}
	}
}

// finish runs a job with checkpoints of its own.
func finish(t *testing.T, fs *memfs.FS, job *Job) (status.Job, error) {
	o := Options{Env: env.Real()}
	o.Env.Files = fs
	run, err := Start(job, o)
	if err != nil {
		t.Error(err)
		return status.Job{}, err
	}
	return run.Wait()
}

// A panic while a job file is read is a problem with a place.
func TestPanicOfAConstructorIsAProblem(t *testing.T) {
	fs := files(t, map[string]string{"job.yaml": "name: broken\nsources:\n  numbers: { unmakeable: {} }\nsinks: { out: { blackhole: {} } }\n"})
	_, err := Load(brokenRegistry(), fs, "job.yaml", nil)
	if err == nil || !strings.HasPrefix(err.Error(), "job.yaml:3:3: sources.numbers: panic, which is a bug in weir: planted: constructor\n") {
		t.Errorf("it says %v", err)
	}
}
