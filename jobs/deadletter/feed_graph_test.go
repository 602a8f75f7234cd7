package deadletter

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/jobtest"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// graphJob has a step of each kind that dead letters are fed to: a source, a
// projection, one behind an unnest, an aggregate.
const graphJob = `
name: fed
sources:
  events:
    file: { path: events.jsonl }
    format: json
    schema: { at: timestamp, event_time: string, n: int64, tags: [string] }
    event_time: { column: at, watermark_delay: 3s, idle_after: 2s }
    on_error: dead_letter
  others: { datagen: { rows: 5 }, schema: { n: int64 } }
steps:
  - { id: shares, input: events, select: [event_time, 12 / n AS n, tags], on_error: dead_letter, parallelism: 2 }
  - { id: apart, unnest: tags AS tag, where: 12 / n > 1, on_error: drop }
  - { id: sums, key_by: [tag], where: 3 / n > 0, window: { tumble: 1h }, aggregate: { rows: count(*) }, on_error: dead_letter }
  - { id: late, input: sums.late, select: [tag] }
sinks:
  results: { input: sums, blackhole: {} }
  late_results: { input: late, blackhole: {} }
  copies: { input: others, blackhole: {} }
  broken: { input: events.dead_letter, blackhole: {} }
  failed: { input: shares.dead_letter, blackhole: {} }
  unsummed: { input: sums.dead_letter, blackhole: {} }
`

// TestFedGraph holds the graph of a job that is fed.
func TestFedGraph(t *testing.T) {
	fs, at := memfs.New(), record.Time(1)
	write(t, fs, "job.yaml", graphJob)
	loaded, err := jobs.Load(builtin.Registry(), fs, "job.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	feed := newFeed(&Box{known: known{builtin.Registry()}, files: fs, dir: "box"})
	for _, l := range []Letter{
		{Step: "events", Kind: stream.LetterRecord},
		{Step: "apart", Kind: stream.LetterRow},
		{Step: "sums", Kind: stream.LetterRow, Time: &at},
		{Step: "shares", Kind: stream.LetterRow, Time: &at},
	} {
		feed.add(&l)
	}
	if err := feed.rewire(loaded, "box/feeding", ".csv"); err != nil {
		t.Fatal(err)
	}
	golden.Text(t, "testdata/fed.txt", jobtest.Layout(loaded.Graph, 1, 3))
}

// TestFeedOfUnknownSteps holds the message about letters of a step that is not there.
func TestFeedOfUnknownSteps(t *testing.T) {
	fs := memfs.New()
	write(t, fs, "job.yaml", graphJob)
	for step, want := range map[string]string{
		"share":  `the job has no such source or step; did you mean "shares"?; feed them`,
		"zzzzzz": `the job has no such source or step; there are events, others, shares, apart, sums, late; feed them`,
		"copies": `holds dead letters of "copies" that are not rows of that step in this job; is it another job?`,
	} {
		loaded, err := jobs.Load(builtin.Registry(), fs, "job.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		feed := newFeed(&Box{known: known{builtin.Registry()}, files: fs, dir: "box"})
		feed.add(&Letter{Step: step, Kind: stream.LetterRow})
		if err := feed.rewire(loaded, "box/feeding", ".csv"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %s", step, err, want)
		}
	}
}
