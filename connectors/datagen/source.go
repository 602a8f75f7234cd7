package datagen

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"github.com/weirstream/weir/connectors/pace"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// SourceType declares the source for job files.
var SourceType = component.SourceType{
	Spec: component.Spec{
		Name:    "datagen",
		Summary: "Generates rows, the same ones for the same seed.",
		Details: details,
		Fields: []component.Field{
			{Name: "rows", Summary: "How many rows to generate, in all splits together; 0 means without end.", Kind: component.Int, Least: 0,
				Most: math.MaxInt64, Default: "0", Example: "1000000"},
			{Name: "rows_per_second", Summary: "The most rows a subtask generates in a second; 0 means no limit.", Kind: component.Int, Least: 0,
				Most: math.MaxInt64, Default: "0", Tuning: true},
			{Name: "seed", Summary: "Chooses one of many data sets.", Kind: component.Int, Default: "1"},
			{Name: "splits", Summary: "How many splits the rows come from.", Kind: component.Int, Least: 1, Most: math.MaxInt64, Default: "1"},
			{Name: "columns", Summary: "How columns are filled, each as name = function(arguments). The others get the default " +
				"for their type.", Kind: component.TextList, Example: "price = uniform(1, 1000)"},
		},
		Examples: []component.Example{{
			Title: "Bids",
			YAML: `datagen:
  rows: 1000000
  columns: ['auction = uniform(1, 1000)', 'at = clock(2024-01-01T00:00:00Z, 10ms, 2s)']`,
		}},
	},
	Splits: func(c component.Config) bool { return c.Int("splits") > 1 },
	Extent: func(c component.Config) component.Extent {
		if c.Int("rows") > 0 {
			return component.Bounded
		}
		return component.Endless
	},
	New: newSource,
}

const details = "The schema gives the names and types of the columns. They are filled by:\n\n" +
	"- `uniform(low, high)`: an int64 or float64 from the range, all equally likely\n" +
	"- `sequence()`: an int64: 0, 1, 2, … over all splits\n" +
	"- `keys(n)`: a string, one of key-0 … key-(n-1)\n" +
	"- `oneof(a, b, …)`: a string, one of these\n" +
	"- `chance(p)`: a bool, true with probability p\n" +
	"- `clock(start, step, disorder)`: a timestamp: start, and step later with each row of a split,\n" +
	"  less up to disorder; with disorder as the watermark_delay no row is late"

func newSource(c component.Config, in component.SourceInputs) (stream.Source, error) {
	s := &source{
		schema: in.Schema, rows: c.Int("rows"), rate: c.Int("rows_per_second"),
		seed: uint64(c.Int("seed")), splits: c.Int("splits"),
	}
	if s.schema == nil || s.schema.Len() == 0 {
		return nil, c.Problemf("columns", "datagen needs a schema: the columns to make and their types")
	}
	var err error
	if s.columns, err = parseColumns(s.schema, c.List("columns"), s.splits); err != nil {
		return nil, c.Problemf("columns", "%v", err)
	}
	return s, nil
}

type source struct {
	schema  *record.Schema
	columns []column // per field of schema
	rows    int64
	rate    int64
	seed    uint64
	splits  int64
}

// Schema returns the schema that the job declares.
func (s *source) Schema() *record.Schema { return s.schema }

// rowsOf returns how many rows a split has; -1 is without end.
func (s *source) rowsOf(split int64) int64 {
	if s.rows == 0 {
		return -1
	}
	n := s.rows / s.splits
	if split < s.rows%s.splits {
		n++
	}
	return n
}

// NewEnumerator returns the enumerator, which saves whether its splits were
// handed out.
func (s *source) NewEnumerator(_ env.Env, saved []byte) (stream.Enumerator, error) {
	return &enumerator{source: s, discovered: string(saved) == discovered}, nil
}

const discovered = "discovered"

type enumerator struct {
	source     *source
	discovered bool
}

// Discover returns all splits the first time.
func (e *enumerator) Discover(context.Context) (stream.Discovery, error) {
	if e.discovered {
		return stream.Discovery{Done: true}, nil
	}
	e.discovered = true
	splits := make([]stream.Split, e.source.splits)
	for i := range splits {
		splits[i].ID = stream.SplitID(strconv.Itoa(i))
	}
	return stream.Discovery{Splits: splits, Done: true}, nil
}

// Finished is of no concern: no split waits for another.
func (e *enumerator) Finished(stream.SplitID) {}

// Snapshot returns whether the splits were handed out.
func (e *enumerator) Snapshot() ([]byte, error) {
	if e.discovered {
		return []byte(discovered), nil
	}
	return nil, nil
}

// NewReader returns the reader of one subtask.
func (s *source) NewReader(c stream.ReaderContext) (stream.Reader, error) {
	p := pace.New(c.Env.Clock, s.rate)
	c.BatchRows = p.BatchRows(c.BatchRows)
	return &reader{source: s, context: c, pace: p}, nil
}

// reader makes the rows of its splits in turn, one batch each.
type reader struct {
	source  *source
	context stream.ReaderContext
	pace    *pace.Pace
	splits  []*split
	turn    int
}

type split struct {
	id     stream.SplitID
	number int64
	row    int64 // the next
	rows   int64 // -1 is without end
	paused bool
}

// Assign adds splits; a position is the number of the next row.
func (r *reader) Assign(splits []stream.Split) error {
	for _, assigned := range splits {
		number, err := strconv.ParseInt(string(assigned.ID), 10, 64)
		if err != nil || number < 0 || number >= r.source.splits {
			return fmt.Errorf("datagen: there is no split %q now; set splits to what it was at the checkpoint", assigned.ID)
		}
		s := &split{id: assigned.ID, number: number, rows: r.source.rowsOf(number)}
		if len(assigned.Position) > 0 {
			if s.row, err = strconv.ParseInt(string(assigned.Position), 10, 64); err != nil {
				return fmt.Errorf("datagen: the position %q of split %s is damaged: %w", assigned.Position, assigned.ID, err)
			}
		}
		r.splits = append(r.splits, s)
	}
	return nil
}

// Pause keeps the rows of a split back.
func (r *reader) Pause(id stream.SplitID) { r.setPaused(id, true) }

// Resume ends a pause.
func (r *reader) Resume(id stream.SplitID) { r.setPaused(id, false) }

func (r *reader) setPaused(id stream.SplitID, paused bool) {
	for _, s := range r.splits {
		if s.id == id {
			s.paused = paused
		}
	}
}

// Fetch makes the next rows of the split whose turn it is.
func (r *reader) Fetch(ctx context.Context) (stream.Fetched, error) {
	if err := r.pace.Wait(ctx); err != nil {
		return stream.Fetched{}, err
	}
	s := r.next()
	if s == nil {
		<-ctx.Done()
		return stream.Fetched{}, ctx.Err()
	}
	rows := int64(r.context.BatchRows)
	if s.rows >= 0 {
		rows = min(rows, s.rows-s.row)
	}
	f := stream.Piece{Split: s.id}
	var b *record.Batch
	if rows > 0 {
		b = r.source.make(r.context.Pool, s.number, s.row, int(rows))
		r.pace.Add(int(rows))
	}
	s.row += rows
	f.Next = strconv.AppendInt(nil, s.row, 10)
	if s.row == s.rows {
		f.Finished = true
		r.splits = append(r.splits[:r.turn], r.splits[r.turn+1:]...)
		r.turn--
	}
	return stream.FetchedOf(f, b), nil
}

// next returns the split whose turn it is, nil if all are paused or finished.
func (r *reader) next() *split {
	for range r.splits {
		r.turn = (r.turn + 1) % len(r.splits)
		if s := r.splits[r.turn]; !s.paused {
			return s
		}
	}
	return nil
}

// Close has nothing to give up.
func (r *reader) Close() error { return nil }
