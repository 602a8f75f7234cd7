package task

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/sim"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// alone is a source whose rows come to a queue.
type alone struct {
	*source
	out *node
}

func newAlone(c *trial.Case, spec *graph.SourceStep, pool *record.Pool) *alone {
	chain := &Chain{host: sim.NewWorld(c.Random), pool: pool, report: func(Report) {}}
	step := &graph.Step{ID: "source", Source: spec, Outputs: []graph.Output{{Name: stream.Main}}}
	out := &node{chain: chain}
	n := &node{chain: chain, step: step, outputs: []consumers{{nodes: []*node{out}, inputs: []stream.InputID{0}}}, progress: stream.NewProgress(0)}
	chain.nodes = []*node{n}
	return &alone{newSource(chain, n, nil), out}
}

// TestRowsGoByTheirOwnSplit has fetches bring rows of many splits, some without a time and
// some that are not in the range of the job. Splits and rows have the watermarks, positions
// and notes that they would have if the rows had come one at a time.
func TestRowsGoByTheirOwnSplit(t *testing.T) {
	schema := record.MustSchema(record.Field{Name: "at", Type: record.Timestamp})
	trial.Run(t, 300, func(c *trial.Case) {
		random, pool := c.Random, record.NewCheckedPool()
		delay := random.Int64N(20)
		spec := &graph.SourceStep{OnError: stream.Drop, EventTime: graph.EventTime{Delay: time.Duration(delay) * time.Microsecond}}
		if random.IntN(2) == 0 {
			spec.EventTime.Range = &graph.Range{From: 20, Until: 180}
		}
		s := newAlone(c, spec, pool)
		want := make([]SplitState, 1+random.IntN(5))
		for i := range want {
			want[i] = FreshSplit(stream.Split{ID: stream.SplitID(strconv.Itoa(i))})
		}
		s.assign(Assign{Splits: want, Discovered: true, Done: true})
		type row struct{ at, mark int64 }
		var rows []row
		for fetch := range 5 {
			at := pool.NewColumn(record.Timestamp, 0)
			var f stream.Fetched
			for _, i := range random.Perm(len(want))[:1+random.IntN(len(want))] {
				w := &want[i]
				p := stream.Piece{Split: w.ID, Rows: random.IntN(4), Next: fmt.Append(nil, fetch), Notes: fmt.Appendf(nil, "%d of %s", fetch, w.ID)}
				w.Position, w.Notes = p.Next, p.Notes
				for range p.Rows {
					time := random.Int64N(200)
					if random.IntN(5) == 0 {
						at.AppendNull()
						continue
					}
					at.AppendInt64(time)
					if spec.EventTime.Range == nil || spec.EventTime.Range.Holds(record.Time(time)) {
						rows = append(rows, row{time, int64(w.Max.Add(-spec.EventTime.Delay))})
						w.Max = max(w.Max, record.Time(time))
					}
				}
				f.Pieces = append(f.Pieces, p)
			}
			f.Batch = pool.NewBatch(schema, at.Len())
			f.Batch.Columns = append(f.Batch.Columns, at)
			if err := s.arrive(f); err != nil {
				c.Fatal(err)
			}
			if err := s.take(s.ready.Pop()); err != nil {
				c.Fatal(err)
			}
		}
		for s.out.queue.Len() > 0 {
			b := s.out.queue.Pop().Element.Batch
			if b == nil {
				continue
			}
			for i := range int32(b.Physical()) {
				if sel := b.Selection(); sel != nil {
					if int(i) >= len(sel) {
						break
					}
					i = sel[i]
				}
				w := rows[0]
				rows = rows[1:]
				got := row{b.EventTime.Int64s()[i], w.mark}
				if b.RowWatermark != nil {
					got.mark = b.RowWatermark.Int64s()[i]
				} else if w.at < w.mark {
					got.mark = 0
				}
				if got != w {
					c.Fatalf("a row at %d is judged by %d, want %d by %d", got.at, got.mark, w.at, w.mark)
				}
			}
			b.Release()
		}
		got := s.block(s.splits).splits
		if fmt.Sprint(got) != fmt.Sprint(want) || len(rows) > 0 {
			c.Fatalf("the splits are at %v, want %v; %d rows are missing", got, want, len(rows))
		}
		if err := pool.Check(); err != nil {
			c.Fatal(err)
		}
	})
}
