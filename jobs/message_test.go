package jobs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/conntest/bus"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// busJob reads messages from partitions, of which the key is a column, and the time.
const busJob = `
name: messages
sources:
  orders:
    bus: { metadata: { timestamp: at, key: id, offset: place } }
    format: csv
    schema: { n: int64, s: string }
    event_time: { column: at, watermark_delay: 1m }
    on_error: drop
steps:
  - { id: shaped, select: [at, CAST(id AS string) AS id, place, n, s] }
sinks:
  out: { input: shaped, file: { path: out }, format: csv }
`

func withBus(b *bus.Bus) *component.Registry {
	r := builtin.Registry()
	r.Sources = append(r.Sources, b.SourceType())
	return r
}

func orders() *bus.Bus {
	b := &bus.Bus{}
	for p := range 3 {
		var all []bus.Message
		for i := range 40 {
			m := bus.Message{Key: fmt.Appendf(nil, "%d", i%4), At: record.Time(i) * 1_000_000, Value: fmt.Appendf(nil, "%d,p%d", i, p)}
			switch i % 10 {
			case 3:
				m.Value = nil
			case 5:
				m.Value = []byte("1,a\n2,b\r\n\n3,c")
			case 7:
				m.Value = []byte("one,a")
			case 8:
				m.Value = []byte{}
			}
			all = append(all, m)
		}
		b.Partitions = append(b.Partitions, all)
	}
	return b
}

// Messages are rows, several or none, or fail as a whole, and the counters say so.
func TestMessages(t *testing.T) {
	for _, parallelism := range []int{1, 3} {
		fs := files(t, map[string]string{"job.yaml": busJob})
		job, err := Load(withBus(orders()), fs, "job.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		job.Parallelism = parallelism
		last, err := finish(t, fs, job)
		if err != nil {
			t.Fatal(err)
		}
		// Of ten messages six are a row, one is three, one is skipped, one fails, one is empty.
		c := last.Steps[0].Counters
		if c.In != 12*11 || c.Accepted != 12*9 || c.Skipped != 12 || c.Dropped != 12 {
			t.Errorf("%+v", c)
		}
		rows := rows(t, fs, "out")
		if n := len(rows); n != 12*9 || rows[0] != "1970-01-01T00:00:00Z,0,0,0,p0" {
			t.Errorf("%d rows, the first is %s", n, rows[0])
		}
		for place, want := range map[string]int{",5,1,a": 3, ",5,2,b": 3, ",5,3,c": 3, ",6,6,p1": 1, ",7,": 0, ",8,": 0} {
			if n := strings.Count(strings.Join(rows, "\n")+"\n", place+"\n"); n != want {
				t.Errorf("%d rows end in %s, want %d", n, place, want)
			}
		}
	}
}

// A message that fails has the job fail where nothing else is said, and names its place.
func TestMessageThatFails(t *testing.T) {
	fs := files(t, map[string]string{"job.yaml": strings.Replace(busJob, "    on_error: drop\n", "", 1)})
	job, err := Load(withBus(orders()), fs, "job.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = finish(t, fs, job)
	if want := `bus[0] at offset 7: column "n": "one" is not a whole number`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("it ends with %v, want %s", err, want)
	}
}

// What is wrong with the keys of messages is said where it stands.
func TestMessagesThatAreRefused(t *testing.T) {
	for _, test := range []struct{ was, is, want string }{
		{"offset: place", "ofset: place", `job.yaml:5:48: bus.metadata has no key "ofset"; did you mean "offset"?`},
		{"offset: place", "offset: n", `job.yaml:5:56: bus.metadata.offset: "n" is the name of another column already; choose one of its own`},
		{"offset: place", "offset: id", `job.yaml:5:56: bus.metadata.offset: "id" is the name of another column already; choose one of its own`},
		{"offset: place", "offset: ''", `job.yaml:5:56: bus.metadata.offset: "" is no name of a column`},
		{"format: csv", "format: { csv: { header: true } }", `job.yaml:6:30: csv.header: a message has no line that names the columns; ` +
			`name them in its order, as in [at, kind], or leave it out, and they are those of the schema`},
		{"format: csv", "format: { csv: { skip: 1 } }", `job.yaml:6:28: csv.skip: a message has no lines on top; leave it out`},
		{"n: int64", "n: [int64]", `sources.orders: column "n": csv has no list<int64>; read it as a string, and take it apart with json_value`},
		{"column: at", "column: key", `job.yaml:8:27: sources.orders.event_time.column: there is no column "key"; there are n, s, id, at, place`},
		{"timestamp: at, ", "", `job.yaml:8:27: sources.orders.event_time.column: there is no column "at"; there are n, s, id, place
job.yaml:11:28: steps.shaped.select: there is no column "at"; there are n, s, id, place`},
	} {
		fs := files(t, map[string]string{"job.yaml": strings.Replace(busJob, test.was, test.is, 1)})
		_, err := Load(withBus(orders()), fs, "job.yaml", nil)
		if err == nil || !strings.HasSuffix(err.Error(), test.want) {
			t.Errorf("%s: %v\nwant %s", test.is, err, test.want)
		}
	}
}
