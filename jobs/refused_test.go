package jobs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// picky is a sink that takes odd numbers only.
type picky struct{ stream.NothingToCommit }

func (p picky) NewCommitter(stream.CommitterContext) (stream.Committer, error) { return p, nil }

func (picky) NewWriter(c stream.WriterContext) (stream.Writer, error) { return pickyWriter{c}, nil }

type pickyWriter struct{ context stream.WriterContext }

func (w pickyWriter) Write(b *record.Batch) error {
	defer b.Release()
	var failed []stream.FailedRecord
	for i, n := range b.Columns[0].Int64s()[:b.Len()] {
		if n%2 == 0 {
			failed = append(failed, stream.FailedRow(b, i, fmt.Errorf("%d is even", n)))
		}
	}
	return w.context.Reject(failed)
}

func (pickyWriter) Prepare(stream.CheckpointID) (func() (stream.Pending, error), error) {
	return func() (stream.Pending, error) { return nil, nil }, nil
}

func (pickyWriter) Close() error { return nil }

func pickyRegistry() *component.Registry {
	r := builtin.Registry()
	r.Sinks = append(r.Sinks, component.SinkType{
		Spec: component.Spec{Name: "picky", Summary: "Takes odd numbers."}, Refuses: true,
		New: func(component.Config, component.SinkInputs) (stream.Sink, error) { return picky{}, nil },
	})
	return r
}

// Rows that the destination of a sink refuses go by its on_error.
func TestRefusedRows(t *testing.T) {
	const head = "name: odd\nsources: { numbers: { file: { path: numbers.csv }, format: csv, schema: { n: int64 } } }\n"
	for onError, want := range map[string]struct {
		letters int
		dropped int64
		err     string
	}{
		"fail":        {err: "a row: 2 is even; on_error: drop or dead_letter would continue without the row"},
		"drop":        {dropped: 2},
		"dead_letter": {letters: 2},
	} {
		text := head + "sinks:\n  out: { picky: {}, on_error: " + onError + " }\n"
		if want.letters > 0 {
			text += "  bad: { input: out.dead_letter, file: { path: bad }, format: csv }\n"
		}
		fs := files(t, map[string]string{"odd.yaml": strings.Replace(text, "{ picky", "{ input: numbers, picky", 1), "numbers.csv": "n\n1\n2\n3\n4\n5\n"})
		job, err := Load(pickyRegistry(), fs, "odd.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		last, err := finish(t, fs, job)
		if want.err != "" {
			if err == nil || !strings.Contains(err.Error(), want.err) {
				t.Errorf("%s: the job ends with %v", onError, err)
			}
			continue
		}
		c := last.Steps[1].Counters
		if err != nil || last.State != status.Finished || c.In != 5 || c.Accepted != 3 || c.Dropped != want.dropped || c.DeadLetters != int64(want.letters) {
			t.Errorf("%s: the job is %s: %v, and its sink counts %+v", onError, last.State, err, c)
		}
		if want.letters == 0 {
			continue
		}
		letters := strings.Join(rows(t, fs, "bad"), "\n")
		for _, part := range []string{`out,"",2 is even,eyJuIjoyfQ==,row`, `4 is even`} {
			if !strings.Contains(letters, part) {
				t.Errorf("%s: no %q in\n%s", onError, part, letters)
			}
		}
	}
}

// What a job file says about refused rows is checked.
func TestRefusedRowsInJobFiles(t *testing.T) {
	const head = "name: odd\nsources: { numbers: { file: { path: numbers.csv }, format: csv, schema: { n: int64 } } }\nsinks:\n"
	for text, want := range map[string]string{
		"  out: { picky: {}, on_error: dead_letter }":                                                      "no sink reads the dead letters; give a sink the input out.dead_letter",
		"  out: { input: numbers, picky: {} }\n  bad: { input: out.dead_letter, print: {} }":               "it makes no dead letters; where the destination may refuse rows, write on_error: dead_letter there",
		"  out: { picky: {}, input: numbers }\n  bad: { input: out, print: {} }":                           `"out" is a sink; read what it reads, or its dead letters as out.dead_letter`,
		"  out: { print: {}, on_error: drop }":                                                             "print refuses no row; remove it",
		"  out: { picky: {}, input: out.dead_letter, on_error: dead_letter }":                              "cycle",
		"  out: { picky: {}, input: numbers, on_error: dead_letter }\n  b: { input: out.late, print: {} }": "\"out\" is a sink; read what it reads, or its dead letters as out.dead_letter",
	} {
		fs := files(t, map[string]string{"odd.yaml": head + text + "\n", "numbers.csv": "n\n1\n"})
		_, err := Load(pickyRegistry(), fs, "odd.yaml", nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\nit says %v", text, err)
		}
	}
}
