package inspect

import (
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
)

const watching = `
name: watching
sources:
  events:
    file: { path: in, watch: 10ms }
    format: csv
    schema: { at: timestamp, kind: int64, n: int64 }
    event_time: { column: at, watermark_delay: 2h }
steps:
  - id: sums
    key_by: [kind]
    window: { tumble: 1d }
    aggregate: { total: sum(n), rows: count(*), kinds: count(DISTINCT n) }
sinks:
  out: { input: sums, file: { path: out }, format: csv }
`

// stopped returns files with a job of two subtasks that has read so many kinds and was stopped.
func stopped(t *testing.T, kinds int) *memfs.FS {
	t.Helper()
	files := memfs.New()
	var rows strings.Builder
	rows.WriteString("at,kind,n\n")
	for k := range kinds {
		fmt.Fprintf(&rows, "2013-01-01T00:00:00Z,%d,%d\n2013-01-01T00:00:01Z,%d,1000000\n", k, 10*k, k)
	}
	for name, content := range map[string]string{"job.yaml": watching, "in/1.csv": rows.String()} {
		if err := files.MkdirAll(path.Dir(name)); err != nil {
			t.Fatal(err)
		}
		if err := env.WriteFile(files, name, []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	job, err := jobs.Load(builtin.Registry(), files, "job.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	o := jobs.Options{Env: env.Real(), StateDir: "state", Parallelism: 2}
	o.Env.Files, o.Env.Random = files, env.NewRandom(rand.New(rand.NewPCG(1, 1)))
	run, err := jobs.Start(job, o)
	if err != nil {
		t.Fatal(err)
	}
	defer trial.Guard(t, func() string { return fmt.Sprintf("%+v", run.Status()) })()
	for read := int64(0); read < int64(2*kinds); {
		for _, step := range run.Status().Steps {
			if step.ID == "sums" {
				read = step.Counters.In
			}
		}
	}
	run.Stop()
	if _, err := run.Wait(); err != nil {
		t.Fatal(err)
	}
	return files
}

func look(t *testing.T, files env.FS) *Folder {
	t.Helper()
	f, err := Open(t.Context(), files, "state")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// What each step keeps is told, from both subtasks.
func TestSteps(t *testing.T) {
	steps, err := look(t, stopped(t, 500)).Steps(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range steps {
		got = append(got, fmt.Sprintf("%s %s %d %d %d", s.ID, s.Kind, s.Subtasks, s.Rows, len(s.Parts)))
		for _, table := range s.Tables {
			got = append(got, fmt.Sprintf("  %s %d %v %v", table.Name, table.Rows, table.Key, table.Sub))
		}
	}
	want := []string{
		"events source 2 0 0",
		"sums operator 2 1500 2",
		"  windows 500 [{kind int64}] [{window int64}]",
		"  windows.distinct(n int64) 1000 [{kind int64}] [{group int64} {value int64}]",
		"out sink 2 0 0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Rows are those that a condition is true of, as many as are wanted.
func TestRows(t *testing.T) {
	f := look(t, stopped(t, 300))
	for _, c := range []struct {
		query Query
		most  int
		rows  int
		err   string
	}{
		{Query{Step: "sums", Table: "windows"}, 1000, 300, ""},
		{Query{Step: "sums", Table: "windows", Where: `kind >= 250 AND "count(*).n" = 2`}, 1000, 50, ""},
		{Query{Step: "sums", Table: "windows", Where: `kind < 0`}, 1000, 0, ""},
		{Query{Step: "sums", Table: "windows"}, 7, 7, ""},
		{Query{Step: "sums"}, 1, 0, `step "sums" has 2 tables; name one; there are windows, windows.distinct(n int64)`},
		{Query{Step: "sums", Table: "window"}, 1, 0, `step "sums" has no table "window"; did you mean "windows"?`},
		{Query{Step: "sums", Table: "windows", Where: "kind"}, 1, 0, "--where: kind is int64; a condition is bool"},
		{Query{Step: "sums", Table: "windows", Where: "kind >"}, 1, 0, "--where: "},
		{Query{Step: "sums", Table: "windows", Where: "1 / kind > 0"}, 1, 0, "--where: "},
		{Query{Step: "out"}, 1, 0, `state holds no table of step "out": it is a sink, and keeps nothing in rows`},
		{Query{Step: "nix"}, 1, 0, `state keeps nothing for a step "nix"; there are events, sums, out`},
	} {
		rows := 0
		err := f.Rows(t.Context(), c.query, func(*record.Schema) error { return nil }, func(b *record.Batch) error {
			defer b.Release()
			if rows += b.Physical(); rows >= c.most {
				rows = c.most
				return ErrEnough
			}
			return nil
		})
		if c.err == "" && (err != nil || rows != c.rows) || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%+v: %d rows, %v", c.query, rows, err)
		}
	}
}

// Every damage to an object is found and named, that of several objects at once.
func TestVerify(t *testing.T) {
	files := stopped(t, 300)
	f := look(t, files)
	if damage, objects, bytes, err := f.Verify(t.Context()); err != nil || damage != nil || objects != 2 || bytes == 0 {
		t.Fatalf("whole: %v %d %d %v", damage, objects, bytes, err)
	}
	names, err := files.ReadDir("state/state")
	if err != nil || len(names) != 2 {
		t.Fatalf("%q, %v", names, err)
	}
	trial.Run(t, 40, func(c *trial.Case) {
		damaged := files.Clone()
		which := names[c.Random.IntN(2):][:1]
		if c.Random.IntN(4) == 0 {
			which = names
		}
		for _, name := range which {
			spoil(c, damaged, "state/state/"+name)
		}
		damage, _, _, err := look(c.T, damaged).Verify(c.Context())
		if err != nil || len(damage) != len(which) {
			c.Fatalf("of %q it finds %v, %v", which, damage, err)
		}
		for _, name := range which {
			named := func(err error) bool {
				return strings.Contains(err.Error(), name) && strings.Contains(err.Error(), "Restore it from a copy")
			}
			if !slices.ContainsFunc(damage, named) {
				c.Errorf("%s is not in %v", name, damage)
			}
		}
	})
}

// spoil turns a bit of a file, or cuts it, or takes it away.
func spoil(c *trial.Case, files env.FS, name string) {
	content, err := env.ReadFile(files, name)
	if err == nil {
		err = files.Remove(name)
	}
	at := c.Random.IntN(len(content))
	switch c.Random.IntN(3) {
	case 0:
		return
	case 1:
		content = content[:at]
	default:
		content[at] ^= 1 << c.Random.IntN(8)
	}
	if err == nil {
		err = env.WriteFile(files, name, content)
	}
	if err != nil {
		c.Fatal(err)
	}
}
