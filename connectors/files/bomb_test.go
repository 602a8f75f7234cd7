package files

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// zstandard returns text as one frame.
func zstandard(t testing.TB, text string) string {
	t.Helper()
	var out bytes.Buffer
	z, err := zstd.NewWriter(&out, zstd.WithEncoderConcurrency(1))
	if err == nil {
		_, err = io.WriteString(z, text)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// zstdRun returns a frame, of a few bytes, that says one byte over and over. Its
// window has 1 << log bytes.
func zstdRun(log, length int, b byte) string {
	const most, run = 128 << 10, 1 // of a block
	frame := []byte{0x28, 0xb5, 0x2f, 0xfd, 0, byte(log-10) << 3}
	for last := 0; last == 0; length -= most {
		if length <= most {
			last = 1
		}
		header := last | run<<1 | min(length, most)<<3
		frame = append(binary.LittleEndian.AppendUint16(frame, uint16(header)), byte(header>>16), b)
	}
	return string(frame)
}

func TestZstdRun(t *testing.T) {
	z, err := zstd.NewReader(strings.NewReader(zstdRun(17, 300_000, 'a')))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if text, err := io.ReadAll(z); err != nil || string(text) != strings.Repeat("a", 300_000) {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

// bombBytes is how much text the largest bombs hold; those that take long to
// read hold an eighth of it or less.
const bombBytes = 1 << 30

// TestBombs reads little files that are large inside, or claim to be: what is
// wrong fails alone, in memory that does not grow with them.
func TestBombs(t *testing.T) {
	header, row := "id,text\n", "7,behind\n"
	long := strings.Repeat("x", bombBytes/64)
	line := func(compress func(testing.TB, string) string) string {
		return compress(t, header+"1,") + strings.Repeat(compress(t, long), 64) + compress(t, "\n"+row)
	}
	for _, test := range []struct {
		name, file, content string
		want                []string // what fails, and the row behind it
	}{
		{"a line in gzip", "in.csv.gz", line(gzipped), []string{"in.csv.gz:2: the record is longer than 16 MiB; is a line end missing?",
			`7|"behind"`}},
		{"a line in zstd", "in.csv.zst", line(zstandard),
			[]string{"in.csv.zst:2: the record is longer than 16 MiB; is a line end missing?", `7|"behind"`}},
		{"a line in runs", "in.csv.zst", zstandard(t, header+"1,") + zstdRun(17, bombBytes/8, 'x') + zstandard(t, "\n"+row),
			[]string{"in.csv.zst:2: the record is longer than 16 MiB; is a line end missing?", `7|"behind"`}},
		{"cells", "in.csv.zst", zstandard(t, header+"1") + zstdRun(17, bombBytes/8, ',') + zstandard(t, "\n"+row),
			[]string{"in.csv.zst:2: the record is longer than 16 MiB; is a line end missing?", `7|"behind"`}},
		{"an open quote", "in.csv.zst", zstandard(t, header+"1,\"\n"+row) + zstdRun(17, bombBytes/8, 'x') + zstandard(t, "\n"+row),
			[]string{`in.csv.zst:2: column "text": the quote (") that opens the cell is not closed; close it, ` +
				`or double the quotes that are text (reading continues in the next line)`, `7|"behind"`,
				"in.csv.zst:4: the record is longer than 16 MiB; is a line end missing?", `7|"behind"`}},
		{"empty lines", "in.csv.zst", zstandard(t, header) + zstdRun(17, bombBytes/32, '\n') + zstandard(t, row), []string{`7|"behind"`}},
		{"a header", "in.csv.zst", zstdRun(17, bombBytes/8, 'x'),
			[]string{"in.csv.zst:1: the header cannot be read: the record is longer than 16 MiB; is a line end missing?"}},
		{"a window", "in.csv.zst", zstandard(t, header+row) + zstdRun(30, bombBytes/8, 'x'),
			[]string{`7|"behind"`, "in.csv.zst:3: record 2 cannot be read: the zstd data needs a window of more than 32 MiB; " +
				"compress it without --long and --ultra"}},
		{"frames without text", "in.csv.zst", zstandard(t, header) + strings.Repeat(zstdRun(17, 0, 0), 100_000) + zstandard(t, row),
			[]string{`7|"behind"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, files := memEnv()
			writeFile(t, files, test.file, test.content)
			got, allocated := readBomb(t, e, openSource(t, sourceSchema, map[string]string{"path": test.file}))
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
			t.Logf("%d bytes of file took %.1f MB", len(test.content), float64(allocated)/1e6)
			if allocated > 80<<20 {
				t.Errorf("%d MB were allocated", allocated>>20)
			}
		})
	}
}

// TestJSONBombs is TestBombs for what only JSON has: nests and strings.
func TestJSONBombs(t *testing.T) {
	const tooLong = "in.jsonl.zst:1: the line is longer than 16 MiB; is a line end missing?"
	row := `{"id":7,"text":"behind"}` + "\n"
	for _, test := range []struct {
		name, begin string
		run         byte
	}{
		{"brackets", "", '['},
		{"braces", "", '{'},
		{"a nest in a column", `{"text":`, '['},
		{"a nest in no column", `{"other":`, '['},
		{"a string", `{"text":"`, 'x'},
		{"escapes", `{"text":"`, '\\'},
		{"a string in no column", `{"other":"`, 'x'},
		{"digits", `{"id":`, '9'},
		{"spaces", `{"id":`, ' '},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, files := memEnv()
			writeFile(t, files, "in.jsonl.zst", zstandard(t, test.begin)+zstdRun(17, bombBytes/16, test.run)+zstandard(t, "\n"+row))
			got, allocated := readBomb(t, e, openJSONSource(t, sourceSchema, map[string]string{"path": "in.jsonl.zst"}))
			if want := []string{tooLong, `7|"behind"`}; !slices.Equal(got, want) {
				t.Errorf("got %q", got)
			}
			if allocated > 80<<20 {
				t.Errorf("%d MB were allocated", allocated>>20)
			}
		})
	}
}

// readBomb returns the rows and failures of a source in their order, and how many
// bytes were allocated altogether, which is more than ever were in use.
func readBomb(t *testing.T, e env.Env, source stream.Source) (got []string, allocated uint64) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	pool := record.NewPool()
	r, err := source.NewReader(stream.ReaderContext{Env: e, Pool: pool, BatchRows: 1})
	if err == nil {
		err = r.Assign([]stream.Split{{ID: oneSplit}})
	}
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for finished := false; !finished; {
		f, err := fetchOne(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, drawn(f)...)
		finished = f.Finished
	}
	runtime.ReadMemStats(&after)
	return got, after.TotalAlloc - before.TotalAlloc
}

// drawn draws what a fetch brought and releases it.
func drawn(f fetched) (out []string) {
	for _, failed := range f.Failed {
		out = append(out, fmt.Sprint(failed.Where, ": ", failed.Err))
	}
	if f.batch != nil {
		out = append(out, conntest.Rows(f.batch)...)
		f.batch.Release()
	}
	return out
}
