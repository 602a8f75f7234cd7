package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/connectors/format/csv"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// memEnv returns an environment of an empty file system in memory.
func memEnv() (env.Env, *memfs.FS) {
	e, files := env.Real(), memfs.New()
	e.Files, e.Stdin, e.Stdout = files, nil, nil
	return e, files
}

// config returns a checked configuration; values are the keys that are given.
func config(t testing.TB, spec *component.Spec, values map[string]string) component.Config {
	t.Helper()
	c, problems := component.NewConfig(spec, component.Position{File: "job.yaml"}, component.Given(values))
	if problems != nil {
		t.Fatal(problems)
	}
	return c
}

func openSource(t testing.TB, schema *record.Schema, values map[string]string) stream.Source {
	t.Helper()
	s, err := SourceType.New(config(t, &SourceType.Spec, values), component.SourceInputs{
		Step: "in", Format: csv.Default, Schema: schema, Patterns: make([]stream.Pattern, schema.Len()),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func writeFile(t testing.TB, files env.FS, name, content string) {
	t.Helper()
	if err := files.MkdirAll(path.Dir(name)); err != nil {
		t.Fatal(err)
	}
	if err := env.WriteFile(files, name, []byte(content)); err != nil {
		t.Fatal(err)
	}
}

// zipper is made once: it is large.
var zipper = gzip.NewWriter(nil)

func gzipped(t testing.TB, text string) string {
	t.Helper()
	var out bytes.Buffer
	z := zipper
	z.Reset(&out)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

var sourceSchema = record.MustSchema(
	record.Field{Name: "id", Type: record.Int64},
	record.Field{Name: "text", Type: record.String},
)

// numbered is CSV text of rows, some of whose cells stretch over two lines.
func numbered(file, rows int) string {
	var b strings.Builder
	b.WriteString("text,unused,id\n")
	for i := range rows {
		if i%3 == 0 {
			fmt.Fprintf(&b, "\"file %d,\nrow %d\",x,%d\r\n", file, i, i)
		} else {
			fmt.Fprintf(&b, "row %d of %d,,%d\n", i, file, i)
		}
	}
	return b.String()
}

func TestSourceConformance(t *testing.T) {
	plain := func(_ testing.TB, text string) string { return text }
	for _, test := range []struct {
		extension string
		text      func(file, rows int) string
		compress  func(testing.TB, string) string
		open      func(testing.TB, *record.Schema, map[string]string) stream.Source
	}{
		{".csv", numbered, plain, openSource},
		{".csv.gz", numbered, gzipped, openSource},
		{".jsonl", numberedJSON, plain, openJSONSource},
		{".jsonl.gz", numberedJSON, gzipped, openJSONSource},
		{".json", numberedList, plain, openJSONSource},
		{".json.gz", numberedList, gzipped, openJSONSource},
	} {
		t.Run(test.extension, func(t *testing.T) {
			conntest.TestSource(t, conntest.Source{New: func(t testing.TB, splits, rows int) (stream.Source, env.Env) {
				e, files := memEnv()
				for i := range splits {
					writeFile(t, files, fmt.Sprintf("in/%05d%s", i, test.extension), test.compress(t, test.text(i, rows)))
				}
				return test.open(t, sourceSchema, map[string]string{"path": "in/", "parallel": "true"}), e
			}})
		})
	}
}

// TestOneSplitConformance reads one split out of several files, twice over.
func TestOneSplitConformance(t *testing.T) {
	source := conntest.Source{New: func(t testing.TB, splits, rows int) (stream.Source, env.Env) {
		e, files := memEnv()
		if rows%4 != 0 {
			t.Fatal("rows must divide into two passes over two files")
		}
		writeFile(t, files, "in/a.csv", numbered(0, rows/4))
		writeFile(t, files, "in/b.csv.gz", gzipped(t, numbered(1, rows/4)))
		return openSource(t, sourceSchema, map[string]string{"path": "in/*", "repeat": "2"}), e
	}}
	conntest.TestSingleSplit(t, source)
}

// TestWatchConformance reads the files of a watched folder.
func TestWatchConformance(t *testing.T) {
	conntest.TestSingleSplit(t, conntest.Source{Unbounded: true, New: func(t testing.TB, splits, rows int) (stream.Source, env.Env) {
		e, files := memEnv()
		e.Clock = newClock()
		writeFile(t, files, "in/b.csv", numbered(0, rows/3))
		writeFile(t, files, "in/a/z.csv.zst", zstandard(t, numbered(1, rows/3)))
		writeFile(t, files, "in/empty.csv", numbered(2, 0))
		writeFile(t, files, "in/c.csv.gz", gzipped(t, numbered(3, rows-2*(rows/3))))
		return openSource(t, sourceSchema, map[string]string{"path": "in/**", "watch": "2s"}), e
	}})
}

func openSink(t testing.TB, values map[string]string) stream.Sink {
	t.Helper()
	s, err := SinkType.New(config(t, &SinkType.Spec, values), component.SinkInputs{
		Step: "out", Format: csv.Default, Schema: conntest.SinkSchema,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// visible reads the CSV part files of a folder.
func visible(t testing.TB, e env.Env, dir string) []string {
	t.Helper()
	return visibleRows(t, e, dir, openSource)
}

// visibleRows reads the part files of a folder with the source of this package.
func visibleRows(t testing.TB, e env.Env, dir string, open func(testing.TB, *record.Schema, map[string]string) stream.Source) []string {
	t.Helper()
	if _, err := expand(e.Files, []string{dir + "/part-*"}); errors.Is(err, errNoFiles) || err != nil &&
		strings.Contains(err.Error(), "not exist") {
		return nil
	}
	source := open(t, conntest.SinkSchema, map[string]string{"path": dir + "/part-*"})
	reader, err := source.NewReader(stream.ReaderContext{Env: e, Pool: record.NewPool(), BatchRows: 100})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := reader.Assign([]stream.Split{{ID: oneSplit}}); err != nil {
		t.Fatal(err)
	}
	var rows []string
	for {
		f, err := fetchOne(context.Background(), reader)
		if err != nil {
			t.Fatal(err)
		}
		if f.Failed != nil {
			t.Fatal(f.Failed[0].Where, f.Failed[0].Err)
		}
		if f.batch != nil {
			rows = append(rows, conntest.Rows(f.batch)...)
			f.batch.Release()
		}
		if f.Finished {
			return rows
		}
	}
}

func crash(e env.Env, random *rand.Rand) env.Env {
	e.Files = e.Files.(*memfs.FS).CrashClone(random)
	return e
}

func TestSinkConformance(t *testing.T) {
	for _, test := range []struct {
		compression string
		rollSize    int64
	}{{"none", 0}, {"none", 100}, {"gzip", 0}, {"zstd", 1}} {
		t.Run(fmt.Sprint(test.compression, test.rollSize), func(t *testing.T) {
			conntest.TestSink(t, conntest.Sink{
				Env: func(testing.TB) env.Env { e, _ := memEnv(); return e },
				New: func(t testing.TB) stream.Sink {
					s := openSink(t, map[string]string{"path": "out/", "compression": test.compression})
					s.(*sink).rollSize = test.rollSize // less than users may
					return s
				},
				Visible: func(t testing.TB, e env.Env) []string {
					return visible(t, e, "out")
				},
				Crash: crash,
			})
		})
	}
}
