package jobs

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/record"
)

const damagedJob = `
name: damaged
sources:
  rows:
    file: { path: in/ }
    format: csv
    schema: { n: int64 }
    on_error: %s
steps:
  - where: n > 0
sinks:
  out: { file: { path: out }, format: csv }
`

// damagedFiles returns a folder in which two files of four are damaged: one has a
// column twice, one is cut short behind some of its 10,000 rows.
func damagedFiles(t *testing.T, onError, more string) *memfs.FS {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write([]byte("n\n"))
	for i := range 10_000 {
		fmt.Fprintln(w, i*i%9973+1)
	}
	w.Close()
	return files(t, map[string]string{
		"job.yaml":    fmt.Sprintf(damagedJob, onError) + more,
		"in/1.csv":    "n\n1\n2\n",
		"in/2.csv":    "n,m,n\n1,2,3\n",
		"in/3.csv.gz": z.String()[:z.Len()/2],
		"in/4.csv":    "n\n3\n",
	})
}

// Where it may be left out, the rest of a damaged file is one failed record, of which a
// warning tells.
func TestDamagedFiles(t *testing.T) {
	for onError, more := range map[string]string{
		"fail":        "",
		"drop":        "",
		"dead_letter": "  broken: { input: rows.dead_letter, file: { path: broken }, format: csv }\n",
	} {
		fs := damagedFiles(t, onError+"\n    on_damage: skip", more)
		last, warnings := runWarned(t, fs, "job.yaml", "state")
		if len(warnings) != 2 || !strings.Contains(warnings[1], "in/3.csv.gz") || !strings.Contains(warnings[1], "the rest is left out") {
			t.Errorf("%s: the warnings are %q", onError, warnings)
		}
		c := last.Steps[0].Counters
		if failed := c.Dropped + c.DeadLetters; failed != 2 || c.In != c.Accepted+failed || c.Accepted <= 3 {
			t.Errorf("%s: the counters are %+v", onError, c)
		}
		if got := int64(len(rows(t, fs, "out"))); got != c.Accepted {
			t.Errorf("%s: %d rows came out of %d", onError, got, c.Accepted)
		}
		if onError != "dead_letter" {
			continue
		}
		letters := strings.Join(rows(t, fs, "broken"), "\n")
		for _, part := range []string{"in/2.csv:1", `both called ""n""`, "in/3.csv.gz:", "cut short"} {
			if !strings.Contains(letters, part) {
				t.Errorf("the dead letters lack %s:\n%s", part, letters)
			}
		}
	}
}

// Otherwise it ends the job, whatever becomes of bad records, and the message says how to
// go on.
func TestDamagedFileFailsTheJob(t *testing.T) {
	for _, onError := range []string{"fail", "drop"} {
		fs := damagedFiles(t, onError, "")
		job, err := Load(builtin.Registry(), fs, "job.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		o := Options{Env: env.Real(), StateDir: "state", Pool: record.NewCheckedPool()}
		o.Env.Files = fs
		run, err := Start(job, o)
		if err != nil {
			t.Fatal(err)
		}
		_, err = run.Wait()
		for _, want := range []string{`in/2.csv:1: columns 1 and 3 are both called "n"`, "on_damage: skip"} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("on_error: %s: the job ends with %v, without %q", onError, err, want)
			}
		}
		if err := o.Pool.Check(); err != nil {
			t.Error(err)
		}
	}
}
