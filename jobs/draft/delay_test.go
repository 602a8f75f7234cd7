package draft

import (
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/record"
)

// TestChooseDelay holds the delays that are proposed for rows in several kinds of disorder.
func TestChooseDelay(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	start := record.TimeOf(time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC))
	rows := func(n int, step, disorder time.Duration) []record.Time {
		times := make([]record.Time, n)
		for i := range times {
			times[i] = start.Add(time.Duration(i)*step - time.Duration(random.Int64N(int64(disorder)+1)))
		}
		return times
	}
	with := func(times []record.Time, i int, by time.Duration) []record.Time {
		times[i] = times[i].Add(by)
		return times
	}
	month := rows(30_000, time.Minute, 0)
	for _, test := range []struct {
		name  string
		times []record.Time
		delay time.Duration
		late  bool
		early []int
	}{
		{"one row", month[:1], 0, false, nil},
		{"in order", month, 0, false, nil},
		{"equal", slices.Repeat(month[:1], 100), 0, false, nil},
		{"a little out of order", rows(10_000, time.Second, 20*time.Second), 30 * time.Second, false, nil},
		{"one row in ten thousand a day late", with(rows(10_000, time.Second, 3*time.Second), 9000, -24*time.Hour), 5 * time.Second, true, nil},
		{"a clock that is years ahead", with(rows(10_000, time.Second, 3*time.Second), 5000, 80*365*day), 5 * time.Second, false, []int{5000}},
		{"the first clock ahead", with(rows(10_000, time.Second, 0), 0, 80*365*day), 0, false, []int{0}},
		{"the last clock ahead", with(rows(10_000, time.Second, 0), 9999, 80*365*day), 0, false, nil},
		{"a night without rows", append(rows(5000, time.Second, 3*time.Second),
			with(rows(5000, time.Second, 0), 0, 0)...), 2 * time.Hour, false, nil},
		{"sorted by something else", slices.Concat(month, month, month), 31 * day, false, nil},
	} {
		h := chooseDelay(test.times)
		if h.delay != test.delay || h.late > 0 != test.late || !slices.Equal(h.early, test.early) {
			t.Errorf("%s: %+v", test.name, h)
		}
	}
	h := hold(with(with(rows(1000, time.Second, 0), 500, -2*time.Hour), 700, -time.Hour), 10*time.Second)
	if want := (2*time.Hour - 11*time.Second).Microseconds(); h.late != 2 || h.most != want {
		t.Errorf("of two rows the latest is late by %d µs, want %d: %+v", h.most, want, h)
	}
}

// A draft for a folder that files come to has the delay that its first file asks for, and
// names what that does not hold.
func TestDraftOfAFolder(t *testing.T) {
	var text strings.Builder
	text.WriteString("at,kind\n")
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 20_000 {
		at := time.Date(2024, 3, 1, 0, 0, i-random.IntN(8), 0, time.UTC)
		switch i {
		case 12_000: // behind what a sample has
			at = at.Add(-time.Hour)
		case 15_000:
			at = at.AddDate(75, 0, 0)
		}
		fmt.Fprintf(&text, "%s,%c\n", at.Format(time.RFC3339), 'a'+i%3)
	}
	for name, content := range map[string]string{"inbox/1.csv": text.String(), "inbox/1.jsonl": asLines(text.String())} {
		fs := memfs.New()
		err := fs.MkdirAll("inbox")
		if err == nil {
			err = env.WriteFile(fs, name, []byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
		d, err := FromFile(Options{Registry: builtin.Registry(), Files: fs, Name: "inbox", Path: name, File: "inbox.yaml", Watch: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"    file: { path: inbox/*" + path.Ext(name) + ", watch: 2s }\n", "{ column: at, watermark_delay: 10s } #"} {
			if !strings.Contains(d.Text, want) {
				t.Errorf("no %q in\n%s", want, d.Text)
			}
		}
		notes := strings.Join(d.Notes, "\n")
		for _, want := range []string{"watermark_delay 10s holds all but 1 of 19999 rows, which come up to 59m49s later", "row 15001 has 2099-03-01T04:"} {
			if !strings.Contains(notes, want) {
				t.Errorf("no %q in\n%s", want, notes)
			}
		}
	}
}

// A few clocks that are wrong by a century make no other column the event time, nor
// windows of years.
func TestDraftWithWrongClocks(t *testing.T) {
	for _, watch := range []bool{false, true} {
		var text strings.Builder
		text.WriteString("at,kind\n")
		for i := range 4000 {
			at := time.Date(2024, 3, 1, 0, 0, i, 0, time.UTC)
			switch i {
			case 1000:
				at = at.AddDate(75, 0, 0)
			case 2000:
				at = at.AddDate(-54, 0, 0)
			}
			fmt.Fprintf(&text, "%s,%c\n", at.Format(time.RFC3339), 'a'+i%3)
		}
		fs := memfs.New()
		if err := env.WriteFile(fs, "1.csv", []byte(text.String())); err != nil {
			t.Fatal(err)
		}
		d, err := FromFile(Options{Registry: builtin.Registry(), Files: fs, Name: "job", Path: "1.csv", File: "job.yaml", Watch: watch})
		if err != nil {
			t.Fatal(err)
		}
		notes := strings.Join(d.Notes, "\n")
		if !strings.Contains(d.Text, "event_time: { column: at") || !strings.Contains(d.Text, "window: { tumble: 10m }") ||
			watch && (!strings.Contains(d.Text, "watermark_delay: 0s") || !strings.Contains(notes, "row 1001 has 2099-03-01")) {
			t.Errorf("%s\n%s", d.Text, notes)
		}
	}
}

// asLines returns CSV of two columns as JSON Lines.
func asLines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if at, kind, _ := strings.Cut(strings.TrimSpace(line), ","); at != "at" {
			fmt.Fprintf(&b, "{\"at\":%q,\"kind\":%q}\n", at, kind)
		}
	}
	return b.String()
}
