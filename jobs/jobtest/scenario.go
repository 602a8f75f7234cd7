// Package jobtest holds whole jobs against a plain model, under settings and
// faults drawn from a seed: what a job commits must be a function of its input,
// whatever its parallelism, batches and checkpoints, and whatever is killed when.
package jobtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
)

// Scenario is a random job on random input, with the answer.
type Scenario struct {
	Job   string            // the job file
	Files map[string][]byte // the input, by name
	// Results and Late are what the sinks out and late must hold in the end, and
	// those of the others that have columns what copy, dead and again must.
	Results, Late, Copy, Dead, Again Output
	Read                             map[string]int64 // by source: its records
	Bad                              int64            // how many of them are malformed
	// Range is the range of event time that the job is run over, nil for all;
	// Skipped is how many rows lie outside.
	Range   *graph.Range
	Skipped int64
	sources []component.SourceType // besides those that every job has
	play    *play                  // what comes from its own sources; nil: all is in files
}

// Load returns the job, from files that hold the scenario. sets give keys of it other values.
func (s *Scenario) Load(files env.FS, sets ...string) (*jobs.Job, error) {
	registry := builtin.Registry()
	registry.Sources = append(registry.Sources, s.sources...)
	if s.play != nil {
		registry.Sources = append(registry.Sources, s.play.sourceType())
	}
	job, err := jobs.Load(registry, files, "job.yaml", sets)
	if err == nil && s.Range != nil {
		err = jobs.Replay(job, s.Range)
	}
	return job, err
}

// input is the parameters that a scenario is made from.
type input struct {
	random     *rand.Rand
	splits     [][]row // in the order of their files
	parallel   bool    // each file is a split of its own
	json       bool    // the files are JSON Lines, not CSV
	nested     bool    // most columns are fields of a struct
	listed     bool    // the values are in lists, which a step takes apart
	valueType  string
	steps      []step
	carried    []column // of the rows behind the steps
	copied     bool     // those are an output, too
	condition  condition
	keys, late []column
	anyLate    bool // late_rows: any_window
	window     window
	aggregates []aggregate
	origin     record.Time
	delay      record.Time
	delays     []record.Time // by split, where it is not delay for all
	letters    bool          // malformed records are an output
	dead       []string      // those
}

const second = record.Time(1_000_000)

// complete is the delay of sources that keep everything until their input has ended: no
// row is so far behind another.
const complete = record.Time(1 << 50)

// drawDelay draws how a job asks for a delay; where the input ends it need not ask for
// [complete].
func drawDelay(random *rand.Rand, delay record.Time, ends bool) string {
	switch {
	case delay < complete:
		return fmt.Sprintf(", watermark_delay: %ds", delay/second)
	case ends && random.IntN(2) == 0:
		return ""
	}
	return ", watermark_delay: complete"
}

// drawOrigin draws the event time that a scenario counts from: at times shortly
// before 1970, where times begin to be negative, or long before.
func drawOrigin(random *rand.Rand) record.Time {
	return record.TimeOf([]time.Time{
		time.Date(2013, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2013, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(1969, 12, 31, 23, 59, 0, 0, time.UTC),
		time.Date(1901, 1, 1, 0, 0, 0, 0, time.UTC),
	}[random.IntN(4)])
}

// NewScenario draws a scenario of about rows records. The delay of the
// watermark is shorter than the disorder of the rows, so that some are late.
func NewScenario(random *rand.Rand, rows int) *Scenario { return newScenario(random, rows, nil) }

// newScenario is [NewScenario] with a source that part makes two parts of; nil leaves it whole.
func newScenario(random *rand.Rand, rows int, part func(*input, *Scenario)) *Scenario {
	in := &input{random: random, origin: drawOrigin(random), parallel: random.IntN(2) == 0 || part != nil, json: random.IntN(2) == 0}
	in.window = drawWindow(random)
	in.maybeCalendar()
	disorder := 1 + random.Int64N(40)
	in.delay = record.Time(random.Int64N(disorder)) * second
	files := 1 + random.IntN(5)
	switch {
	case random.IntN(3) == 0:
		in.delay = complete
	case in.window.gap > 0 && in.parallel:
		// Over several splits, sessions are those of one row at a time only as
		// long as no row is behind its split's watermark.
		in.delay = record.Time(disorder) * second
	}
	in.drawShape()
	in.anyLate = random.IntN(3) == 0
	in.drawRows(rows, files, disorder)
	s := &Scenario{Job: in.job(), Files: map[string][]byte{}, Read: map[string]int64{}}
	for i, split := range in.splits {
		name, content := in.file(i, split)
		s.Files[name] = content
		s.Read["rows"] += int64(len(split))
	}
	s.Bad = int64(len(in.dead))
	s.Read["rows"] += s.Bad
	if part != nil {
		part(in, s)
	}
	if random.IntN(3) == 0 {
		s.Range = in.drawRange()
		s.Skipped += in.leaveOut(s.Range)
	}
	in.describe(s)
	in.answer(s)
	return s
}

// drawShape draws which columns there are and what becomes of them.
func (in *input) drawShape() {
	in.valueType = []string{"int64", "int32", decimalType}[in.random.IntN(3)]
	in.nested = in.json && in.random.IntN(2) == 0
	in.listed = in.json && in.random.IntN(2) == 0
	in.drawSteps()
	in.copied = in.random.IntN(3) == 0 && len(in.steps) > 0
	in.letters = in.random.IntN(2) == 0
	in.condition = conditions[in.random.IntN(len(conditions))]
	in.drawAggregates()
	in.drawKeys()
	for _, c := range in.carried {
		if c == at || c == value || in.random.IntN(2) == 0 {
			in.late = append(in.late, c)
		}
	}
}

func (in *input) drawKeys() {
	in.keys = []column{key, id, price, day, tag}
	in.random.Shuffle(len(in.keys), func(i, j int) { in.keys[i], in.keys[j] = in.keys[j], in.keys[i] })
	in.keys = in.keys[:1+in.random.IntN(2)]
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

// job returns the job file.
func (in *input) job() string {
	return fmt.Sprintf(`name: scenario
sources:
  rows:
    file: { path: in/, parallel: %v }
    format: %s
    on_error: %s
    on_damage: skip
    schema: { %s }
    event_time: { %s%s }
steps:
%s  - id: windows
    where: value IS NOT NULL AND (%s)
    key_by: [%s]
    window: %s
    late_rows: %s
    aggregate:
%s  - id: behind
    input: windows.late
    select: [%s]
%ssinks:
  out: { input: windows, parallelism: %d, file: { path: out%s }, format: %s }
  late: { input: behind, file: { path: late }, format: %s }
%s%scheckpoint: { interval: %dms }
`, in.parallel, in.format(), in.onError(), in.schema(), timeKey(in.eventTime(), len(in.splits)%2 == 0),
		drawDelay(in.random, in.delay, true),
		in.stepsYAML(), in.condition.expression, list(in.keys), in.window.yaml(), in.lateRows(), in.aggregatesYAML(), list(in.late),
		in.lettersStep(),
		1+in.random.IntN(3), in.outFiles(), in.anyFormat(), in.anyFormat(), in.copySink(), in.lettersSink(), some(in.random, 40))
}

// timeKey says that a column is the event time, as it is or as an expression of the same value.
func timeKey(column string, computed bool) string {
	if computed {
		return fmt.Sprintf("expression: \"%s + INTERVAL '0' SECOND\"", column)
	}
	return "column: " + column
}

func (in *input) lateRows() string {
	if in.anyLate {
		return "any_window"
	}
	return "every_window"
}

func (in *input) schema() string {
	flat := `at: timestamp, key: string, id: int32, price: "` + decimalType + `", day: date, tag: bytes`
	if in.nested {
		flat = "who: { " + flat + " }"
	}
	if !in.listed {
		flat += fmt.Sprintf(", value: %q", in.valueType)
	}
	if in.json {
		flat += fmt.Sprintf(", items: [{ sku: string, qty: %q }]", in.valueType)
	}
	return flat
}

func (in *input) eventTime() string {
	if in.nested {
		return "who.at"
	}
	return "at"
}

func (in *input) format() string {
	if in.json {
		return "json"
	}
	return "csv"
}

func (in *input) anyFormat() string { return []string{"csv", "json"}[in.random.IntN(2)] }

// copySink draws a sink of the rows that the steps before the window put out.
func (in *input) copySink() string {
	if !in.copied {
		return ""
	}
	return fmt.Sprintf("  copy: { input: step%d, parallelism: %d, file: { path: copy%s }, format: %s }\n",
		len(in.steps)-1, 1+in.random.IntN(3), in.outFiles(), in.anyFormat())
}

func (in *input) onError() string {
	if in.letters {
		return "dead_letter"
	}
	return "drop"
}

func (in *input) lettersStep() string {
	if !in.letters {
		return ""
	}
	return "  - { id: letters, input: rows.dead_letter, select: [position, raw] }\n"
}

func (in *input) lettersSink() string {
	if !in.letters {
		return ""
	}
	return fmt.Sprintf("  dead: { input: letters, parallelism: %d, file: { path: dead }, format: %s }\n",
		1+in.random.IntN(3), in.anyFormat())
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

// list draws columns as a list of names.
func list(columns []column) string { return strings.Join(namesOf(columns), ", ") }

func namesOf(columns []column) (all []string) {
	for _, c := range columns {
		all = append(all, names[c])
	}
	return all
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
