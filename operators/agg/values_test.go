package agg_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
)

// values are values of one type, drawn in one way.
type values struct {
	kind string // of float64 and decimals
	of   record.Type
	draw func(*rand.Rand) any
}

// drawValues draws a type and a way to draw values of it, some of them null.
func drawValues(random *rand.Rand) values {
	all := slices.Concat(floatValues(random), wholeValues(random), decimalValues(random), otherValues)
	v := all[random.IntN(len(all))]
	draw := v.draw
	v.draw = func(random *rand.Rand) any {
		if random.IntN(6) == 0 {
			return nil
		}
		return draw(random)
	}
	return v
}

func oneOf(list ...any) func(*rand.Rand) any {
	return func(random *rand.Rand) any { return list[random.IntN(len(list))] }
}

// floatValues are floats whose sums go wrong without compensation, or are no
// numbers.
func floatValues(random *rand.Rand) []values {
	huge := math.Pow(10, float64(random.IntN(300)))
	nan, inf, minusZero := math.NaN(), math.Inf(1), math.Copysign(0, -1)
	return []values{
		{"that cancel", record.Float64, oneOf(huge, -huge, huge, -huge, huge/3, -huge/3, huge/1e16, 1.0, 0.1, -1e-9)},
		{"of all magnitudes", record.Float64, func(random *rand.Rand) any {
			return random.NormFloat64() * math.Pow(10, float64(random.IntN(600)-300))
		}},
		{"of some magnitudes", record.Float64, func(random *rand.Rand) any {
			return (random.Float64() - 0.4) * math.Pow(10, float64(random.IntN(17)-8))
		}},
		{"that are special", record.Float64, oneOf(nan, -nan, inf, -inf, 0.0, minusZero, 1.5, math.SmallestNonzeroFloat64)},
		{"that are rarely special", record.Float64, func(random *rand.Rand) any {
			return []any{inf, -inf, minusZero, 0.0, 1.5, -2.5, random.Float64()}[max(0, random.IntN(60)-53)]
		}},
		{"next to zero", record.Float64, oneOf(0.0, minusZero, math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64, 0x1p-1022)},
	}
}

// wholeValues are integers of which few are large, all of one sign: their sums are odd
// numbers just beyond what float64 has, as often as not, and an average that is rounded
// on the way is another one.
func wholeValues(random *rand.Rand) []values {
	sign := 1 - 2*random.Int64N(2)
	return []values{{"that are rarely large", record.Int64, func(random *rand.Rand) any {
		if random.IntN(6) > 0 {
			return random.Int64N(5) - 2
		}
		return sign * (1<<53 + 1 + random.Int64N(1<<random.IntN(53)))
	}}}
}

// decimalValues are decimals with which sums come to the ends of 38 digits, of 128
// bits and of 64, and averages to the middle between two.
func decimalValues(random *rand.Rand) []values {
	scale := []uint8{0, 2, 7, 38}[random.IntN(4)]
	t := record.Type{Kind: record.KindDecimal, Precision: decimal.MaxPrecision, Scale: scale}
	limit, tenth, one := powerOfTen(38), powerOfTen(37), decimal.FromInt64(1)
	most, _ := limit.Sub(one)
	word := record.Decimal{Lo: math.MaxUint64}
	// The average of such has, with six places, just too many digits, or just not,
	// and in any case no more than 128 bits.
	whole := powerOfTen(38 - max(0, 6-int(scale)))
	under, _ := whole.Sub(one)
	over, _ := whole.Add(powerOfTen(31))
	return []values{
		{"of 38 digits", t, oneOf(most, most.Neg(), tenth, tenth.Neg(), one, one.Neg())},
		{"at the end of averages", t, oneOf(under, under.Neg(), over, over.Neg(), one)},
		{"about 64 bits", t, oneOf(word, word.Neg(), record.Decimal{Hi: 1}, record.Decimal{Hi: -1}, decimal.FromInt64(7), decimal.FromInt64(-5))},
		{"that are small", t, func(random *rand.Rand) any { return decimal.FromInt64(random.Int64N(200) - 100) }},
	}
}

func powerOfTen(n int) record.Decimal {
	power, _ := decimal.FromInt64(1).Rescale(0, n)
	return power
}

var otherValues = []values{
	{"", record.Bool, oneOf(true, false)},
	{"", record.Int32, oneOf(int32(math.MaxInt32), int32(math.MinInt32), int32(0), int32(-1), int32(5))},
	{"", record.Int64, oneOf(int64(math.MaxInt64), int64(math.MinInt64), int64(0), int64(-1), int64(1)<<53+1, int64(7))},
	{"that are small", record.Int64, func(random *rand.Rand) any { return random.Int64N(20) - 10 }},
	{"", record.Date, oneOf(int32(math.MaxInt32), int32(math.MinInt32), int32(0), int32(-1), int32(15706))},
	{"", record.Timestamp, oneOf(record.MinTime, record.MaxTime, record.Time(0), record.Time(-1), record.Time(1_500_000))},
	{"", record.String, oneOf("", "a", "ab", "b", "ä", strings.Repeat("a", 300))},
	{"", record.Bytes, oneOf("", "\x00", "\x00\x00", "\xff", "\x7f")},
	{"", record.ListOf(record.Int64), oneOf([]any{}, []any{int64(1), nil})},
}
