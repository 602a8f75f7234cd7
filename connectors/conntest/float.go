package conntest

import (
	"bytes"
	"math"
	"strconv"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestFloats has a format read numbers at the edges of float64, as strconv does to
// the last bit, write them and read them again. text writes the column x of so many
// records.
func TestFloats(t *testing.T, f stream.Format, text func(numbers []string) []byte) {
	schema := record.MustSchema(record.Field{Name: "x", Type: record.Float64})
	trial.Run(t, 300, func(c *trial.Case) {
		var numbers []string
		var want []float64
		outside := 0
		for range 100 {
			number := recordtest.FloatText(c.Random)
			v, err := strconv.ParseFloat(number, 64)
			numbers = append(numbers, number)
			if err != nil {
				outside++
				continue
			}
			want = append(want, v)
		}
		context := stream.DecoderContext{Name: "t", Schema: schema, BatchRows: 1 + c.Random.IntN(150), Input: bytes.NewReader(text(numbers))}
		got, failed, written := decodeFloats(c, f, context)
		if failed != outside {
			c.Errorf("of %q %d fail, want %d", numbers, failed, outside)
		}
		compareFloats(c, "read", got, want)
		context.Input = bytes.NewReader(written)
		again, _, _ := decodeFloats(c, f, context)
		compareFloats(c, "written and read again", again, want)
	})
}

// compareFloats reports the first difference.
func compareFloats(t testing.TB, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d of %d numbers are %s", len(got), len(want), what)
		return
	}
	for i, v := range want {
		if math.Float64bits(got[i]) != math.Float64bits(v) {
			t.Errorf("%v is %s as %v", v, what, got[i])
			return
		}
	}
}

// decodeFloats returns the values of the first column, how many records fail, and
// what the format writes for the others.
func decodeFloats(t testing.TB, f stream.Format, c stream.DecoderContext) (values []float64, failed int, written []byte) {
	t.Helper()
	var out bytes.Buffer
	e, err := f.NewEncoder(c.Schema, &out)
	if err == nil {
		err = e.Header()
	}
	if err != nil {
		t.Fatal(err)
	}
	all := Decode(t, f, c, func(b *record.Batch) {
		values = append(values, b.Columns[0].Float64s()...)
		if err := e.Encode(b); err != nil {
			t.Fatal(err)
		}
	})
	if all.Err != nil {
		t.Fatal(all.Err)
	}
	return values, len(all.Failed), out.Bytes()
}
