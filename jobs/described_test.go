package jobs

import (
	"errors"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/explain"
	"github.com/weirstream/weir/runtime/record"
)

const describedJob = `
name: described
sources:
  orders:
    bus: { metadata: { timestamp: at } }
    format: csv
    event_time: { column: at }
steps:
  - { id: shaped, select: [at, n, s] }
sinks:
  out: { input: shaped, file: { path: out }, format: csv }
`

func described() (*record.Schema, error) {
	return record.MustSchema(record.Field{Name: "n", Type: record.Int64}, record.Field{Name: "s", Type: record.String}), nil
}

// A source that knows its columns need not be told them.
func TestSourcesThatDescribeThemselves(t *testing.T) {
	b := orders()
	b.Describe = described
	fs := files(t, map[string]string{"job.yaml": describedJob})
	job, err := Load(withBus(b), fs, "job.yaml", []string{"sources.orders.on_error=drop"})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := explain.Of(job, 1)
	if err != nil {
		t.Fatal(err)
	}
	text := plan.Text()
	for _, want := range []string{"  schema       as the source describes it\n", "  emits        n int64, s string, at timestamp\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("explain does not say %q:\n%s", want, text)
		}
	}
	if _, err := finish(t, fs, job); err != nil {
		t.Fatal(err)
	}
	if got := rows(t, fs, "out"); len(got) != 12*9 || got[0] != "1970-01-01T00:00:00Z,0,p0" {
		t.Errorf("%d rows, the first is %s", len(got), got[0])
	}
}

// A job may name some of the columns, and is told where it is wrong about them.
func TestDescribedColumns(t *testing.T) {
	for _, test := range []struct{ was, is, want string }{
		{"    event_time", "    schema: { s: string, n: int64 }\n    event_time", ""},
		{"    event_time", "    schema: { n: int64 }\n    event_time",
			`job.yaml:10:35: steps.shaped.select: there is no column "s"; there are n, at`},
		{"    event_time", "    schema: { n: int32, s: string }\n    event_time",
			`job.yaml:7:18: sources.orders.schema.n: bus has it as int64; write that here, and CAST it in a step`},
		{"    event_time", "    schema: { n: int64, s: string, m: int64 }\n    event_time",
			`job.yaml:7:39: sources.orders.schema.m: bus has no column "m"; there are n, s`},
		{"    event_time", "    schema: { n: timestamp(ms), s: string }\n    event_time", ""},
		{"    event_time", "    schema: { n: timestamp, s: string }\n    event_time",
			`job.yaml:7:18: sources.orders.schema.n: bus has it as int64; write that here, or timestamp(ms) and the like where it is a time`},
		{"[at, n, s]", "[at, n, x]", `job.yaml:9:35: steps.shaped.select: there is no column "x"; there are n, s, at`},
		{"column: at", "column: n", `job.yaml:7:27: sources.orders.event_time.column: "n" is int64; event time is a timestamp or a date: ` +
			`declare it in the schema as timestamp(s), timestamp(ms), timestamp(us) or timestamp(ns)`},
		{"{ timestamp: at }", "{ timestamp: s }", `job.yaml:5:35: bus.metadata.timestamp: "s" is the name of another column already; choose one of its own`},
	} {
		b := orders()
		b.Describe = described
		fs := files(t, map[string]string{"job.yaml": strings.Replace(describedJob, test.was, test.is, 1)})
		_, err := Load(withBus(b), fs, "job.yaml", nil)
		if test.want == "" && err != nil || test.want != "" && (err == nil || err.Error() != test.want) {
			t.Errorf("%s: %v\nwant %s", test.is, err, test.want)
		}
	}
}

// What keeps a source from describing itself is said at its key, and once.
func TestSourcesThatCannotDescribeThemselves(t *testing.T) {
	fs := files(t, map[string]string{"job.yaml": describedJob})
	b := orders()
	b.Describe = func() (*record.Schema, error) { return nil, errors.New("nobody answers") }
	_, err := Load(withBus(b), fs, "job.yaml", nil)
	if want := "job.yaml:5:5: sources.orders: bus does not say which columns it has: nobody answers"; err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
	b.Describe = func() (*record.Schema, error) { panic("planted") }
	if _, err := Load(withBus(b), fs, "job.yaml", nil); err == nil ||
		!strings.HasPrefix(err.Error(), "job.yaml:5:5: sources.orders: panic, which is a bug in weir: planted\n") {
		t.Error(err)
	}
	b.Describe = func() (*record.Schema, error) { return nil, nil }
	if _, err := Load(withBus(b), fs, "job.yaml", nil); err == nil || !strings.Contains(err.Error(), "it needs a schema") {
		t.Error(err)
	}
	_, err = Load(withBus(orders()), fs, "job.yaml", nil)
	if want := `job.yaml:5:5: sources.orders.bus: needs the key "schema" beside it: the columns to read and their types, such as schema: { origin: string }`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v\nwant %s", err, want)
	}
}
