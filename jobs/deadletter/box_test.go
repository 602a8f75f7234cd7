package deadletter

import (
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/stream"
)

// mixedJob writes its letters in several formats, compressed or not, into one box.
const mixedJob = `
name: mixed
sources:
  a: { file: { path: a.csv }, format: csv, schema: { n: int64 }, on_error: dead_letter }
  b: { file: { path: b.csv.gz }, format: csv, schema: { n: int64 }, on_error: dead_letter, on_damage: skip }
  c: { file: { path: c.csv }, format: csv, schema: { n: int64 }, on_error: dead_letter }
sinks:
  rows_a: { input: a, file: { path: rows }, format: csv }
  rows_b: { input: b, file: { path: rows }, format: csv }
  rows_c: { input: c, file: { path: rows }, format: csv }
  broken_a: { input: a.dead_letter, file: { path: box, compression: gzip }, format: csv }
  broken_b: { input: b.dead_letter, file: { path: box, compression: zstd }, format: json }
  broken_c: { input: c.dead_letter, file: { path: box }, format: csv }
`

func mixed(t *testing.T) *memfs.FS {
	fs := memfs.New()
	write(t, fs, "a.csv", "n\nx\n1\n")
	write(t, fs, "b.csv.gz", "this is not compressed")
	write(t, fs, "c.csv", "n\n"+strings.Repeat("y", stream.MaxRawBytes)+"\nz\n")
	write(t, fs, "job.yaml", mixedJob)
	start(t, fs)
	return fs
}

// Files are fed in rounds of one format. What holds no whole record is named, and
// put away with the rest.
func TestFeedOfAllFormats(t *testing.T) {
	fs := mixed(t)
	if got := letters(t, fs, "box"); !slices.Equal(got, []string{"a record", "b rest", "c cut", "c record"}) {
		t.Fatalf("the letters are %v", got)
	}
	box, err := Open(builtin.Registry(), fs, "box")
	if err != nil {
		t.Fatal(err)
	}
	write(t, fs, "job.yaml", strings.ReplaceAll(mixedJob, "n: int64", "n: string"))
	load := func() (*jobs.Job, error) { return LoadAppending(builtin.Registry(), fs, "job.yaml", nil) }
	feeder, err := NewFeeder(box, load, jobs.Options{Env: environment(fs)})
	if err != nil {
		t.Fatal(err)
	}
	var fed, unfit []string
	for {
		round, err := feeder.Next()
		if err != nil {
			t.Fatal(err)
		}
		if round == nil {
			break
		}
		run, err := round.Start()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := run.Wait(); err != nil {
			t.Fatal(err)
		}
		if err := round.Finish(); err != nil {
			t.Fatal(err)
		}
		fed = append(fed, round.String())
		if len(round.Examples) != round.Unfit {
			t.Errorf("%d examples of %d letters", len(round.Examples), round.Unfit)
		}
		for _, l := range round.Examples {
			unfit = append(unfit, l.Step+" "+string(l.Kind))
		}
	}
	if !slices.Equal(fed, []string{"1 of a", "", "1 of c"}) || !slices.Equal(unfit, []string{"b rest", "c cut"}) {
		t.Errorf("fed %q, not %q", fed, unfit)
	}
	if got := sorted(t, fs, "rows"); got != "1\nx\nz" {
		t.Errorf("rows holds\n%s", got)
	}
	if got := letters(t, fs, "box"); got != nil {
		t.Errorf("there wait %v", got)
	}
	if got := letters(t, fs, "box/fed"); len(got) != 4 {
		t.Errorf("fed holds %v", got)
	}
}

// A file alone can be fed; one of a name that was fed is refused.
func TestFeedOneFile(t *testing.T) {
	fs := mixed(t)
	names, err := fs.ReadDir("box")
	if err != nil {
		t.Fatal(err)
	}
	var name string
	for _, n := range names {
		if strings.HasPrefix(n, "part-broken_a-") {
			name = "box/" + n
		}
	}
	content, err := env.ReadFile(fs, name)
	if err != nil {
		t.Fatal(err)
	}
	if rounds, _, err := feedAll(fs, name); err != nil || !slices.Equal(rounds, []string{"1 of a"}) {
		t.Fatalf("%v: %v", rounds, err)
	}
	write(t, fs, name, string(content))
	if _, _, err := feedAll(fs, name); err == nil || !strings.Contains(err.Error(), name+" was fed before: box/fed/") {
		t.Errorf("it says %v", err)
	}
	if _, err := Open(builtin.Registry(), fs, "box/none.csv"); err == nil {
		t.Error("a file that is not there is opened")
	}
}

// Files that are no letters are left alone.
func TestBoxKnowsItsFiles(t *testing.T) {
	fs := memfs.New()
	for _, name := range []string{"box/a.csv", "box/.hidden.csv", "box/b.jsonl.zst", "box/notes.txt", "box/c.csv.gz", "box/fed/d.csv",
		"box/feeding/e.csv", "box/x.csv/y.csv"} {
		write(t, fs, name, "")
	}
	box, err := Open(builtin.Registry(), fs, "box/")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"box/feeding/e.csv", "box/a.csv", "box/b.jsonl.zst", "box/c.csv.gz"}
	if got, err := box.Files(); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v: %v", got, err)
	}
}
