// Package jobtest holds whole jobs against a plain model, under settings and
// faults drawn from a seed: what a job commits must be a function of its input,
// whatever its parallelism, batches and checkpoints, and whatever is killed when.
package jobtest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
)

// Scenario is a random job on random input, with the answer.
type Scenario struct {
	Job   string            // the job file
	Files map[string][]byte // the input, by name
	// Results and Late are the rows that the sinks out and late must hold in the
	// end, as CSV lines, sorted.
	Results, Late []string
	Read, Bad     int64 // records of the input, and how many of them are malformed
	// Range is the range of event time that the job is run over, nil for all;
	// Skipped is how many rows lie outside.
	Range   *graph.Range
	Skipped int64
}

// Load returns the job, from files that hold the scenario.
func (s *Scenario) Load(files env.FS) (*jobs.Job, error) {
	job, err := jobs.Load(files, "job.yaml", nil)
	if err == nil && s.Range != nil {
		err = jobs.Replay(job, s.Range)
	}
	return job, err
}

// input is the parameters that a scenario is made from.
type input struct {
	random   *rand.Rand
	splits   [][]row // in the order of their files
	parallel bool    // each file is a split of its own
	json     bool    // the files are JSON Lines, not CSV
	window   window
	delay    record.Time
	bad      int64
}

// row is a record of the input; event time is in whole seconds.
type row struct {
	key   string
	at    record.Time
	value int64
	null  bool // of the value: the job leaves such rows out
}

const second = record.Time(1_000_000)

// origin is the event time that scenarios count from.
var origin = record.TimeOf(time.Date(2013, 1, 1, 0, 0, 0, 0, time.UTC))

// NewScenario draws a scenario of about rows records. The delay of the
// watermark is shorter than the disorder of the rows, so that some are late.
func NewScenario(random *rand.Rand, rows int) *Scenario {
	in := &input{random: random, parallel: random.IntN(2) == 0, json: random.IntN(2) == 0}
	in.window = drawWindow(random)
	disorder := 1 + random.Int64N(40)
	in.delay = record.Time(random.Int64N(disorder)) * second
	files := 1 + random.IntN(5)
	if in.window.gap > 0 && in.parallel {
		// Over several splits, sessions are those of one row at a time only as
		// long as no row is behind its split's watermark.
		in.delay = record.Time(disorder) * second
	}
	in.drawRows(rows, files, disorder)
	s := &Scenario{Job: in.job(), Files: map[string][]byte{}}
	for i, split := range in.splits {
		name, content := in.file(i, split)
		s.Files[name] = content
		s.Read += int64(len(split))
	}
	s.Bad = in.bad
	s.Read += in.bad
	if random.IntN(3) == 0 {
		s.Range = in.drawRange()
		s.Skipped = in.leaveOut(s.Range)
	}
	s.Results, s.Late = in.answer()
	return s
}

// drawRange draws a range that some rows are in and some are not, most often.
func (in *input) drawRange() *graph.Range {
	at := func() record.Time {
		split := in.splits[in.random.IntN(len(in.splits))]
		return split[in.random.IntN(len(split))].at
	}
	r := &graph.Range{From: record.MinTime, Until: at()}
	if from := at(); from < r.Until {
		r.From = from
	}
	return r
}

// leaveOut drops the rows outside a range and returns how many those were.
func (in *input) leaveOut(r *graph.Range) (skipped int64) {
	for i, split := range in.splits {
		in.splits[i] = slices.DeleteFunc(split, func(row row) bool { return row.at < r.From || row.at >= r.Until })
		skipped += int64(len(split) - len(in.splits[i]))
	}
	return skipped
}

func (in *input) drawRows(rows, files int, disorder int64) {
	in.splits = make([][]row, files)
	keys := some(in.random, 30)
	for i := range in.splits {
		clock := in.random.Int64N(20)
		for range rows / files {
			clock += in.random.Int64N(4)
			in.splits[i] = append(in.splits[i], row{
				key:   fmt.Sprintf("key %d", in.random.IntN(keys)),
				at:    origin + record.Time(clock-in.random.Int64N(disorder+1))*second,
				value: in.random.Int64N(9),
				null:  in.random.IntN(10) == 0,
			})
		}
	}
}

// zippers are used again, because each takes nearly a megabyte.
var zippers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// file returns a split as text, some with malformed lines, some compressed.
func (in *input) file(i int, rows []row) (name string, content []byte) {
	var b bytes.Buffer
	if !in.json {
		b.WriteString("value,ignored,at,key\n")
	}
	for _, r := range rows {
		if in.random.IntN(40) == 0 {
			b.WriteString("{\"value\":nine,\"ignored\":[x,y\n")
			in.bad++
		}
		b.WriteString(in.line(r))
	}
	name = fmt.Sprintf("in/part-%d.%s", i, in.format())
	if in.random.IntN(3) > 0 {
		return name, b.Bytes()
	}
	var z bytes.Buffer
	w := zippers.Get().(*gzip.Writer)
	defer zippers.Put(w)
	w.Reset(&z)
	w.Write(b.Bytes())
	w.Close()
	return name + ".gz", z.Bytes()
}

func (in *input) line(r row) string {
	value := fmt.Sprint(r.value)
	switch {
	case r.null && in.json:
		value = "null"
	case r.null:
		value = ""
	}
	if in.json {
		return fmt.Sprintf("{\"ignored\":{\"value\":[1,\"x\"]},\"value\":%s,\"at\":\"%v\",\"key\":%q}\n", value, r.at, r.key)
	}
	return fmt.Sprintf("%s,\"a \"\"quoted\"\", ignored cell\",%v,%s\n", value, r.at, r.key)
}

// job returns the job file.
func (in *input) job() string {
	return fmt.Sprintf(`name: scenario
sources:
  rows:
    file: { path: in/, parallel: %v }
    format: %s
    on_error: drop
    schema: { at: timestamp, key: string, value: int64 }
    event_time: { column: at, watermark_delay: %ds }
steps:
%s  - id: windows
    where: value IS NOT NULL
    key_by: [key]
    window: %s
    aggregate:
      n: count(*)
      total: sum(value)
      least: min(value)
      odd: count(*) FILTER (WHERE value %% 2 = 1)
      kinds: count(distinct value)
  - id: behind
    input: windows.late
    select: [key, at, value]
sinks:
  out: { input: windows, parallelism: %d, file: { path: out%s }, format: csv }
  late: { input: behind, file: { path: late }, format: csv }
checkpoint: { interval: %dms }
`, in.parallel, in.format(), in.delay/second, in.detour(), in.window.yaml(), 1+in.random.IntN(3), in.outFiles(), some(in.random, 40))
}

// detour draws steps that leave rows as they are in the end.
func (in *input) detour() string {
	if in.random.IntN(2) == 0 {
		return ""
	}
	return `  - id: each
    unnest: "[value, NULL, value] AS one WITH ORDINALITY AS n"
    where: n = 3
    select: [at, key, one AS value]
`
}

func (in *input) format() string {
	if in.json {
		return "json"
	}
	return "csv"
}

// outFiles draws how the sink cuts its output into files.
func (in *input) outFiles() string {
	compression := []string{"none", "gzip", "zstd"}[in.random.IntN(3)]
	keys := ", compression: " + compression
	if in.random.IntN(2) == 0 {
		keys += ", roll_size: 1KiB, roll_every: 1s"
	}
	return keys
}

// Write puts the job file and its input into a file system, durably.
func (s *Scenario) Write(files env.FS) error {
	if err := files.MkdirAll("in"); err != nil {
		return err
	}
	if err := env.WriteFile(files, "job.yaml", []byte(s.Job)); err != nil {
		return err
	}
	names := make([]string, 0, len(s.Files))
	for name := range s.Files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := env.WriteFile(files, name, s.Files[name]); err != nil {
			return err
		}
	}
	if err := files.SyncDir("in"); err != nil {
		return err
	}
	return files.SyncDir(".")
}

// Check compares what the sinks hold with the answer.
func (s *Scenario) Check(files env.FS) error {
	for _, sink := range []struct {
		dir  string
		want []string
	}{{"out", s.Results}, {"late", s.Late}} {
		got, err := committed(files, sink.dir)
		if err != nil {
			return err
		}
		if diff := difference(sink.want, got); diff != "" {
			return fmt.Errorf("%s/ does not hold the answer (- missing, + too much):\n%s", sink.dir, diff)
		}
	}
	return nil
}

// committed returns the rows in the visible files of a folder, sorted. A folder
// that no row came to need not exist.
func committed(files env.FS, dir string) ([]string, error) {
	names, err := files.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var rows []string
	for _, name := range names {
		if strings.HasPrefix(name, ".") {
			continue
		}
		content, err := env.ReadFile(files, dir+"/"+name)
		if err == nil {
			content, err = decompress(name, content)
		}
		if err != nil {
			return nil, err
		}
		lines := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
		rows = append(rows, lines[1:]...) // behind the header
	}
	slices.Sort(rows)
	return rows, nil
}

func decompress(name string, content []byte) ([]byte, error) {
	switch {
	case strings.HasSuffix(name, ".gz"):
		z, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			return nil, err
		}
		return io.ReadAll(z)
	case strings.HasSuffix(name, ".zst"):
		z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		defer z.Close()
		return z.DecodeAll(content, nil)
	}
	return content, nil
}

// difference draws how two sorted lists differ as multisets; "" is not at all.
func difference(want, got []string) string {
	var b strings.Builder
	for len(want)+len(got) > 0 && b.Len() < 2000 {
		switch {
		case len(got) == 0 || len(want) > 0 && want[0] < got[0]:
			fmt.Fprintf(&b, "- %s\n", want[0])
			want = want[1:]
		case len(want) == 0 || got[0] < want[0]:
			fmt.Fprintf(&b, "+ %s\n", got[0])
			got = got[1:]
		default:
			want, got = want[1:], got[1:]
		}
	}
	return b.String()
}
