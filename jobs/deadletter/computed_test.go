package deadletter

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env/memfs"
)

const computedJob = `
name: computed
sources:
  events:
    file: { path: in.csv }
    format: csv
    schema: { day: string, clock: string, n: int64 }
    event_time: { expression: "CAST(day || 'T' || clock || 'Z' AS timestamp)" }
    on_error: dead_letter
steps:
  - { id: hours, window: { tumble: 1h }, aggregate: { n: "sum(n)" } }
sinks:
  out: { input: hours, file: { path: out }, format: csv }
  broken: { input: events.dead_letter, file: { path: broken }, format: json }
`

// TestFeedComputedTimes feeds rows whose event time could not be computed, and records, to
// a job whose expression takes them.
func TestFeedComputedTimes(t *testing.T) {
	fs := memfs.New()
	write(t, fs, "in.csv", "day,clock,n\n2013-01-01,10:00:00,1\n2013-01-01,25:00:00,2\n2013-01-01,,4\n2013-01-01,11:30:00,x8\n")
	write(t, fs, "job.yaml", computedJob)
	start(t, fs)
	if got := letters(t, fs, "broken"); len(got) != 3 {
		t.Fatalf("the letters are %v", got)
	}
	write(t, fs, "job.yaml", strings.NewReplacer("n: int64", "n: string", "sum(n)", "sum(CAST(replace(n, 'x', '') AS int64))",
		"CAST(day || 'T' || clock || 'Z' AS timestamp)", "COALESCE(TRY_CAST(day || 'T' || clock || 'Z' AS timestamp), CAST(day || 'T12:00:00Z' AS timestamp))",
	).Replace(computedJob))
	if _, last, err := feedAll(fs, "broken"); err != nil {
		t.Fatalf("the feed is %s: %v", last.State, err)
	}
	const want = "2013-01-01T10:00:00Z,2013-01-01T11:00:00Z,1\n2013-01-01T11:00:00Z,2013-01-01T12:00:00Z,8\n" +
		"2013-01-01T12:00:00Z,2013-01-01T13:00:00Z,6"
	if got := strings.TrimSpace(sorted(t, fs, "out")); !strings.Contains(got, want) {
		t.Errorf("the windows are %q, not %q", got, want)
	}
}
