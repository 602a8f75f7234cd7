package process

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// wheres are conditions, and what they are for a delay, which may be null: TRUE, or
// without a value.
var wheres = []struct {
	text string
	rule func(delay int64, null bool) (keep, fails bool)
}{
	{"NOT (delay > 5)", func(delay int64, null bool) (bool, bool) { return !null && delay <= 5, false }},
	{"delay IS NULL OR NOT (delay > 5)", func(delay int64, null bool) (bool, bool) { return null || delay <= 5, false }},
	{"60 / delay > 2", func(delay int64, null bool) (bool, bool) {
		if null || delay == 0 {
			return false, !null
		}
		return 60/delay > 2, false
	}},
}

// TestProjectAgainstModel brings random rows to filters and projections in all
// ways, and compares with the rule for a single row.
func TestProjectAgainstModel(t *testing.T) {
	trial.Run(t, 60, func(c *trial.Case) {
		where := wheres[c.Random.IntN(len(wheres))]
		onError := []stream.OnError{stream.Drop, stream.ToDeadLetter}[c.Random.IntN(2)]
		newOperator, err := New(Config{
			Input: flights, Where: condition(c, where.text), OnError: onError,
			Columns: columns(c, "origin", "delay", "100 / (delay - 3) AS x", "coalesce(hours, 0.5) AS h"),
		})
		if err != nil {
			c.Fatal(err)
		}
		c.Describe(func() string { return "where " + where.text })
		elements, rows := randomDelays(c.Random)
		var want []string
		failed := int64(0)
		for _, r := range rows {
			delay, ok := r.Values[1].(int64)
			keep, fails := where.rule(delay, !ok)
			switch {
			case fails || keep && ok && delay == 3:
				failed++
			case keep:
				want = append(want, project(r))
			}
		}
		counters := optest.Verify(c, optest.Case{New: newOperator, Inputs: []optest.Input{{Schema: flights}}, Stream: elements, AtOnce: true, Seed: c.Seed},
			optest.Want{stream.Main: want})
		if counters.Dropped+counters.DeadLetters != failed {
			c.Errorf("%+v, want %d rows that failed", counters, failed)
		}
	})
}

// project draws what the columns of the test are for a row.
func project(r optest.Row) string {
	x, hours := "null", "0.5"
	if delay, ok := r.Values[1].(int64); ok {
		x = fmt.Sprint(100 / (delay - 3))
	}
	if h, ok := r.Values[2].(float64); ok {
		hours = string(record.AppendFloat(nil, h))
	}
	text := func(v any) string {
		if v == nil {
			return "null"
		}
		return fmt.Sprint(v)
	}
	return fmt.Sprintf("origin=%s delay=%s x=%s h=%s", text(r.Values[0]), text(r.Values[1]), x, hours)
}

// randomDelays returns rows whose delay is between -2 and 30, and whose cells are
// often null.
func randomDelays(random *rand.Rand) (elements []optest.Element, rows []optest.Row) {
	nullable := func(v any) any {
		if random.IntN(4) == 0 {
			return nil
		}
		return v
	}
	for range 1 + random.IntN(20) {
		var batch []optest.Row
		for range 1 + random.IntN(20) {
			batch = append(batch, optest.Row{Time: record.Time(random.IntN(100)), Watermark: record.MinTime, Values: []any{
				nullable("JFK"), nullable(int64(random.IntN(33) - 2)), nullable(float64(random.IntN(9)) / 4), nullable(record.Time(random.IntN(9))),
			}})
		}
		elements, rows = append(elements, optest.Rows(batch...)), append(rows, batch...)
	}
	return append(elements, optest.End()...), rows
}
