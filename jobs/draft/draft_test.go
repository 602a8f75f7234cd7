package draft_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/jobs/draft"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/status"
)

// TestFromFile drafts a job from each file of testdata, and runs it.
func TestFromFile(t *testing.T) {
	files, err := filepath.Glob("testdata/*.csv")
	more, err2 := filepath.Glob("testdata/*json*")
	if files = append(files, more...); err != nil || err2 != nil || len(files) < 30 {
		t.Fatalf("testdata has %d files (%v, %v)", len(files), err, err2)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		t.Run(name, func(t *testing.T) {
			d, err := draft.FromFile(draft.Options{Registry: builtin.Registry(), Files: env.OS{}, Name: "job", Path: file,
				Written: filepath.Base(file), File: "job.yaml"})
			got := fmt.Sprintf("error: %v\n", err)
			if err == nil {
				got = d.Text + "---\n" + strings.Join(d.Notes, "\n") + "\n"
			}
			golden.Text(t, "testdata/"+name+".txt", got)
			if err == nil {
				runs(t, d.Text, filepath.Base(file), file)
			}
		})
	}
}

// runs runs a drafted job beside a copy of its file: it ends well, prints
// something, and no row is late.
func runs(t *testing.T, text, name, file string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for n, c := range map[string][]byte{"job.yaml": []byte(text), name: content} {
		if err := os.WriteFile(filepath.Join(dir, n), c, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	last, printed := run(t, filepath.Join(dir, "job.yaml"))
	if strings.Count(printed, "\n") < 2 {
		t.Errorf("it printed %q", printed)
	}
	for _, s := range last.Steps {
		if s.Counters.Late > 0 {
			t.Errorf("%d rows are late for %s", s.Counters.Late, s.ID)
		}
	}
}

func run(t *testing.T, path string) (status.Job, string) {
	t.Helper()
	job, err := jobs.Load(builtin.Registry(), env.OS{}, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	world := env.Real()
	world.Stdout = &out
	r, err := jobs.Start(job, jobs.Options{Env: world, StateDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	last, err := r.Wait()
	if err != nil {
		t.Fatal(err)
	}
	return last, out.String()
}

func TestSkeleton(t *testing.T) {
	for _, name := range []string{"first", "null"} {
		path := filepath.Join(t.TempDir(), "first.yaml")
		if err := os.WriteFile(path, []byte(draft.Skeleton(name, "first.yaml")), 0o644); err != nil {
			t.Fatal(err)
		}
		last, printed := run(t, path)
		if last.Name != name || strings.Count(printed, "\n") < 10 {
			t.Errorf("%s printed\n%s", last.Name, printed)
		}
	}
}

// endless is a file system with one CSV file that has no end.
type endless struct {
	env.FS
	compressed bool
}

func (endless) Size(string) (int64, error) { return 1 << 40, nil }

func (endless) ReadDir(string) ([]string, error) { return nil, syscall.ENOTDIR }

func (e endless) Open(string) (env.File, error) {
	f := &endlessFile{rest: []byte("at,kind\n")}
	if e.compressed {
		r, w := io.Pipe()
		go func() {
			z := gzip.NewWriter(w)
			_, err := io.Copy(z, f)
			w.CloseWithError(err)
		}()
		return pipeFile{File: nil, PipeReader: r}, nil
	}
	return f, nil
}

type pipeFile struct {
	env.File
	*io.PipeReader
}

func (p pipeFile) Read(to []byte) (int, error) { return p.PipeReader.Read(to) }
func (p pipeFile) Close() error                { return p.PipeReader.Close() }

// endlessFile has a row a second.
type endlessFile struct {
	env.File
	rest []byte
	rows int
}

func (f *endlessFile) Read(to []byte) (int, error) {
	if len(f.rest) == 0 {
		f.rest = fmt.Appendf(nil, "%s,%c\n", time.Unix(int64(f.rows), 0).UTC().Format(time.RFC3339), 'a'+rune(f.rows%3))
		f.rows++
	}
	n := copy(to, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

func (f *endlessFile) Close() error { return nil }

// Of a file without an end, plain or compressed, no more is read than it takes to guess
// and to verify.
func TestReadsOnlySoMuch(t *testing.T) {
	defer func(n int) { *draft.VerifyBytes = n }(*draft.VerifyBytes)
	*draft.VerifyBytes = 4 << 20
	for _, compressed := range []bool{false, true} {
		path := "endless.csv"
		if compressed {
			path += ".gz"
		}
		d, err := draft.FromFile(draft.Options{Registry: builtin.Registry(), Files: endless{compressed: compressed}, Name: "job",
			Path: path, File: "job.yaml"})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"the first 5000 rows", "key_by: [kind]"} {
			if !strings.Contains(d.Text, want) {
				t.Errorf("%q is not in\n%s", want, d.Text)
			}
		}
		if notes := strings.Join(d.Notes, "\n"); strings.Contains(d.Text, "on_error") || !strings.Contains(notes, "the first 182360 rows of the file") {
			t.Errorf("%s\n%s", d.Text, notes)
		}
	}
}

// TestLongRows drafts jobs from files whose first rows are longer than what is looked
// at otherwise, and runs them: all rows come out, some of them lines of several.
func TestLongRows(t *testing.T) {
	cell := strings.Repeat("x", 900_000)
	lines := strings.Repeat("a line of several\n", 50_000)
	for name, text := range map[string]string{
		"long.csv":   "at,a,b,c\n" + strings.Repeat("2024-01-01T00:00:00Z,"+cell+","+cell+","+cell+"\n", 2) + "2024-01-01T00:00:00Z,short,b,c\n",
		"lines.csv":  "at,a,b,c\n" + strings.Repeat("2024-01-01T00:00:00Z,\""+lines+"\",\""+lines+"\",\""+lines+"\"\n", 3),
		"long.jsonl": strings.Repeat(`{"at":"2024-01-01T00:00:00Z","a":"`+cell+cell+cell+`"}`+"\n", 3),
		"many.csv":   "at,a\n" + strings.Repeat("2024-01-01T00:00:00Z,\""+lines+"\"\n", 3) + strings.Repeat("2024-01-01T00:00:00Z,x\n", 300_000),
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		d, err := draft.FromFile(draft.Options{Registry: builtin.Registry(), Files: env.OS{}, Name: "job", Path: path, File: "job.yaml"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		job := path + ".yaml"
		if err := os.WriteFile(job, []byte(d.Text), 0o644); err != nil {
			t.Fatal(err)
		}
		last, _ := run(t, job)
		want := int64(3)
		if name == "many.csv" {
			want += 300_000
		}
		if c := last.Steps[0].Counters; c.Accepted != want || c.In != want {
			t.Errorf("%s: of %d rows %d were accepted, want %d\n%s", name, c.In, c.Accepted, want, d.Text)
		}
	}
}

// TestPatternsInPaths refuses what a job would take for a pattern.
func TestPatternsInPaths(t *testing.T) {
	for want, o := range map[string]draft.Options{
		"no file is called so":                    {Path: "testdata/a*.csv", Files: env.OS{}},
		"[old] would be taken for":                {Path: "[old]/a.csv", Written: "a.csv", Watch: true},
		"../what? would be taken for a file name": {Path: "a.csv", Written: "../what?/a.csv", Watch: true},
	} {
		if o.Files == nil {
			o.Files = memory{text: []byte("n\n1\n")}
		}
		o.Registry, o.Name, o.File = builtin.Registry(), "job", "job.yaml"
		if _, err := draft.FromFile(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestNamesLikePatterns drafts jobs from files that are called like patterns, which run.
func TestNamesLikePatterns(t *testing.T) {
	for _, name := range []string{"data[1].csv", "what?.csv", "[old]/a*.csv"} {
		dir := t.TempDir()
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("n,at\n1,2024-01-01T00:00:00Z\n2,2024-01-01T00:00:01Z\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		d, err := draft.FromFile(draft.Options{Registry: builtin.Registry(), Files: env.OS{}, Name: "job", Path: file, Written: name, File: "job.yaml"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		job := filepath.Join(dir, "job.yaml")
		if err := os.WriteFile(job, []byte(d.Text), 0o644); err != nil {
			t.Fatal(err)
		}
		if last, _ := run(t, job); last.Steps[0].Counters.Accepted != 2 {
			t.Errorf("%s: %+v\n%s", name, last.Steps[0].Counters, d.Text)
		}
	}
}

// memory is a file system with one file.
type memory struct {
	env.FS
	text []byte
}

func (m memory) Size(string) (int64, error) { return int64(len(m.text)), nil }

func (memory) ReadDir(string) ([]string, error) { return nil, syscall.ENOTDIR }

func (m memory) Open(string) (env.File, error) {
	return &memoryFile{Reader: bytes.NewReader(m.text)}, nil
}

type memoryFile struct {
	env.File
	*bytes.Reader
}

func (f *memoryFile) Read(to []byte) (int, error) { return f.Reader.Read(to) }
func (f *memoryFile) Close() error                { return nil }

// Whatever a file holds, it is refused or the draft is a job without problems.
func FuzzFromFile(f *testing.F) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text[:min(len(text), 500)], strings.HasSuffix(file, "l"))
	}
	registry := builtin.Registry()
	f.Fuzz(func(t *testing.T, text []byte, json bool) {
		path := "file.csv"
		if json {
			path = "file.jsonl"
		}
		d, err := draft.FromFile(draft.Options{Registry: builtin.Registry(), Files: memory{text: text}, Name: "job", Path: path,
			File: "job.yaml"})
		if err != nil {
			return
		}
		parsed, problems := document.Parse("job.yaml", []byte(d.Text), document.Options{})
		if problems == nil {
			_, problems = compile.Compile(parsed, registry)
		}
		if problems != nil {
			t.Fatalf("%v in\n%s", problems, d.Text)
		}
	})
}
