package jobs

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/trial"
)

const pipeJob = `name: pipe
sources:
  rows:
    file: { path: "-" }
    format: csv
    schema: { id: int64 }
sinks:
  out: { input: rows, parallelism: 2, file: { path: out }, format: csv }
`

// TestDrainOfStandardInput drains jobs in the middle of what a pipe brings: every
// line that the job has taken from the pipe comes out, and nothing of a line that
// has not come as a whole.
func TestDrainOfStandardInput(t *testing.T) {
	trial.Run(t, 40, func(c *trial.Case) {
		fs := memfs.New()
		if err := env.WriteFile(fs, "job.yaml", []byte(pipeJob)); err != nil {
			c.Fatal(err)
		}
		job, err := Load(builtin.Registry(), fs, "job.yaml", nil)
		if err != nil {
			c.Fatal(err)
		}
		from, to := io.Pipe()
		defer from.Close() // ends the pump, which waits for more
		e := env.Real()
		e.Files, e.Stdin = fs, from
		run, err := Start(job, Options{Env: e, StateDir: "state"})
		if err != nil {
			c.Fatal(err)
		}
		lines := some(c, 100_000)
		var text strings.Builder
		var want []string
		text.WriteString("id\n")
		for i := range lines {
			fmt.Fprintln(&text, i)
			want = append(want, fmt.Sprint(i))
		}
		text.WriteString("12345") // whose end may be to come
		// A pipe has no buffer: what Write has written, the job has taken.
		for rest := text.String(); rest != ""; {
			n := min(len(rest), 1+c.Random.IntN(100_000))
			if _, err := io.WriteString(to, rest[:n]); err != nil {
				c.Fatal(err)
			}
			rest = rest[n:]
		}
		run.Drain()
		last, err := run.Wait()
		if err != nil || last.State != status.Finished {
			c.Fatalf("the job is %s: %v", last.State, err)
		}
		slices.Sort(want)
		if got := rows(c.T, fs, "out"); !slices.Equal(got, want) {
			c.Fatalf("%d rows came out of %d lines", len(got), len(want))
		}
	})
}

// some draws a number up to most, of each order of magnitude as often.
func some(c *trial.Case, most int) int { return 1 + c.Random.IntN(1+most>>c.Random.IntN(14)) }
