package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/connectors/format/csv"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// reading is a reader with one split, driven by hand.
type reading struct {
	reader stream.Reader
	rows   []string
	failed []stream.FailedRecord
	last   fetched
}

func read(t testing.TB, e env.Env, batchRows int, values map[string]string, from stream.Position) (*reading, error) {
	t.Helper()
	pool := record.NewCheckedPool()
	r, err := openSource(t, sourceSchema, values).NewReader(stream.ReaderContext{Env: e, Pool: pool, BatchRows: batchRows})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(r.Close(), pool.Check()); err != nil {
			t.Error(err)
		}
	})
	return &reading{reader: r}, r.Assign([]stream.Split{{ID: oneSplit, Position: from}})
}

func (r *reading) fetch() error {
	var err error
	if r.last, err = fetchOne(context.Background(), r.reader); err != nil {
		return err
	}
	r.failed = append(r.failed, r.last.Failed...)
	if b := r.last.batch; b != nil {
		r.rows = append(r.rows, conntest.Rows(b)...)
		b.Release()
	}
	return nil
}

// toEnd reads to the end of the split, or to the first error.
func (r *reading) toEnd() error {
	for !r.last.Finished {
		if err := r.fetch(); err != nil {
			return err
		}
	}
	return nil
}

func TestPaths(t *testing.T) {
	e, files := memEnv()
	for _, name := range []string{"in/b.csv", "in/a.csv", "in/.hidden", "in/sub/c.csv", "d.csv", "latin/\xe9.csv"} {
		writeFile(t, files, name, "id,text\n")
	}
	if err := files.MkdirAll("empty"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		paths []string
		want  string // names at paths, or the error
	}{
		{[]string{"d.csv"}, "d.csv@d.csv"},
		{[]string{"in/"}, "a.csv@in/a.csv b.csv@in/b.csv"},
		{[]string{"in"}, "a.csv@in/a.csv b.csv@in/b.csv"},
		{[]string{"in/b*", "d.csv", "in"}, "1/b.csv@in/b.csv 2/d.csv@d.csv 3/a.csv@in/a.csv 3/b.csv@in/b.csv"},
		{[]string{"*.csv"}, "d.csv@d.csv"},
		{[]string{"latin"}, `"\xe9.csv"@latin/` + "\xe9.csv"},
		{[]string{"-"}, "-@-"},
		{[]string{"**/[a-d].csv"}, "d.csv@d.csv in/a.csv@in/a.csv in/b.csv@in/b.csv in/sub/c.csv@in/sub/c.csv"},
		{[]string{"in/**"}, "a.csv@in/a.csv b.csv@in/b.csv sub/c.csv@in/sub/c.csv"},
		{[]string{"in/**/*"}, "a.csv@in/a.csv b.csv@in/b.csv sub/c.csv@in/sub/c.csv"},
		{[]string{"in/**/**/c.*"}, "sub/c.csv@in/sub/c.csv"},
		{[]string{"i*/*.csv"}, "in/a.csv@in/a.csv in/b.csv@in/b.csv"},
		{[]string{"/i?/s*/[a-c].csv"}, "in/sub/c.csv@/in/sub/c.csv"},
		{[]string{"./in/../in/b*"}, "b.csv@in/b.csv"},
		{[]string{"in/*"}, "a.csv@in/a.csv b.csv@in/b.csv"},
		{[]string{"in/s*"}, "file source: in/sub/ is a folder, and the pattern in/s* is one of files: move it away or, if its files are to be " +
			"read, name them, such as in/sub/*"},
		{[]string{"**/s*b"}, "file source: **/s*b: no files there; folder . holds d.csv, empty/, in/ and 1 more"},
		{[]string{"in/x*"}, "file source: in/x*: no files there; folder in holds a.csv, b.csv, sub/"},
		{[]string{"**/x*"}, "file source: **/x*: no files there; folder . holds d.csv, empty/, in/ and 1 more"},
		{[]string{"empty"}, "file source: empty: no files there; folder empty is empty"},
		{[]string{"in/.h*"}, "file source: in/.h*: no files there; folder in holds a.csv, b.csv, sub/"},
		{[]string{"x/*"}, "file source: folder x: "},
		{[]string{"x/*"}, "file source: folder x: open x: file does not exist, where the pattern x/* looks for files"},
		{[]string{"x.csv"}, "file source: x.csv cannot be read: "},
	} {
		found, err := expand(e.Files, test.paths)
		var got []string
		for _, f := range found {
			got = append(got, f.name+"@"+f.path)
		}
		if err != nil {
			got = []string{err.Error()}
		}
		if text := strings.Join(got, " "); text != test.want && (err == nil || !strings.HasPrefix(text, test.want)) {
			t.Errorf("%q: got %s, want %s", test.paths, text, test.want)
		}
	}
}

// Markers beside files are no files; a name may look like a pattern; a folder of which
// nothing is left says what is there.
func TestMarkers(t *testing.T) {
	e, files := memEnv()
	for _, name := range []string{
		"in/part-10.csv", "in/part-2.csv", "in/_SUCCESS", "in/_old/a.csv", "in/.crc", "data[1].csv", "data1.csv", "only/_SUCCESS", "x[1]/a.csv",
	} {
		writeFile(t, files, name, "id,text\n")
	}
	for _, name := range []string{"in/done", "in/x.csv", "empty/a.csv", "empty/b.csv"} {
		writeFile(t, files, name, "")
	}
	for path, want := range map[string]string{
		"in":           "in/part-2.csv in/part-10.csv",
		"in/*":         "in/part-2.csv in/part-10.csv",
		"in/**/*.csv":  "in/part-2.csv in/part-10.csv",
		"in/_*/*.csv":  "in/_old/a.csv",
		"in/_SUCCESS":  "in/_SUCCESS",
		"in/done":      "in/done", // named by itself
		"empty":        "empty/a.csv empty/b.csv",
		"data[1].csv":  "data[1].csv",
		"data[12].csv": "data1.csv",
		"x[1]":         "x[1]/a.csv",
		"only":         "file source: only: no files there; folder only holds _SUCCESS",
		"in/*.parquet": "file source: in/*.parquet: no files there; folder in holds _SUCCESS, _old/, done and 3 more",
		"data[23].csv": "file source: data[23].csv: no files there; folder . holds data1.csv, data[1].csv, empty/ and 3 more",
	} {
		found, err := expand(e.Files, []string{path})
		var got []string
		for _, f := range found {
			got = append(got, f.path)
		}
		if err != nil {
			got = []string{err.Error()}
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%s: got %s, want %s", path, text, want)
		}
	}
}

// TestChangesWhenOpened has a file cut off, or taken away, between the look at its
// length and its opening: when it is begun, and when it is read on.
func TestChangesWhenOpened(t *testing.T) {
	const whole, cut = "id,text\n1,a\n2,b\n3,c\n", "id,text\n1,a\n"
	fresh := stream.Split{ID: oneSplit}
	begun := stream.Split{ID: oneSplit, Position: stream.Position(`{"file":"in.csv","size":20,"record":2,"line":3,"offset":16}`)}
	watched := stream.Split{ID: oneSplit, Position: begun.Position, Notes: []byte(`[{"name":"in.csv","size":20}]`)}
	for _, test := range []struct {
		from    stream.Split
		becomes string
		values  map[string]string
	}{
		{fresh, cut, map[string]string{"path": "in"}},
		{begun, cut, map[string]string{"path": "in"}},
		{begun, "", map[string]string{"path": "in"}},
		{watched, cut, map[string]string{"path": "in", "watch": "2s"}},
		{watched, "", map[string]string{"path": "in", "watch": "2s"}},
	} {
		e, files := memEnv()
		e.Clock = newClock()
		writeFile(t, files, "in/in.csv", whole)
		files.Inject(func(op memfs.Op) memfs.Outcome {
			if op.Kind == memfs.Open {
				files.Inject(nil)
				if err := files.Remove("in/in.csv"); err != nil {
					t.Error(err)
				}
				if test.becomes != "" {
					writeFile(t, files, "in/in.csv", test.becomes)
				}
			}
			return memfs.Outcome{}
		})
		r, err := openSource(t, sourceSchema, test.values).NewReader(stream.ReaderContext{Env: e, Pool: record.NewPool(), BatchRows: 1})
		if err == nil {
			err = r.Assign([]stream.Split{test.from})
		}
		var got []string
		guarded := trial.Guard(t, func() string { return fmt.Sprintf("%v from %q: read %q", test.values, test.from.Position, got) })
		f := fetched{}
		for i := 0; i < 5 && err == nil && !f.Finished; i++ {
			f, err = fetchOne(t.Context(), r)
			got = append(got, drawn(f)...)
		}
		guarded()
		if err == nil || !strings.Contains(err.Error(), "in/in.csv") {
			t.Errorf("%v from %q to %q: read %q, and then %v", test.values, test.from.Position, test.becomes, got, err)
		}
		r.Close()
	}
}

// lastFailure reads to the end and returns the last record that failed, as a
// message.
func (r *reading) lastFailure(t *testing.T) string {
	t.Helper()
	if err := r.toEnd(); err != nil {
		t.Fatal(err)
	}
	if len(r.failed) == 0 {
		return "none"
	}
	f := r.failed[len(r.failed)-1]
	return f.Where + ": " + f.Err.Error()
}

// TestReadErrorIsNoDamage keeps trouble with reading a compressed file, which
// may pass, apart from damage, which on_error may drop.
func TestReadErrorIsNoDamage(t *testing.T) {
	e, files := memEnv()
	writeFile(t, files, "in.csv.gz", gzipped(t, numbered(0, 5000)))
	broken := errors.New("the disk is broken")
	for skip := range 3 {
		reads := 0
		files.Inject(func(op memfs.Op) memfs.Outcome {
			if op.Kind == memfs.Read {
				if reads++; reads > skip {
					return memfs.Outcome{Err: broken}
				}
			}
			return memfs.Outcome{}
		})
		r, err := read(t, e, 1000, map[string]string{"path": "in.csv.gz"}, nil)
		if err == nil {
			err = r.toEnd()
		}
		if reads > skip && !errors.Is(err, broken) {
			t.Errorf("behind %d reads: %v", skip, err)
		}
	}
}

// TestStandardInput reads what is there without waiting for more, and does not
// pretend to read it twice.
func TestStandardInput(t *testing.T) {
	e, _ := memEnv()
	in, out := io.Pipe()
	e.Stdin = in
	r, err := read(t, e, 100, map[string]string{"path": "-"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range []string{"id,text\n1,a\n", "2,b\n3,", "c\n"} {
		go io.WriteString(out, text)
		for n := len(r.rows); len(r.rows) == n; {
			if err := r.fetch(); err != nil {
				t.Fatal(err)
			}
		}
		if i == 0 && len(r.rows) != 1 {
			t.Errorf("%d rows of the first write", len(r.rows))
		}
	}
	between := r.last.Next
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	if f, err := fetchOne(ctx, r.reader); err == nil && !f.CaughtUp {
		t.Errorf("nothing to read, but got %+v", f)
	}
	out.Close()
	if err := r.toEnd(); err != nil {
		t.Fatal(err)
	}
	if want := []string{`1|"a"`, `2|"b"`, `3|"c"`}; !slices.Equal(r.rows, want) {
		t.Errorf("got %q, want %q", r.rows, want)
	}
	again, err := read(t, e, 100, map[string]string{"path": "-"}, between)
	if err == nil {
		err = again.toEnd()
	}
	if err == nil || !strings.Contains(err.Error(), "cannot be read again") {
		t.Errorf("going on in standard input: %v", err)
	}
}

func TestCompressedStandardInput(t *testing.T) {
	e, _ := memEnv()
	e.Stdin = strings.NewReader(gzipped(t, numbered(0, 30_000)))
	r, err := read(t, e, 1024, map[string]string{"path": "-", "compression": "gzip"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.toEnd(); err != nil || len(r.rows) != 30_000 {
		t.Errorf("%d rows, then %v", len(r.rows), err)
	}
}

// TestFailedRecords come with their place, and positions count them.
func TestFailedRecords(t *testing.T) {
	e, files := memEnv()
	writeFile(t, files, "in.csv", "id,text\n1,a\nx,b\n2\n3,c\n")
	r, err := read(t, e, 2, map[string]string{"path": "in.csv"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.fetch(); err != nil {
		t.Fatal(err)
	}
	if next := string(r.last.Next); next != `{"file":"in.csv","size":22,"record":2,"line":3,"offset":16}` {
		t.Errorf("position behind the first batch: %s", next)
	}
	if err := r.toEnd(); err != nil {
		t.Fatal(err)
	}
	if len(r.rows) != 2 || len(r.failed) != 2 || r.failed[0].Where != "in.csv:3" || r.failed[1].Where != "in.csv:4" {
		t.Errorf("got %q and %v", r.rows, r.failed)
	}
}

func TestSourceConfig(t *testing.T) {
	for _, test := range []struct {
		values  map[string]string
		schema  *record.Schema
		pattern string
		want    string
	}{
		{map[string]string{"path": "in.csv"}, nil, "", "needs a schema"},
		{map[string]string{"path": "-", "repeat": "2"}, sourceSchema, "", "standard input cannot be read twice"},
		{map[string]string{"path": "in.csv"}, record.MustSchema(record.Field{Name: "at", Type: record.Timestamp}), "%Q",
			`timestamp pattern "%Q" has %Q, which is not known`},
	} {
		_, err := SourceType.New(config(t, &SourceType.Spec, test.values), component.SourceInputs{
			Format: csv.Default, Schema: test.schema, Patterns: []stream.Pattern{{Timestamp: test.pattern}},
		})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: %v, want %s", test.values, err, test.want)
		}
	}
}

// fetchOne fetches of a reader that has one split, or brings one at a time.
func fetchOne(ctx context.Context, r stream.Reader) (fetched, error) {
	f, err := r.Fetch(ctx)
	if err != nil {
		return fetched{}, err
	}
	return fetched{f.Pieces[0], f.Batch}, nil
}
