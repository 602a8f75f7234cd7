package aggtest

import (
	"math"
	"testing"

	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
)

// TestResult: the model itself, where it is not plain that it is right.
func TestResult(t *testing.T) {
	nan, minusZero := math.NaN(), math.Copysign(0, -1)
	cents := record.Type{Kind: record.KindDecimal, Precision: 10, Scale: 2}
	third := decimal.FromInt64(333333)
	for _, c := range []struct {
		function string
		distinct bool
		typ      record.Type
		values   []any
		want     any
	}{
		{"count", true, record.Float64, []any{nan, -nan, 0.0, minusZero, nil}, int64(2)},
		{"max", false, record.Float64, []any{minusZero, nan, 5.0, nil}, nan},
		{"min", false, record.Float64, []any{0.0, nan, minusZero}, minusZero},
		{"sum", false, record.Float64, []any{1e16, 1.0, 1.0, -1e16}, 2.0},
		{"sum", false, record.Int64, []any{int64(math.MaxInt64), int64(1)}, "the sum 9223372036854775808 is out of range"},
		{"avg", false, cents, []any{decimal.FromInt64(100), nil, decimal.Num{}, decimal.Num{}}, third},
		{"avg", false, record.Int32, []any{int32(math.MaxInt32), int32(math.MinInt32)}, -0.5},
	} {
		got, err := Result(c.function, c.distinct, c.typ, c.values)
		if err != nil {
			got = err.Error()
		}
		if f, ok := got.(float64); ok {
			got, c.want = math.Float64bits(f), math.Float64bits(c.want.(float64))
		}
		if got != c.want {
			t.Errorf("%s of %v is %v, want %v", c.function, c.values, got, c.want)
		}
	}
}

// TestAdmits: a sum that was compensated is good enough, one that was not is not.
func TestAdmits(t *testing.T) {
	cancelling, plain := SumOf([]any{1e16, 1.0, 1.0, -1e16}), SumOf([]any{0.1, 0.2, 0.3})
	for _, c := range []struct {
		name string
		got  bool
		want bool
	}{
		{"the sum", cancelling.Admits(2), true},
		{"without the ones", cancelling.Admits(0), false},
		{"rounded", plain.Admits(0.6), true},
		{"one rounding more", plain.Admits(0.6000000000000002), false},
		{"the average", plain.AdmitsAverage(0.2), true},
		{"a wrong average", plain.AdmitsAverage(0.6), false},
		{"infinite", SumOf([]any{math.Inf(1), 1.0}).Admits(math.Inf(1)), true},
		{"finite", SumOf([]any{math.Inf(1), 1.0}).Admits(1), false},
		{"no number", SumOf([]any{math.Inf(1), math.Inf(-1)}).Admits(math.NaN()), true},
	} {
		if c.got != c.want {
			t.Errorf("%s is admitted: %v", c.name, c.got)
		}
	}
}
