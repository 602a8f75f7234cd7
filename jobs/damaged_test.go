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

// The rest of a damaged file is one failed record, and on_error decides on it.
func TestDamagedFiles(t *testing.T) {
	for onError, more := range map[string]string{
		"drop":        "",
		"dead_letter": "  broken: { input: rows.dead_letter, file: { path: broken }, format: csv }\n",
	} {
		fs := damagedFiles(t, onError, more)
		last := runOn(t, fs, "job.yaml", "state")
		c := last.Steps[0].Counters
		if failed := c.Dropped + c.DeadLetters; failed != 2 || c.In != c.Accepted+failed || c.Accepted <= 3 {
			t.Errorf("%s: the counters are %+v", onError, c)
		}
		if got := int64(len(rows(t, fs, "out"))); got != c.Accepted {
			t.Errorf("%s: %d rows came out of %d", onError, got, c.Accepted)
		}
		if onError == "drop" {
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

func TestDamagedFileFailsTheJob(t *testing.T) {
	fs := damagedFiles(t, "fail", "")
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
	if _, err = run.Wait(); err == nil || !strings.Contains(err.Error(), `in/2.csv:1: columns 1 and 3 are both called "n"`) {
		t.Errorf("the job ends with %v", err)
	}
	if err := o.Pool.Check(); err != nil {
		t.Error(err)
	}
}
