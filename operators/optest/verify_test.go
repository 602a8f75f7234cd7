package optest

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// keeper holds rows back until a watermark and then lets them go, some at a time.
// Each of its faults is one that Verify must find.
type keeper struct {
	stream.OperatorContext
	fault   string
	count   int64 // of rows taken in since the last watermark
	due     int64 // of rows to put out yet
	batches int64
	forward record.Time
	passed  record.Time // the watermark passed on last
}

var keeperSchema = record.MustSchema(record.Field{Name: "n", Type: record.Int64})

func (k *keeper) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	switch e.Kind {
	case stream.KindBatch:
		k.count += int64(e.Batch.Len())
		k.batches++
		k.Counters.In.Add(int64(e.Batch.Len()))
		if k.fault != "counters do not add up" {
			k.Counters.Accepted.Add(int64(e.Batch.Len()))
		}
		if k.fault != "not released" {
			e.Batch.Release()
		}
	case stream.KindWatermark:
		if e.Time == k.passed {
			break
		}
		k.due, k.count, k.forward = k.count, 0, e.Time
		if k.fault == "by batch" {
			k.due = k.batches
		}
	default:
		if k.fault != "end kept" {
			out.Emit(stream.Main, e)
		}
	}
	return nil
}

func (k *keeper) Resume(out stream.Emitter) (bool, error) {
	n := min(int(k.due), k.Budget)
	if k.fault == "over budget" {
		n = int(k.due)
	}
	if n > 0 {
		b := k.Pool.NewBatch(keeperSchema, n)
		b.Columns = append(b.Columns, k.Pool.NewColumn(record.Int64, n))
		b.EventTime = k.Pool.NewColumn(record.Timestamp, n)
		for range n {
			b.Columns[0].AppendInt64(1)
			if k.fault == "behind" {
				b.EventTime.AppendTime(1)
				continue
			}
			b.EventTime.AppendTime(k.forward)
		}
		if k.fault != "not counted" {
			k.Counters.Out.Add(int64(n))
		}
		if k.fault == "written after" {
			b.Retain()
		}
		values := b.Columns[0].Int64s()
		out.Emit(stream.Main, stream.BatchOf(b))
		if k.fault == "written after" {
			b.Release()
			values[0] = 7
		}
		k.due -= int64(n)
	}
	if k.due == 0 && k.forward != 0 && k.fault != "watermark kept" {
		out.Emit(stream.Main, stream.WatermarkOf(k.forward))
		k.passed = k.forward
		k.forward = 0
	}
	return k.due > 0 || k.fault == "always pending", nil
}

// Inspect shows how many rows are due.
func (k *keeper) Inspect() (*record.Batch, error) {
	b := k.Pool.NewBatch(record.MustSchema(record.Field{Name: "due", Type: record.Int64}), 1)
	b.Columns = append(b.Columns, k.Pool.NewColumn(record.Int64, 1))
	b.Columns[0].AppendInt64(k.due)
	return b, nil
}

func (k *keeper) Close() {}

func (k *keeper) Snapshot(stream.CheckpointID) error {
	var cell []byte
	for _, v := range []int64{k.count, k.due, k.batches, int64(k.forward)} {
		cell = binary.LittleEndian.AppendUint64(cell, uint64(v))
	}
	if k.fault != "not saved" {
		k.State.SetCell("keeper", cell)
	}
	return nil
}

func newKeeper(fault string) stream.NewOperator {
	return func(ctx stream.OperatorContext) (stream.Operator, error) {
		k := &keeper{OperatorContext: ctx, fault: fault, passed: record.MinTime}
		for _, cell := range ctx.State.Cells("keeper") {
			word := func(i int) int64 { return int64(binary.LittleEndian.Uint64(cell[8*i:])) }
			k.count, k.due, k.batches, k.forward = word(0), word(1), word(2), record.Time(word(3))
			if fault == "due is lost" {
				k.due = 0
			}
		}
		return k, nil
	}
}

func TestVerifyFindsFaults(t *testing.T) {
	row := Row{Values: []any{int64(5)}}
	in := append([]Element{Rows(row, row, row), Watermark(5), Rows(row), Rows(row)}, End()...)
	five := strings.Split("n=1 n=1 n=1 n=1 n=1", " ")
	for fault, want := range map[string]string{
		"":                       "",
		"counters do not add up": "counters do not add up",
		"not released":           "were not released",
		"by batch":               "unexpected",
		"over budget":            "the budget is",
		"not counted":            "in truth",
		"written after":          "was written after its release",
		"behind":                 "behind the watermark",
		"not saved":              "missing",
		"due is lost":            "missing",
		"watermark kept":         "element 2 of 6, watermark(1970-01-01T00:00:00.000005Z): subtask 0 has come to the watermark",
		"end kept":               "element 6 of 6, end: subtask 0 has not passed it on",
		"always pending": "as given: element 1 of 6, batch(3 rows): output is still pending after 1300 calls of Resume; " +
			"the operator holds 1 rows: due=0",
	} {
		_, err := verify(&Case{New: newKeeper(fault), Inputs: []Input{{Schema: keeperSchema}}, Stream: in}, Want{stream.Main: five})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("fault %q: %v, want an error with %q", fault, err, want)
		}
	}
}

func TestSplit(t *testing.T) {
	s := Split{Delay: 2000} // 2 µs
	for i, c := range []struct{ t, before record.Time }{{10, record.MinTime}, {5, 8}, {12, 8}, {11, 10}} {
		if got := s.Next(c.t); got != c.before {
			t.Errorf("row %d: the watermark before it is %d, want %d", i, got, c.before)
		}
	}
	if s.Watermark() != 10 {
		t.Errorf("the watermark at the end is %d, want 10", s.Watermark())
	}
}

// A disguised batch has the same rows.
func TestDisguise(t *testing.T) {
	schema := record.MustSchema(record.Field{Name: "a", Type: record.String}, record.Field{Name: "b", Type: record.Int64})
	pool, random := record.NewCheckedPool(), rand.New(rand.NewPCG(1, 1))
	rows := []Row{{Time: 1, Watermark: 9, Values: []any{"x", int64(1)}}, {Values: []any{nil, nil}}, {Values: []any{"", int64(3)}}}
	for n, want := range map[int]string{1: "a=x b=1", 3: "a=x b=1; a=null b=null; a= b=3"} {
		b := Disguise(Batch(pool, schema, rows[:n]), random)
		got := strings.Join(Draw(b), "; ")
		if got != want || b.Len() == b.Physical() || b.RowWatermark == nil || b.Columns[0].Encoding() == record.Plain {
			t.Errorf("%s, %d of %d rows; want %s", got, b.Len(), b.Physical(), want)
		}
		b.Release()
	}
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}
