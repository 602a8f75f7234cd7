package draft_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/draft"
	"github.com/weirstream/weir/runtime/env"
)

// TestBehindTheSample drafts jobs from files whose last rows are unlike the first, which
// are all that is looked at before: the jobs read every row, unless one is broken.
func TestBehindTheSample(t *testing.T) {
	const many = 20_000
	rows := func(format string) string {
		var b strings.Builder
		for i := range many {
			fmt.Fprintf(&b, format+"\n", i, i%3)
		}
		return b.String()
	}
	for name, test := range map[string]struct {
		text string
		says string
		drop int64
	}{
		"fraction":        {"id,n\n" + rows("%d,%d") + "1.5,2\n", "id: float64", 0},
		"word for null":   {"id,n\n" + rows("%d,%d") + "NA,2\n1,-\n", `null: [NA, "-"]`, 0},
		"text":            {"id,n\n" + rows("%d,%d") + "seven,2\n", "id: string", 0},
		"bare quote":      {"id,n\n" + rows("%d,a%d") + "1,5\" pipe\n", "quotes: lenient", 0},
		"backslash":       {"id,n\n" + rows("%d,a%d") + `1,"say \"hi\", or no"` + "\n", "escape:", 0},
		"comma":           {"id;n\n" + rows("%d;%d") + "1,5;2\n", `decimal: ","`, 0},
		"not all columns": {"id,n\n" + rows("%d,%d") + "1,2,3\n", "on_error: drop", 1},
		"no time":         {"at,n\n" + rows("%d,%d") + "2024-01-01T00:00:00Z,\n", "at: string", 0},
		"time is null":    {"at,n\n" + rows("2024-01-01T00:00:00Z,%d%d") + ",7\n", "at: timestamp # empty in some rows", 0},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file.csv")
			if err := os.WriteFile(path, []byte(test.text), 0o644); err != nil {
				t.Fatal(err)
			}
			d, err := draft.FromFile(draft.Options{Registry: builtin.Registry(), Files: env.OS{}, Name: "job", Path: path, File: "job.yaml"})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path+".yaml", []byte(d.Text), 0o644); err != nil {
				t.Fatal(err)
			}
			last, _ := run(t, path+".yaml")
			want := int64(strings.Count(test.text, "\n") - 1)
			c := last.Steps[0].Counters
			drops := strings.Contains(d.Text, "on_error: drop")
			if c.In != want || c.Dropped != test.drop || drops != (test.drop > 0) || !strings.Contains(d.Text, test.says) {
				t.Errorf("of %d rows %d were read and %d dropped\n%s\n%s", want, c.In, c.Dropped, d.Text, strings.Join(d.Notes, "\n"))
			}
		})
	}
}
