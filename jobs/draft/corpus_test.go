package draft_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/draft"
	"github.com/weirstream/weir/runtime/env"
)

const corpus = "../../connectors/format/csv/testdata/corpus/"

// corpusCase is a text that other readers are tested with, and how many rows weir reads
// in it when it is told the dialect.
type corpusCase struct {
	title, text string
	rows        int
	fails       bool // some of its records are no rows
}

func readCorpus(t *testing.T, name string) (cases []corpusCase) {
	t.Helper()
	script, err := os.ReadFile(corpus + name)
	if err != nil {
		t.Fatal(err)
	}
	marks := strings.NewReplacer("<CR>", "\r", "<TAB>", "\t", "<BOM>", "\xEF\xBB\xBF", "<SOH>", "\x01", "<RS>", "\x1e", "<US>", "\x1f")
	var c corpusCase
	output, cr := false, false
	for line := range strings.Lines(string(script) + "\n") {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "" && output:
			c.text, _, _ = strings.Cut(marks.Replace(c.text), "<EOF>")
			if cr {
				c.text = strings.ReplaceAll(c.text, "\n", "\r")
			}
			cases, c, output, cr = append(cases, c), corpusCase{}, false, false
		case line == "----":
			output = true
		case strings.HasPrefix(line, "# "):
			c.title = line
		case strings.HasPrefix(line, "|"):
			c.text += line[1:] + "\n"
		case strings.HasPrefix(line, "format"):
			cr = strings.Contains(line, `"cr"`)
		case output && (strings.HasPrefix(line, "failed") || strings.HasPrefix(line, "job.yaml")):
			c.fails = true
		case output && !strings.HasPrefix(line, "  "):
			c.rows++
		}
	}
	return cases
}

// TestDraftsOfCorpus drafts a job from each text, and runs it: every row is there. Where
// all cells are texts, the first row may be taken for a header.
func TestDraftsOfCorpus(t *testing.T) {
	drafted := 0
	for _, name := range []string{"csv-spectrum", "papaparse", "pandas"} {
		for _, c := range readCorpus(t, name) {
			path := filepath.Join(t.TempDir(), "file.csv")
			if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			d, err := draft.FromFile(draft.Options{Registry: builtin.Registry(), Files: env.OS{}, Name: "job", Path: path, File: "job.yaml"})
			if err != nil {
				if c.rows > 1 && !c.fails {
					t.Errorf("%s: %s\n%q: %v", name, c.title, c.text, err)
				}
				continue
			}
			drafted++
			if err := os.WriteFile(path+".yaml", []byte(d.Text), 0o644); err != nil {
				t.Fatal(err)
			}
			last, _ := run(t, path+".yaml")
			in := last.Steps[0].Counters
			named := c.fails || strings.Contains(strings.Join(d.Notes, "\n"), "cannot be read and are dropped")
			if int(in.Accepted) < c.rows-1 || in.Dropped > 0 && !named {
				t.Errorf("%s: %s\n%q has %d rows, of which %d were read and %d dropped\n%s\n%s", name, c.title, c.text, c.rows, in.In,
					in.Dropped, d.Text, strings.Join(d.Notes, "\n"))
			}
		}
	}
	if drafted < 60 {
		t.Errorf("only %d jobs were drafted", drafted)
	}
}
