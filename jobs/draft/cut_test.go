package draft_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/draft"
	"github.com/weirstream/weir/runtime/trial"
)

var looked = regexp.MustCompile(`looked at the first (\d+) rows`)

// TestCutSamples drafts jobs from files of which a sample is the beginning, and whose
// names and cells may have line ends in them: the sample ends where a record does, so
// that no row is taken for a broken one.
func TestCutSamples(t *testing.T) {
	trial.Run(t, 20, func(c *trial.Case) {
		text := drawLong(c)
		c.Describe(func() string { return fmt.Sprintf("%.3000q", text) })
		d, err := draft.FromFile(draft.Options{Registry: builtin.Registry(), Files: memory{text: []byte(text)}, Name: "job",
			Path: "long.csv", File: "job.yaml"})
		if err != nil {
			c.Fatal(err)
		}
		notes := strings.Join(d.Notes, "\n")
		if !looked.MatchString(notes) || strings.Contains(notes, "cannot be read") || !strings.Contains(d.Text, "id: int64") {
			c.Errorf("the draft says\n%s\n%s", notes, d.Text)
		}
	})
}

// drawLong draws a file that is longer than a sample of it.
func drawLong(c *trial.Case) string {
	texts := []string{"plain", "\"two\nlines\"", `"say ""hi"", or not"`, "\"\n\"", `""`}
	pick := func() string { return texts[c.Random.IntN(len(texts))] }
	var b strings.Builder
	fmt.Fprintf(&b, "id,%s,\"other\nname\"\n", []string{"name", "\"a\nname\"", `"a ""name"""`}[c.Random.IntN(3)])
	long := strings.Repeat("x", 1000*(1+c.Random.IntN(60)))
	for i := 0; b.Len() < 3<<20; i++ {
		fmt.Fprintf(&b, "%d,%s,\"%s\n%s\"\n", i, pick(), long, long[:c.Random.IntN(len(long))])
	}
	return b.String()
}
