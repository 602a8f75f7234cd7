package running_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/agg/aggtest"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/operators/running"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

var modelInput = record.MustSchema(
	record.Field{Name: "city", Type: record.String},
	record.Field{Name: "n", Type: record.Int64},
	record.Field{Name: "price", Type: record.Float64},
	record.Field{Name: "name", Type: record.String},
	record.Field{Name: "wanted", Type: record.Bool},
	record.Field{Name: "amount", Type: record.Type{Kind: record.KindDecimal, Precision: 20, Scale: 2}},
	record.Field{Name: "small", Type: record.Int32},
)

var modelCalls = []agg.Call{
	{Name: "rows", Function: "count", Column: agg.None, Filter: agg.None},
	{Name: "wanted_rows", Function: "count", Column: agg.None, Filter: 4},
	{Name: "sum", Function: "sum", Column: 1, Filter: agg.None},
	{Name: "names", Function: "count", Distinct: true, Column: 3, Filter: agg.None},
	{Name: "first_name", Function: "min", Column: 3, Filter: agg.None},
	{Name: "prices", Function: "sum", Column: 2, Filter: agg.None},
	{Name: "mean", Function: "avg", Column: 5, Filter: 4},
	{Name: "most", Function: "max", Column: 5, Filter: agg.None},
	{Name: "least", Function: "min", Column: 6, Filter: 4},
}

// someCalls draws aggregates, of which few change with every row.
func someCalls(random *rand.Rand) (calls []agg.Call) {
	for _, c := range modelCalls {
		if random.IntN(3) == 0 {
			calls = append(calls, c)
		}
	}
	return calls
}

// results returns the row of each key, from lists of rows.
func results(c running.Config, rows []optest.Row) (lines []string) {
	set, err := agg.Compile(c.Aggregates, c.Input)
	if err != nil {
		panic(err)
	}
	var fields []record.Field
	for _, k := range c.Keys {
		fields = append(fields, c.Input.Field(k))
	}
	schema := record.MustSchema(append(fields, set.Results()...)...)
	groups := map[string][]optest.Row{}
	for _, r := range rows {
		key := ""
		for _, k := range c.Keys {
			key += fmt.Sprintf("%#v,", r.Values[k])
		}
		groups[key] = append(groups[key], r)
	}
	for _, rows := range groups {
		var values []any
		for _, k := range c.Keys {
			values = append(values, rows[0].Values[k])
		}
		for _, call := range c.Aggregates {
			values = append(values, result(call, rows))
		}
		lines = append(lines, draw(schema, values))
	}
	return lines
}

func result(c agg.Call, rows []optest.Row) any {
	var values []any
	t := record.Type{}
	for _, r := range rows {
		switch {
		case c.Filter != agg.None && r.Values[c.Filter] != true:
		case c.Column == agg.None:
			values = append(values, true)
		default:
			t = modelInput.Field(c.Column).Type
			values = append(values, r.Values[c.Column])
		}
	}
	v, err := aggtest.Result(c.Function, c.Distinct, t, values)
	if err != nil {
		panic(err) // amounts are too small for that
	}
	return v
}

func draw(schema *record.Schema, values []any) string {
	b := optest.Batch(record.NewPool(), schema, []optest.Row{{Values: values}})
	defer b.Release()
	return optest.Draw(b)[0]
}

// randomStream draws rows of several splits, some behind their watermark.
func randomStream(random *rand.Rand) (elements []optest.Element, rows []optest.Row) {
	splits := make([]optest.Split, 1+random.IntN(3))
	for i := range splits {
		splits[i].Delay = time.Duration(random.IntN(4)) * time.Second
	}
	mark, ahead := record.MinTime, 0
	for range 30 + random.IntN(60) {
		split := &splits[random.IntN(len(splits))]
		ahead += random.IntN(2)
		at := record.Time(ahead-random.IntN(8)) * 1e6
		row := optest.Row{Time: at, Watermark: split.Next(at), Values: randomValues(random)}
		elements, rows = append(elements, optest.Rows(row)), append(rows, row)
		least := record.MaxTime
		for _, s := range splits {
			least = min(least, s.Watermark())
		}
		if least > mark && random.IntN(4) == 0 {
			mark = least
			elements = append(elements, optest.Watermark(mark))
		}
	}
	return append(elements, optest.End()...), rows
}

func randomValues(random *rand.Rand) []any {
	orNull := func(v any) any {
		if random.IntN(4) == 0 {
			return nil
		}
		return v
	}
	cities := []any{"rome", "oslo", "a city with a long name"}
	names := []any{"", "anna", "carla with a long name", "ben"}
	return []any{
		orNull(cities[random.IntN(3)]), orNull(int64(random.IntN(3) - 1)), orNull(float64(random.IntN(9)-4) / 4), orNull(names[random.IntN(4)]),
		orNull(random.IntN(2) == 0), orNull(record.Decimal{Lo: uint64(random.IntN(900))}), orNull(int32(random.IntN(5))),
	}
}

// What the changes come to is what each key's rows are together, and each change fits,
// whatever the batches, budgets, restores and parallelism.
func TestResultsEqualModel(t *testing.T) {
	trial.Run(t, 40, func(t *trial.Case) {
		c := running.Config{Input: modelInput, Keys: []int{0, 1}[:t.Random.IntN(3)], Aggregates: someCalls(t.Random)}
		if len(c.Keys) == 0 {
			c.Keys = nil
		}
		t.Describe(func() string { return fmt.Sprintf("%d keys, %+v", len(c.Keys), c.Aggregates) })
		v, err := caseOf(c)
		if err != nil {
			t.Fatal(err)
		}
		elements, rows := randomStream(t.Random)
		v.Stream, v.Seed = elements, t.Seed
		optest.Verify(t, v, optest.Want{stream.Main: results(c, rows)})
	})
}
