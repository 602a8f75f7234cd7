package join_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/join"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

var (
	leftSchema = record.MustSchema(
		record.Field{Name: "city", Type: record.String},
		record.Field{Name: "n", Type: record.Int64},
		record.Field{Name: "price", Type: record.Float64},
		record.Field{Name: "tags", Type: record.ListOf(record.Int64)},
	)
	rightSchema = record.MustSchema(
		record.Field{Name: "amount", Type: record.Type{Kind: record.KindDecimal, Precision: 30, Scale: 2}},
		record.Field{Name: "m", Type: record.Int64},
		record.Field{Name: "town", Type: record.String},
	)
	modelOutput = record.MustSchema(append(leftSchema.Fields(), rightSchema.Fields()...)...)
)

// A feed is rows of one input, of several splits, and watermarks that are the least of
// theirs.
type feed struct {
	elements []optest.Element
	kept     []optest.Row // those that are not late
	late     []string
}

// draw makes a feed of rows that come up to disorder behind those of their split before.
func (f *feed) draw(random *rand.Rand, in stream.InputID, schema *record.Schema, values func() []any) {
	splits := make([]optest.Split, 1+random.IntN(3))
	delay, disorder := time.Duration(random.IntN(5))*time.Second, 1+random.IntN(8)
	for i := range splits {
		splits[i].Delay = delay
	}
	mark, ahead := record.MinTime, random.IntN(10)
	for range 10 + random.IntN(30) {
		split := &splits[random.IntN(len(splits))]
		ahead += random.IntN(2)
		at := record.Time(ahead-random.IntN(disorder)) * 1e6
		row := optest.Row{Time: at, Watermark: split.Next(at), Values: values()}
		if random.IntN(20) == 0 { // of another split, which woke
			row.Time, row.Watermark = record.Time(random.IntN(10))*1e6, record.MinTime
		}
		f.take(schema, row, mark)
		f.elements = append(f.elements, optest.Rows(row).Of(in))
		least := record.MaxTime
		for _, s := range splits {
			least = min(least, s.Watermark())
		}
		if least > mark && random.IntN(3) == 0 {
			mark = least
			f.elements = append(f.elements, optest.Watermark(mark).Of(in))
		}
	}
	f.elements = append(f.elements, optest.End(in)...)
}

// take judges a row by its watermark and that of its input.
func (f *feed) take(schema *record.Schema, row optest.Row, mark record.Time) {
	if row.Time < max(row.Watermark, mark) {
		f.late = append(f.late, draw(schema, row.Values))
	} else {
		f.kept = append(f.kept, row)
	}
}

func draw(schema *record.Schema, values []any) string {
	b := optest.Batch(record.NewPool(), schema, []optest.Row{{Values: values}})
	defer b.Release()
	return optest.Draw(b)[0]
}

// pairs returns the pairs of rows that are not late: those with equal keys for which the
// condition holds.
func pairs(left, right []optest.Row, keys int, isNear func(left, right record.Time) bool) (lines []string) {
	for _, l := range left {
		for _, r := range right {
			equal := l.Values[0] != nil && l.Values[0] == r.Values[2]
			if keys == 2 {
				equal = equal && l.Values[1] != nil && l.Values[1] == r.Values[1]
			}
			if equal && isNear(l.Time, r.Time) {
				later := time.Duration(max(l.Time, r.Time)) * time.Microsecond
				lines = append(lines, fmt.Sprintf("%s @%v", draw(modelOutput, append(l.Values[:4:4], r.Values...)), later))
			}
		}
	}
	return lines
}

// randomConfig draws the bounds and one or two keys.
func randomConfig(random *rand.Rand) join.Config {
	after := time.Duration(random.IntN(12)-8) * time.Second
	return join.Config{
		Left:   join.Side{Schema: leftSchema, Keys: []int{0, 1}[:1+random.IntN(2)]},
		Right:  join.Side{Schema: rightSchema, Keys: []int{2, 1}},
		Output: modelOutput, After: after, Until: after + time.Duration(1+random.IntN(10))*time.Second,
		AfterOpen: random.IntN(2) == 0, UntilOpen: random.IntN(2) == 0,
	}
}

func isNear(c join.Config) func(left, right record.Time) bool {
	return func(left, right record.Time) bool {
		from, to := left.Add(c.After), left.Add(c.Until)
		return (from < right || from == right && !c.AfterOpen) && (right < to || right == to && !c.UntilOpen)
	}
}

// The join is all pairs that two loops over the rows find, whatever the order of inputs,
// budgets, restores and parallelism.
func TestJoinEqualsModel(t *testing.T) {
	trial.Run(t, 40, func(t *trial.Case) {
		random := t.Random
		orNull := func(v any) any {
			if random.IntN(6) == 0 {
				return nil
			}
			return v
		}
		cities := []any{"rome", "oslo", "a city with a long name"}[:1+random.IntN(3)]
		c := randomConfig(random)
		c.Right.Keys = c.Right.Keys[:len(c.Left.Keys)]
		var left, right feed
		left.draw(random, join.Left, leftSchema, func() []any {
			return []any{orNull(cities[random.IntN(len(cities))]), orNull(int64(random.IntN(2))), orNull(float64(random.IntN(9)) / 4),
				orNull([]any{int64(random.IntN(9)), nil})}
		})
		right.draw(random, join.Right, rightSchema, func() []any {
			return []any{orNull(record.Decimal{Lo: uint64(random.IntN(900))}), orNull(int64(random.IntN(2))), orNull(cities[random.IntN(len(cities))])}
		})
		t.Describe(func() string {
			return fmt.Sprintf("after %v (open %v) until %v (open %v), %d keys", c.After, c.AfterOpen, c.Until, c.UntilOpen, len(c.Left.Keys))
		})
		v, err := caseOf(c)
		if err != nil {
			t.Fatal(err)
		}
		v.Seed, v.Stream = t.Seed, merge(random, left.elements, right.elements)
		want := optest.Want{stream.Main: pairs(left.kept, right.kept, len(c.Left.Keys), isNear(c)), join.LeftLate: left.late, join.RightLate: right.late}
		optest.Verify(t, v, want)
	})
}

// merge brings the elements of two inputs in some order, a few of one at a time.
func merge(random *rand.Rand, a, b []optest.Element) (merged []optest.Element) {
	for len(a) > 0 || len(b) > 0 {
		if a, b = b, a; len(a) > 0 {
			n := 1 + random.IntN(len(a))/2
			merged, a = append(merged, a[:n]...), a[n:]
		}
	}
	return merged
}
