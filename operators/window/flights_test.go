package window_test

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/operators/window"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// The departures of January 2013 and the answers to four questions about them,
// which another engine computed in batch.
const (
	examples   = "../../jobs/examples/"
	departures = examples + "data/departures-2013-01.csv.gz"
)

var flightsInput = record.MustSchema(
	record.Field{Name: "carrier", Type: record.String},
	record.Field{Name: "tailnum", Type: record.String},
	record.Field{Name: "origin", Type: record.String},
	record.Field{Name: "dest", Type: record.String},
	record.Field{Name: "dep_delay_min", Type: record.Int64},
	record.Field{Name: "distance_mi", Type: record.Int64},
	record.Field{Name: "delayed", Type: record.Bool}, // dep_delay_min > 15
)

var delayAggregates = []agg.Call{
	{Name: "flights", Function: "count", Column: agg.None, Filter: agg.None},
	{Name: "delay_sum_min", Function: "sum", Column: 4, Filter: agg.None},
	{Name: "worst_min", Function: "max", Column: 4, Filter: agg.None},
	{Name: "delayed", Function: "count", Column: agg.None, Filter: 6},
	{Name: "dests", Function: "count", Column: 3, Distinct: true, Filter: agg.None},
}

var distanceAggregates = []agg.Call{
	{Name: "flights", Function: "count", Column: agg.None, Filter: agg.None},
	{Name: "distance_mi", Function: "sum", Column: 5, Filter: agg.None},
}

func readCSV(t testing.TB, name string) [][]string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// flights returns January's rows under a watermark that is delay behind.
func flights(t testing.TB, delay time.Duration) (rows []optest.Row) {
	table := readCSV(t, departures)
	at := map[string]int{}
	for i, name := range table[0] {
		at[name] = i
	}
	split := optest.Split{Delay: delay}
	for _, cells := range table[1:] {
		scheduled, err := record.ParseTime([]byte(cells[at["scheduled_at"]]))
		if err != nil {
			t.Fatal(err)
		}
		row := optest.Row{Time: scheduled, Watermark: split.Next(scheduled)}
		for _, f := range flightsInput.Fields()[:6] {
			row.Values = append(row.Values, cellValue(t, f.Type, cells[at[f.Name]]))
		}
		minutes, known := row.Values[4].(int64)
		row.Values = append(row.Values, known && minutes > 15)
		rows = append(rows, row)
	}
	return rows
}

func cellValue(t testing.TB, typ record.Type, text string) any {
	if text == "" {
		return nil
	}
	if typ == record.String {
		return text
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestFlights(t *testing.T) {
	for _, question := range []struct {
		name        string
		config      window.Config
		delay       time.Duration
		late, pairs int64
	}{
		{"tumble-1h-by-origin", window.Config{Keys: []int{2}, Shape: window.Tumble(time.Hour, 0), Aggregates: delayAggregates},
			2 * time.Hour, 331, 331},
		{"hop-6h-1h-by-origin-carrier", window.Config{Keys: []int{2, 0}, Shape: window.Hop{Size: 6 * time.Hour, Slide: time.Hour},
			Lateness: time.Hour, Aggregates: delayAggregates}, 30 * time.Minute, 6, 921},
		{"session-8h-by-tailnum", window.Config{Keys: []int{1}, Shape: window.Session{Gap: 8 * time.Hour}, Aggregates: distanceAggregates},
			24 * time.Hour, 0, 0},
		{"session-8h-delay30m-by-tailnum", window.Config{Keys: []int{1}, Shape: window.Session{Gap: 8 * time.Hour},
			Aggregates: distanceAggregates},
			30 * time.Minute, 3, 3},
	} {
		t.Run(question.name, func(t *testing.T) {
			rows := flights(t, question.delay)
			if strings.HasPrefix(question.name, "session") {
				rows = slices.DeleteFunc(rows, func(r optest.Row) bool { return r.Values[1] == nil })
			}
			for _, batchRows := range []int{1, 37, 1024, len(rows)} {
				question.config.Input = flightsInput
				got, counters := runFlights(t, question.config, rows, batchRows, question.delay)
				sameLines(t, got, readCSV(t, examples+"expected/"+question.name+".csv.gz"))
				if counters.Late != question.late || counters.LatePairs != question.pairs {
					t.Errorf("%d late rows, %d late pairs; want %d and %d", counters.Late, counters.LatePairs, question.late, question.pairs)
				}
			}
		})
	}
}

// csvEmitter keeps results as lines of CSV.
type csvEmitter struct{ lines []string }

func (e *csvEmitter) Full() bool { return false }

func (e *csvEmitter) Emit(output stream.Output, element stream.Element) {
	defer element.Release()
	if output != stream.Main || element.Kind != stream.KindBatch {
		return
	}
	b := element.Batch
	for i := range b.Len() {
		var cells []string
		for _, c := range b.Columns {
			text := optest.Text(c, i)
			if c.Type() == record.Timestamp {
				text = record.Time(c.Int64s()[i]).String()
			}
			cells = append(cells, text)
		}
		e.lines = append(e.lines, strings.Join(cells, ","))
	}
}

// runFlights runs rows through one instance, a watermark after each batch.
func runFlights(t testing.TB, c window.Config, rows []optest.Row, batchRows int, delay time.Duration) ([]string, stream.CounterValues) {
	pool, out, counters := record.NewPool(), &csvEmitter{}, &stream.Counters{}
	split, fired := optest.Split{Delay: delay}, record.MinTime
	defer trial.Guard(t, func() string {
		return fmt.Sprintf("batches of %d rows, watermark %v, %d results", batchRows, fired, len(out.lines))
	})()
	open, _, err := window.New(c)
	if err != nil {
		t.Fatal(err)
	}
	op, err := open(stream.OperatorContext{Step: "flights", Pool: pool, State: state.NewBackend(keyrange.All), Budget: 1024,
		Counters: counters})
	if err != nil {
		t.Fatal(err)
	}
	step := func(e stream.Element) {
		if err := op.Step(0, e, out); err != nil {
			t.Fatal(err)
		}
		if err := optest.Resume(op, out); err != nil {
			t.Fatal(err)
		}
	}
	for batch := range slices.Chunk(rows, batchRows) {
		for _, r := range batch {
			split.Next(r.Time)
		}
		step(stream.BatchOf(optest.Batch(pool, flightsInput, batch)))
		if w := split.Watermark(); w > fired {
			fired = w
			step(stream.WatermarkOf(w))
		}
	}
	step(stream.WatermarkOf(record.MaxTime))
	step(stream.End)
	op.Close()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
	return out.lines, counters.Values()
}

// sameLines compares results with a table of expected ones, in any order.
func sameLines(t *testing.T, got []string, table [][]string) {
	t.Helper()
	var want []string
	for _, cells := range table[1:] {
		want = append(want, strings.Join(cells, ","))
	}
	slices.Sort(got)
	slices.Sort(want)
	if slices.Equal(got, want) {
		return
	}
	missing, unexpected := difference(want, got), difference(got, want)
	t.Errorf("%d results, want %d; %d missing: %.5v; %d unexpected: %.5v", len(got), len(want),
		len(missing), first(missing, 5), len(unexpected), first(unexpected, 5))
}

func difference(a, b []string) (rest []string) {
	in := map[string]bool{}
	for _, line := range b {
		in[line] = true
	}
	for _, line := range a {
		if !in[line] {
			rest = append(rest, line)
		}
	}
	return rest
}

func first(lines []string, n int) []string { return lines[:min(n, len(lines))] }
