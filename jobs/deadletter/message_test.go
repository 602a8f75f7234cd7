package deadletter

import (
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/conntest/bus"
	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/record"
)

const messages = `
name: messages
sources:
  orders:
    bus: { metadata: { timestamp: at, partition: part, key: id, headers: tags } }
    format: json
    schema: { n: TYPE }
    event_time: { column: at, watermark_delay: 0s }
    on_error: dead_letter
steps:
  - { id: shaped, input: orders, select: [at, part, CAST(id AS string) AS id, n, "tags[1].name AS tag"] }
sinks:
  rows: { input: shaped, file: { path: rows }, format: csv }
  broken: { input: orders.dead_letter, file: { path: broken }, format: json }
`

// Messages that failed go through the job once it can take them, with the metadata that
// they had: nothing is asked of where they came from.
func TestFeedMessages(t *testing.T) {
	day := record.Time(24 * 3600 * 1_000_000)
	b := &bus.Bus{Partitions: [][]bus.Message{
		{{Key: []byte("a"), Value: []byte(`{"n":1}`), At: day}, {Value: []byte(`{"n":"x"}`), At: 2 * day}},
		{{Key: []byte("b"), Value: []byte(`[{"n":2},{"n":"y"}]`), At: day, Headers: []bus.Header{{Name: "h", Value: "v"}}}},
	}}
	registry := builtin.Registry()
	registry.Sources = append(registry.Sources, b.SourceType())
	fs := memfs.New()
	write(t, fs, "job.yaml", strings.Replace(messages, "TYPE", "int64", 1))
	job, err := jobs.Load(registry, fs, "job.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	run, err := jobs.Start(job, jobs.Options{Env: environment(fs), StateDir: "state"})
	if err == nil {
		_, err = run.Wait()
	}
	if err != nil {
		t.Fatal(err)
	}
	if got, want := sorted(t, fs, "rows"), "1970-01-02T00:00:00Z,0,a,1,"; got != want {
		t.Errorf("rows holds\n%s\nwant\n%s", got, want)
	}
	box, err := Open(registry, fs, "broken")
	if err != nil {
		t.Fatal(err)
	}
	files, err := box.Files()
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	var places []string
	err = box.Read(environment(fs), files[0], func(l Letter) error {
		places = append(places, l.Position+": "+l.Error)
		return nil
	})
	slices.Sort(places)
	if want := []string{
		`bus[0] at offset 1: character 6: column "n": "x" is not a whole number; correct it, or write null`,
		`bus[1] at offset 0: character 15: column "n": "y" is not a whole number; correct it, or write null`,
	}; err != nil || !slices.Equal(places, want) {
		t.Errorf("the letters are %q, %v, want %q", places, err, want)
	}
	b.Partitions = nil // it need not be there
	write(t, fs, "job.yaml", strings.Replace(messages, "TYPE", "string", 1))
	rounds, _, err := feedWith(registry, fs, "broken", nil)
	if err != nil || !slices.Equal(rounds, []string{"2 of orders"}) {
		t.Fatalf("%v: %v", rounds, err)
	}
	want := "1970-01-02T00:00:00Z,0,a,1,\n1970-01-02T00:00:00Z,1,b,2,h\n1970-01-02T00:00:00Z,1,b,y,h\n1970-01-03T00:00:00Z,0,,x,"
	if got := sorted(t, fs, "rows"); got != want {
		t.Errorf("rows holds\n%s\nwant\n%s", got, want)
	}
}
