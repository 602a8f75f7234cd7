package jobs

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/conntest/bus"
	"github.com/weirstream/weir/jobs/explain"
	"github.com/weirstream/weir/runtime/record"
)

const historyJob = `
name: history
sources:
  orders:
    history:
      file: { path: old/*.csv, parallel: true }
      format: csv
    then:
      bus: { metadata: { offset: place } }
      format: json
    switch_at: 1970-01-01T00:00:30Z
    schema: { at: timestamp, n: int64 }
    event_time: { column: at, watermark_delay: 1m }
steps:
  - { id: sums, input: orders, key_by: [n], window: { tumble: 10s }, aggregate: { rows: count(*), last: max(place) } }
sinks:
  out: { input: orders, file: { path: out }, format: csv }
  results: { input: sums, file: { path: sums }, format: csv }
`

// history has rows of the seconds 0 to 39 in files, and of 20 to 59 on the bus, each once.
func historyOf(rows int) (files map[string]string, b *bus.Bus) {
	files = map[string]string{}
	for f := range 4 {
		var text strings.Builder
		text.WriteString("at,n\n")
		for i := f; i < 2*rows/3; i += 4 {
			fmt.Fprintf(&text, "%v,%d\n", record.Time(i)*1_000_000, i)
		}
		files[fmt.Sprintf("old/%d.csv", f)] = text.String()
	}
	b = &bus.Bus{Partitions: make([][]bus.Message, 3)}
	for i := rows / 3; i < rows; i++ {
		p := i % 3
		b.Partitions[p] = append(b.Partitions[p], bus.Message{Value: fmt.Appendf(nil, `{"n":%d,"at":"%v"}`, i, record.Time(i)*1_000_000)})
	}
	return files, b
}

// Each row comes once, of the one part before the switch and of the other behind it.
func TestHistory(t *testing.T) {
	for _, parallelism := range []int{1, 3} {
		texts, b := historyOf(60)
		texts["job.yaml"] = historyJob
		fs := files(t, texts)
		job, err := Load(withBus(b), fs, "job.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		job.Parallelism = parallelism
		last, err := finish(t, fs, job)
		if err != nil {
			t.Fatal(err)
		}
		if c := last.Steps[0].Counters; c.In != 80 || c.Accepted != 60 || c.Skipped != 20 {
			t.Errorf("%+v", c)
		}
		got := rows(t, fs, "out")
		if len(got) != 60 || got[29] != "1970-01-01T00:00:29Z,29," || got[30] != "1970-01-01T00:00:30Z,30,3" {
			t.Errorf("%d rows, %q", len(got), got)
		}
		if late := last.Steps[2].Counters.Late; late != 0 {
			t.Errorf("%d rows are late", late)
		}
	}
}

// Without a switch all rows of both count.
func TestHistoryWithoutSwitch(t *testing.T) {
	texts, b := historyOf(60)
	texts["job.yaml"] = strings.Replace(historyJob, "    switch_at: 1970-01-01T00:00:30Z\n", "", 1)
	fs := files(t, texts)
	job, err := Load(withBus(b), fs, "job.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := finish(t, fs, job); err != nil {
		t.Fatal(err)
	}
	if n := len(rows(t, fs, "out")); n != 80 {
		t.Errorf("%d rows, want 80", n)
	}
}

// What is wrong with the parts is said at their places.
func TestHistoryThatIsRefused(t *testing.T) {
	texts, b := historyOf(6)
	b.Endless = true
	for _, test := range []struct{ was, is, want string }{
		{"    then:\n      bus: { metadata: { offset: place } }\n      format: json\n", "",
			`job.yaml:5:5: sources.orders.history: needs the key "then" beside it: what the source goes on with, where history has ended`},
		{"format: csv", "format: xml", `job.yaml:7:15: sources.orders.history.format: there is no format "xml"; there are csv, json`},
		{"parallel: true", "watch: 1s", `job.yaml:5:5: sources.orders.history: file has no end, and then would never begin; give one whose input ends`},
		{"      format: json\n", "", `job.yaml:9:7: sources.orders.then.bus: needs the key "format" beside it: how rows are written as bytes, such as format: csv`},
		{"switch_at: 1970-01-01T00:00:30Z", "switch_at: soon",
			`job.yaml:11:16: sources.orders.switch_at: "soon" is neither a date such as 2013-01-05 nor a time such as 2013-01-05T18:00:00Z`},
		{"    schema: { at: timestamp, n: int64 }\n", "", "job.yaml:5:5: sources.orders.history: needs a schema, here or for the source as a " +
			"whole: the columns to read and their types, such as schema: { origin: string }"},
		{"      format: csv\n", "      format: csv\n      schema: { at: timestamp, n: string }\n",
			`job.yaml:4:3: sources.orders: the column "n" is string in history and int64 in then; declare it as the same type in both`},
		{"offset: place", "offset: n", `job.yaml:9:34: bus.metadata.offset: "n" is the name of another column already; choose one of its own`},
		{", watermark_delay: 1m", "", `job.yaml:13:5: sources.orders.event_time: needs the key "watermark_delay", for "sums" goes by event time and more ` +
			`rows may always come; give the time by which the latest rows come late, such as 10s: a longer one loses fewer of them, and results ` +
			`come so much later`},
		{"      file: {", "      fil: {", `job.yaml:6:7: sources.orders.history: there is no key "fil"; did you mean "file"?`},
	} {
		texts["job.yaml"] = strings.Replace(historyJob, test.was, test.is, 1)
		_, err := Load(withBus(b), files(t, texts), "job.yaml", nil)
		if err == nil || !slices.Contains(strings.Split(err.Error(), "\n"), test.want) {
			t.Errorf("%s: %v\nwant %s", test.is, err, test.want)
		}
	}
}

// Explain shows both parts.
func TestExplainHistory(t *testing.T) {
	texts, b := historyOf(6)
	texts["job.yaml"] = historyJob
	job, err := Load(withBus(b), files(t, texts), "job.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := explain.Of(job, 1)
	if err != nil {
		t.Fatal(err)
	}
	const want = `
orders: history source
  history      file: {path: old/*.csv, parallel: true}, format: csv
  then         bus: {metadata: {offset: place}}, format: json
  switch_at    "1970-01-01T00:00:30Z"
  event time   at, watermark_delay 1m
  emits        at timestamp, n int64, place int64
`
	if text := plan.Text(); !strings.Contains(text, want) {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}
