package window_test

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/agg/aggtest"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/operators/window"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// The model takes rows one at a time, knows no panes, batches or watermark of the
// step, and computes aggregates from lists of rows.

// modelPrices are quarters, some of them so large that a small one is lost where it
// is added to them. Sums that are compensated are still the float64 nearest to the
// exact ones: what rounding takes away is a number of quarters, too, and small.
var modelPrices = []any{1e16, -1e16, 3e15 + 0.5, -3e15, 0.25, -0.75, 1.0, 1.0, 2.5, math.Copysign(0, -1)}

// modelAmounts carry over from half of their 128 bits into the other.
var modelAmounts = []any{
	record.Decimal{Lo: math.MaxUint64}, record.Decimal{Lo: 1, Hi: -1}, record.Decimal{Hi: 1 << 36}, record.Decimal{Hi: -1 << 36},
	record.Decimal{Lo: 150}, record.Decimal{Lo: math.MaxUint64 - 149, Hi: -1}, record.Decimal{},
}

// modelInput returns the schema of rows that have keys of a type.
func modelInput(key record.Type) *record.Schema {
	return record.MustSchema(
		record.Field{Name: "key", Type: key},
		record.Field{Name: "v", Type: record.Int64},
		record.Field{Name: "price", Type: record.Float64},
		record.Field{Name: "name", Type: record.String},
		record.Field{Name: "wanted", Type: record.Bool},
		record.Field{Name: "amount", Type: record.Type{Kind: record.KindDecimal, Precision: 38, Scale: 2}},
	)
}

// keys are the keys of a test, and how each is drawn.
type keys struct {
	of    record.Type
	texts map[any]string
}

// modelKeys are keys of every type that columns of keys have, most of them such
// that some part of one is equal to that of another.
var modelKeys = []keys{
	{record.String, map[any]string{"anna": "anna", "ben": "ben", "carla": "carla"}},
	{record.Bytes, map[any]string{"\x00": "AA==", "\x00\x00": "AAA=", "\xff": "/w==", "": ""}},
	{record.Int32, map[any]string{int32(-1): "-1", int32(1): "1", int32(math.MinInt32): "-2147483648"}},
	{record.Int64, map[any]string{int64(1): "1", int64(1<<32 + 1): "4294967297", int64(-1): "-1"}},
	{record.Date, map[any]string{int32(15706): "2013-01-01", int32(15705): "2012-12-31", int32(-1): "1969-12-31"}},
	{record.Type{Kind: record.KindDecimal, Precision: 30, Scale: 2}, map[any]string{
		record.Decimal{Lo: 150}:                          "1.50",
		record.Decimal{Lo: 150, Hi: 1}:                   "184467440737095517.66",
		record.Decimal{Lo: math.MaxUint64 - 149, Hi: -1}: "-1.50",
	}},
	{record.Bool, map[any]string{true: "true", false: "false"}},
	{record.Timestamp, map[any]string{record.Time(0): "0s", record.Time(1_500_000): "1.5s"}},
	{record.Float64, map[any]string{1.5: "1.5", -1.5: "-1.5", 0.0: "0"}},
}

var modelCalls = []agg.Call{
	{Name: "rows", Function: "count", Column: agg.None, Filter: agg.None},
	{Name: "wanted_rows", Function: "count", Column: agg.None, Filter: 4},
	{Name: "sum", Function: "sum", Column: 1, Filter: agg.None},
	{Name: "worst", Function: "max", Column: 1, Filter: 4},
	{Name: "mean", Function: "avg", Column: 2, Filter: agg.None},
	{Name: "names", Function: "count", Distinct: true, Column: 3, Filter: agg.None},
	{Name: "wanted_vs", Function: "count", Distinct: true, Column: 1, Filter: 4},
	{Name: "first_name", Function: "min", Column: 3, Filter: agg.None},
	{Name: "prices", Function: "sum", Column: 2, Filter: agg.None},
	{Name: "wanted_prices", Function: "sum", Column: 2, Filter: 4},
	{Name: "least_price", Function: "min", Column: 2, Filter: agg.None},
	{Name: "amounts", Function: "sum", Column: 5, Filter: agg.None},
	{Name: "mean_amount", Function: "avg", Column: 5, Filter: 4},
	{Name: "last_amount", Function: "max", Column: 5, Filter: agg.None},
}

// aggregate returns the columns of modelCalls for rows, as optest draws them.
func aggregate(input *record.Schema, rows []optest.Row) string {
	set, err := agg.Compile(modelCalls, input)
	if err != nil {
		panic(err)
	}
	var results []any
	for _, c := range modelCalls {
		var values []any
		t := record.Type{}
		for _, r := range rows {
			switch {
			case c.Filter != agg.None && r.Values[c.Filter] != true:
			case c.Column == agg.None:
				values = append(values, true)
			default:
				t = input.Field(c.Column).Type
				values = append(values, r.Values[c.Column])
			}
		}
		result, err := aggtest.Result(c.Function, c.Distinct, t, values)
		if err != nil {
			panic(err) // amounts are too small for that
		}
		results = append(results, result)
	}
	return draw(record.MustSchema(set.Results()...), results)
}

func (s *input) result(key any, start, end record.Time, rows []optest.Row) string {
	text := "null"
	if key != nil {
		text = s.keys.texts[key]
	}
	return fmt.Sprintf("key=%s [%v,%v) %s", text, optest.TimeText(start), optest.TimeText(end), aggregate(modelInput(s.keys.of), rows))
}

func (s *input) draw(r optest.Row) string { return draw(modelInput(s.keys.of), r.Values) }

func draw(schema *record.Schema, values []any) string {
	b := optest.Batch(record.NewPool(), schema, []optest.Row{{Values: values}})
	defer b.Release()
	return optest.Draw(b)[0]
}

// span is the bounds of a window: [start, end).
type span struct{ start, end record.Time }

// holding returns the windows that hold a time.
type holding func(record.Time) []span

func hopsOf(h window.Hop) holding {
	return func(t record.Time) (spans []span) {
		start := record.Time(h.Offset.Microseconds())
		for start > t {
			start = start.Add(-h.Slide)
		}
		for start.Add(h.Slide) <= t {
			start = start.Add(h.Slide)
		}
		for ; start.Add(h.Size) > t; start = start.Add(-h.Slide) {
			spans = append(spans, span{start, start.Add(h.Size)})
		}
		return spans
	}
}

// modelAligned returns what aligned windows put out, and how rows were late.
func modelAligned(holding holding, lateness time.Duration, anyLate bool, s *input) (want optest.Want, counted stream.CounterValues) {
	want = optest.Want{}
	type group struct {
		key any
		span
	}
	groups := map[group][]optest.Row{}
	for _, r := range s.rows {
		var reached, missed int64
		for _, w := range holding(r.Time) {
			if w.end.Add(lateness) > r.Watermark {
				reached++
				g := group{r.Values[0], w}
				groups[g] = append(groups[g], r)
				continue
			}
			missed++
			counted.MaxLate = max(counted.MaxLate, int64(r.Watermark-w.end.Add(lateness))+1)
		}
		counted.LatePairs += missed
		switch {
		case reached == 0:
			counted.Late++
		case missed > 0:
			counted.LatePartly++
		}
		if reached == 0 || anyLate && missed > 0 {
			want[stream.Late] = append(want[stream.Late], s.draw(r))
		}
	}
	for g, rows := range groups {
		want[stream.Main] = append(want[stream.Main], s.result(g.key, g.start, g.end, rows))
	}
	return want, counted
}

type modelSession struct {
	key        any
	start, end record.Time
	rows       []optest.Row
}

// modelSessions returns what sessions put out: an older session is gone as soon as
// a row's watermark has passed its end.
func modelSessions(gap, lateness time.Duration, in *input) optest.Want {
	want := optest.Want{}
	var open []modelSession
	for _, r := range in.rows {
		mine := modelSession{key: r.Values[0], start: r.Time, end: r.Time.Add(gap)}
		rest := open[:0:0]
		for _, s := range open {
			switch {
			case s.end.Add(lateness) < r.Watermark:
				want[stream.Main] = append(want[stream.Main], in.result(s.key, s.start, s.end, s.rows))
			case s.key == mine.key && s.start <= r.Time.Add(gap) && r.Time <= s.end:
				mine.start, mine.end = min(mine.start, s.start), max(mine.end, s.end)
				mine.rows = append(mine.rows, s.rows...)
			default:
				rest = append(rest, s)
			}
		}
		open = rest
		if mine.end.Add(lateness) < r.Watermark {
			want[stream.Late] = append(want[stream.Late], in.draw(r))
			continue
		}
		mine.rows = append(mine.rows, r)
		open = append(open, mine)
	}
	for _, s := range open {
		want[stream.Main] = append(want[stream.Main], in.result(s.key, s.start, s.end, s.rows))
	}
	return want
}

// wholeSessions returns what sessions put out when no row is behind its watermark.
func wholeSessions(gap time.Duration, in *input) optest.Want {
	whole := &input{keys: in.keys, rows: slices.Clone(in.rows)}
	for i := range whole.rows {
		whole.rows[i].Watermark = record.MinTime
	}
	return modelSessions(gap, 0, whole)
}
