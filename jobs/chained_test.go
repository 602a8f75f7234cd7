package jobs

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// chainedJob counts flights by the hour or session, and the results by the day.
const chainedJob = `
name: chained
sources:
  departures:
    file: { path: %s }
    format: csv
    schema: { scheduled_at: timestamp, origin: string }
    event_time: { column: scheduled_at, watermark_delay: 30m }
steps:
  - id: fine
    key_by: [origin]
    window: { %s, allowed_lateness: 90m }
    aggregate: { flights: count(*) }
  - id: coarse
    key_by: [origin]
    window: { tumble: 1d }
    aggregate: { flights: sum(flights) }
sinks:
  out: { print: {} }
`

// TestWindowsOfWindows holds results of windows to being on time for the
// windows that take them in, although they waited for late rows themselves.
func TestWindowsOfWindows(t *testing.T) {
	data, err := filepath.Abs("examples/data/departures-2013-01.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	for _, windows := range []string{"tumble: 1h", "hop: { size: 1h, slide: 30m }", "session: 10m"} {
		var alone []string // what comes out of one subtask
		for _, parallelism := range []int{1, 3} {
			path := filepath.Join(t.TempDir(), "chained.yaml")
			if err := os.WriteFile(path, fmt.Appendf(nil, chainedJob, data, windows), 0o644); err != nil {
				t.Fatal(err)
			}
			out, last := runToEnd(t, path, parallelism)
			var results int64
			for _, s := range last.Steps {
				if s.ID == "fine" && s.Counters.LatePairs == 0 {
					t.Errorf("%s: no row came late: the test is too tame", windows)
				}
				if s.ID == "coarse" {
					results = s.Counters.In
					if s.Counters.Late > 0 {
						t.Errorf("%s, parallelism %d: %d of %d results were late for the day", windows, parallelism, s.Counters.Late, s.Counters.In)
					}
				}
			}
			lines := strings.Split(out, "\n")
			slices.Sort(lines)
			if parallelism == 1 {
				alone = lines
			} else if !slices.Equal(lines, alone) { // rows that are together by key do not move again
				t.Errorf("%s, parallelism %d: came out\n%s\nand of one subtask\n%s", windows, parallelism, strings.Join(lines, "\n"), strings.Join(alone, "\n"))
			}
			if results == 0 || strings.Count(out, "\n") < 31*3 {
				t.Errorf("%s: %d results became\n%s", windows, results, out)
			}
		}
	}
}
