package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The example over one of its weeks gives the rows of that week, and says how
// many rows it skipped.
func TestReplay(t *testing.T) {
	code, stdout, stderr := weir("run", "../../jobs/examples/departure-delays.yaml", "--from", "2013-01-08", "--until", "2013-01-15T00:00:00Z")
	want := `origin window_start window_end flights delayed mean_delay worst
LGA 2013-01-08T00:00:00Z 2013-01-15T00:00:00Z 1793 144 -0.2649191299498048 385
JFK 2013-01-08T00:00:00Z 2013-01-15T00:00:00Z 2050 283 7.188780487804878 1301
EWR 2013-01-08T00:00:00Z 2013-01-15T00:00:00Z 2220 333 7.1058558558558556 1126
`
	if code != 0 || squeezed(stdout) != want {
		t.Errorf("exit code %d, printed\n%s", code, stdout)
	}
	want = `step rows in accepted late dropped dead letters skipped rows out watermark
departures 26475 6063 0 0 0 20412 6063 end
`
	if !strings.HasPrefix(squeezed(stderr), want) {
		t.Errorf("said\n%s", stderr)
	}
}

// squeezed returns a table with single blanks between its cells.
func squeezed(table string) string {
	var b strings.Builder
	for line := range strings.Lines(table) {
		b.WriteString(strings.Join(strings.Fields(line), " ") + "\n")
	}
	return b.String()
}

func TestReplayRefuses(t *testing.T) {
	path := job(t, generated)
	for _, test := range []struct{ args, text string }{
		{"--from today", `weir: --from: "today" is neither a date such as 2013-01-05 nor a time such as 2013-01-05T18:00:00Z`},
		{"--from 2013-01-01", `weir: source "numbers" has no event time, by which a range selects rows; give it one: event_time: { column: … }`},
		{"--show even --until 2013-01-01", `weir: source "numbers" has no event time`},
	} {
		code, _, stderr := weir(append([]string{"run", path}, strings.Fields(test.args)...)...)
		if code != exitBadJob || !strings.HasPrefix(stderr, test.text) {
			t.Errorf("%s: exit code %d, said %s", test.args, code, stderr)
		}
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(path), "state")); err == nil {
		t.Error("something was started")
	}
}
