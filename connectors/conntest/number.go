package conntest

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestNumbers has a format read numbers at the edges of each type, write them and
// read them again. text writes the column x of so many records. Floats must be what
// strconv reads, to the last bit; decimals and whole numbers are exact, or fail.
func TestNumbers(t *testing.T, f stream.Format, text func(numbers []string) []byte) {
	trial.Run(t, 500, func(c *trial.Case) {
		n := drawNumbers(c.Random)
		c.Describe(func() string { return "numbers of type " + n.typ.String() })
		var numbers, want []string
		for range 100 {
			number := n.text(c.Random)
			numbers = append(numbers, number)
			if value, ok := n.value(number); ok {
				want = append(want, value)
			}
		}
		context := stream.DecoderContext{Name: "t", BatchRows: 1 + c.Random.IntN(150), Input: bytes.NewReader(text(numbers)),
			Schema: record.MustSchema(record.Field{Name: "x", Type: n.typ})}
		got, written := decodeNumbers(c, f, context)
		compareNumbers(c, "read", got, want)
		context.Input = bytes.NewReader(written)
		again, _ := decodeNumbers(c, f, context)
		compareNumbers(c, "written and read again", again, want)
	})
}

// numbers are texts of numbers, and what they are as a type: nothing where they
// have no value of it.
type numbers struct {
	typ   record.Type
	text  func(*rand.Rand) string
	value func(text string) (value string, ok bool)
}

func drawNumbers(random *rand.Rand) numbers {
	precision := 1 + random.IntN(decimal.MaxPrecision)
	scale := random.IntN(precision + 1)
	exact := record.Type{Kind: record.KindDecimal, Precision: uint8(precision), Scale: uint8(scale)}
	float := numbers{record.Float64, recordtest.FloatText, floatValue}
	return []numbers{
		float, float,
		{record.Int32, recordtest.WholeText, wholeValue(32)},
		{record.Int64, recordtest.WholeText, wholeValue(64)},
		{exact, recordtest.FloatText, func(text string) (string, bool) { return exactValue(text, precision, scale) }},
	}[random.IntN(5)]
}

// floatValue returns the bits of a float64.
func floatValue(text string) (string, bool) {
	v, err := strconv.ParseFloat(text, 64)
	return fmt.Sprintf("%x", math.Float64bits(v)), err == nil
}

func wholeValue(bits int) func(string) (string, bool) {
	return func(text string) (string, bool) {
		v, err := strconv.ParseInt(text, 10, bits)
		return fmt.Sprint(v), err == nil
	}
}

// exactValue returns a decimal that has no more digits than its type, in front of
// the point and behind.
func exactValue(text string, precision, scale int) (string, bool) {
	v, ok := new(big.Rat).SetString(text)
	if !ok {
		return "", false
	}
	power := func(n int) *big.Rat {
		return new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil))
	}
	units := new(big.Rat).Mul(v, power(scale))
	return v.FloatString(scale), units.IsInt() && units.Abs(units).Cmp(power(precision)) < 0
}

// decodeNumbers returns the values of the first column, and what the format writes
// for them.
func decodeNumbers(t testing.TB, f stream.Format, c stream.DecoderContext) (values []string, written []byte) {
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
		for i := range b.Len() {
			values = append(values, exactText(b.Columns[0], i))
		}
		if err := e.Encode(b); err != nil {
			t.Fatal(err)
		}
	})
	if all.Err != nil {
		t.Fatal(all.Err)
	}
	return values, out.Bytes()
}

// exactText returns a number as text, a float as its bits.
func exactText(c *record.Column, row int) string {
	if c.Type() == record.Float64 {
		return fmt.Sprintf("%x", math.Float64bits(c.Float64s()[row]))
	}
	return string(c.AppendText(nil, row))
}

// compareNumbers reports the first difference.
func compareNumbers(t testing.TB, what string, got, want []string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Errorf("number %d, %s, is %s as %s", i, want[i], what, got[i])
			return
		}
	}
	t.Errorf("%d numbers are %s, want %d", len(got), what, len(want))
}
