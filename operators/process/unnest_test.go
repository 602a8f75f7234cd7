package process

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

var (
	lineType, _ = record.ParseType("struct<sku string, qty int64>")
	orders      = record.MustSchema(
		record.Field{Name: "customer", Type: record.String},
		record.Field{Name: "order_id", Type: record.Int64},
		record.Field{Name: "lines", Type: record.ListOf(lineType)},
		record.Field{Name: "note", Type: record.Bytes},
	)
)

func listOf(t testing.TB, text string) *expr.Checked {
	t.Helper()
	e, errs := expr.Parse(text)
	if errs == nil {
		var checked *expr.Checked
		if checked, errs = expr.Check(e, orders); errs == nil {
			return checked
		}
	}
	t.Fatalf("%s: %v", text, errs)
	return nil
}

// randomOrders returns a stream of orders, and what unnesting their lines gives,
// drawn with positions.
func randomOrders(r *rand.Rand) (elements []optest.Element, want []string) {
	nullable := func(v any) any {
		if r.IntN(4) == 0 {
			return nil
		}
		return v
	}
	text := func(v any, form string) string {
		if v == nil {
			return "null"
		}
		return fmt.Sprintf(form, v)
	}
	var split optest.Split
	sent := record.MinTime
	for id := range int64(1 + r.IntN(12)) {
		if w := split.Watermark(); w > sent && r.IntN(3) == 0 {
			elements, sent = append(elements, optest.Watermark(w)), w
		}
		var lines []any
		var drawn, whole []string
		for range r.IntN(6) {
			line := nullable([]any{nullable("ab"[r.IntN(2):]), nullable(int64(r.IntN(100)))})
			lines = append(lines, line)
			draw := "null"
			if l, ok := line.([]any); ok {
				draw = fmt.Sprintf(`{"sku":%s,"qty":%s}`, text(l[0], "%q"), text(l[1], "%d"))
			}
			drawn, whole = append(drawn, draw), append(whole, draw)
		}
		customer, note := nullable("c"+strings.Repeat("x", r.IntN(3))), nullable("")
		list := nullable(lines)
		t := record.Time(1000*id + int64(r.IntN(2000)) - 500)
		elements = append(elements, optest.Rows(optest.Row{Time: t, Watermark: split.Next(t), Values: []any{customer, id, list, note}}))
		for i := range drawn {
			if list != nil {
				want = append(want, fmt.Sprintf("customer=%s order_id=%d lines=[%s] note=%s line=%s n=%d",
					text(customer, "%s"), id, strings.Join(whole, ","), text(note, "%s"), drawn[i], i+1))
			}
		}
	}
	return append(elements, optest.End()...), want
}

// TestUnnestAgainstModel brings random orders to the operator in all ways.
func TestUnnestAgainstModel(t *testing.T) {
	newOperator, err := NewUnnest(UnnestConfig{Input: orders, List: listOf(t, "lines"), Element: "line", Position: "n"})
	if err != nil {
		t.Fatal(err)
	}
	trial.Run(t, 100, func(c *trial.Case) {
		elements, want := randomOrders(c.Random)
		counters := optest.Verify(c, optest.Case{New: newOperator, Inputs: []optest.Input{{Schema: orders}}, Stream: elements, Seed: c.Seed}, optest.Want{stream.Main: want})
		if counters.Accepted != counters.In || counters.Out != int64(len(want)) {
			c.Errorf("counters %+v for %d rows", counters, len(want))
		}
	})
}

// TestUnnestConstant unnests a list that is the same for all rows, selected or
// not, of which the last batch is closed before it has been put out.
func TestUnnestConstant(t *testing.T) {
	newOperator, err := NewUnnest(UnnestConfig{Input: orders, List: listOf(t, "[order_id, 7]"), Element: "x"})
	if err != nil {
		t.Fatal(err)
	}
	pool, out, counters := record.NewCheckedPool(), &collector{}, &stream.Counters{}
	op, err := newOperator(stream.OperatorContext{Pool: pool, Budget: 3, Counters: counters, Rejects: &stream.Rejects{}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		b := pool.NewBatch(orders, 3)
		customer, note := pool.NewConstant(record.String, 3), pool.NewConstant(record.Bytes, 3)
		customer.AppendString([]byte("c"))
		note.AppendNull()
		id, lines := pool.NewColumn(record.Int64, 3), pool.NewColumn(orders.Field(2).Type, 3)
		for i := range int64(3) {
			id.AppendInt64(i)
			lines.AppendNull()
		}
		b.Columns = append(b.Columns, customer, id, lines, note)
		if err := op.Step(0, stream.BatchOf(b.Select([]int32{0, 2})), out); err != nil {
			t.Fatal(err)
		}
		if len(out.emitted[stream.Main]) == 1 {
			if pending, err := op.Resume(out); pending || err != nil {
				t.Fatalf("pending %v, %v", pending, err)
			}
		}
	}
	const first = `{"customer":"c","order_id":0,"lines":null,"note":null,"x":0}
{"customer":"c","order_id":0,"lines":null,"note":null,"x":7}
{"customer":"c","order_id":2,"lines":null,"note":null,"x":2}
`
	const last = `{"customer":"c","order_id":2,"lines":null,"note":null,"x":7}
`
	if got := out.draw(stream.Main) + "\n"; got != first+last+first {
		t.Errorf("got\n%s", got)
	}
	finish(t, op, out, pool)
}

// TestUnnestSharesText: the text of a row is not copied for each of its elements.
func TestUnnestSharesText(t *testing.T) {
	newOperator, err := NewUnnest(UnnestConfig{Input: orders, List: listOf(t, "lines"), Element: "line"})
	if err != nil {
		t.Fatal(err)
	}
	const elements, size = 100_000, 1 << 20
	pool, out, counters := record.NewPool(), &counting{}, &stream.Counters{}
	op, err := newOperator(stream.OperatorContext{Pool: pool, Budget: 1000, Counters: counters, Rejects: &stream.Rejects{}})
	if err != nil {
		t.Fatal(err)
	}
	b := pool.NewBatch(orders, 1)
	for _, f := range orders.Fields() {
		c := pool.NewColumn(f.Type, 1)
		switch f.Name {
		case "lines":
			for range elements {
				c.Elements().AppendZero()
			}
			c.AppendList()
		case "customer":
			c.AppendString(make([]byte, size))
		default:
			c.AppendZero()
		}
		b.Columns = append(b.Columns, c)
	}
	whole := b.Bytes()
	if err := op.Step(0, stream.BatchOf(b), out); err != nil {
		t.Fatal(err)
	}
	if err := optest.Resume(op, out); err != nil {
		t.Fatal(err)
	}
	if out.rows != elements || out.most > whole+1<<20 {
		t.Errorf("%d rows, in batches of up to %d bytes; the input had %d", out.rows, out.most, whole)
	}
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

// counting is an emitter that counts rows and releases them.
type counting struct{ rows, most int }

func (c *counting) Emit(_ stream.Output, e stream.Element) {
	c.rows += e.Batch.Len()
	c.most = max(c.most, e.Batch.Bytes())
	e.Release()
}

func (c *counting) Full() bool { return false }

func TestUnnestConfig(t *testing.T) {
	for text, want := range map[string]string{
		"order_id":       "order_id is int64, not a list",
		"[1 / order_id]": "[1 / order_id] may fail for a row; select it in a step before, whose on_error then decides on the row",
		"lines":          `duplicate column "note"`,
	} {
		if _, err := NewUnnest(UnnestConfig{Input: orders, List: listOf(t, text), Element: "note"}); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// TestUnnestAllocatesNothing once its memory has grown, however many rows.
func TestUnnestAllocatesNothing(t *testing.T) {
	newOperator, err := NewUnnest(UnnestConfig{Input: orders, List: listOf(t, "lines"), Element: "line", Position: "n"})
	if err != nil {
		t.Fatal(err)
	}
	pool, out := record.NewPool(), &counting{}
	op, err := newOperator(stream.OperatorContext{Pool: pool, Budget: 1000, Counters: &stream.Counters{}})
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]optest.Row, 500)
	for i := range rows {
		line := []any{"a", int64(i)}
		rows[i].Values = []any{"c", int64(i), []any{line, nil, line, line}, nil}
	}
	b := optest.Batch(pool, orders, rows)
	step := func() {
		err := op.Step(0, stream.BatchOf(b.Retain()), out)
		if err == nil {
			err = optest.Resume(op, out)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	step()
	if n := testing.AllocsPerRun(20, step); n >= 1 {
		t.Errorf("%v allocations a batch", n)
	}
	b.Release()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}
