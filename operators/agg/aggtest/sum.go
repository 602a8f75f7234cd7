package aggtest

import (
	"fmt"
	"math"
	"math/big"
)

// Sum is the exact sum of floats.
type Sum struct {
	values    int
	special   float64 // the sum where a value is an infinity or NaN; else 0
	exact     *big.Float
	magnitude *big.Float // the sum of absolute values
}

// exactly is enough bits for any sum of float64.
const exactly = 2400

// SumOf adds up values that are float64.
func SumOf(values []any) *Sum {
	s := &Sum{values: len(values), exact: new(big.Float).SetPrec(exactly), magnitude: new(big.Float).SetPrec(exactly)}
	for _, v := range values {
		f := v.(float64)
		if math.IsInf(f, 0) || math.IsNaN(f) {
			s.special += f
			continue
		}
		s.exact.Add(s.exact, big.NewFloat(f))
		s.magnitude.Add(s.magnitude, big.NewFloat(math.Abs(f)))
	}
	return s
}

func (s *Sum) String() string {
	return fmt.Sprintf("%v, that of the %d absolute values %.3g", s.nearest(), s.values, s.magnitude)
}

// nearest returns the sum as the float64 that is nearest to it.
func (s *Sum) nearest() float64 {
	if s.special != 0 {
		return s.special
	}
	f, _ := s.exact.Float64()
	return f
}

// Admits reports whether got is as good a sum as if it had been computed with twice
// the digits of a float64: off by its own rounding, and n² times the rounding of a
// rounding of the sum of absolute values.
//
// T. Ogita, S. M. Rump and S. Oishi, Accurate sum and dot product, 2005, theorem 4.5.
func (s *Sum) Admits(got float64) bool { return s.admits(got, 1, 1) }

// AdmitsAverage reports the same of an average, which is rounded twice.
func (s *Sum) AdmitsAverage(got float64) bool { return s.admits(got, s.values, 2) }

// admits compares times × got with the sum.
func (s *Sum) admits(got float64, times int, roundings float64) bool {
	if s.special != 0 {
		return got == s.special || got != got && s.special != s.special
	}
	if math.IsInf(got, 0) || math.IsNaN(got) {
		return false
	}
	const rounding, spare = 0x1p-53, 1.001
	each := 2 * rounding * float64(s.values+1) // of an addition, and of a merge
	off := scaled(big.NewFloat(got), float64(times))
	off.Sub(off, s.exact).Abs(off)
	allowed := scaled(s.magnitude, each*each)
	allowed.Add(allowed, scaled(new(big.Float).Abs(s.exact), roundings*rounding*spare))
	// What is too small to have all digits is off by more.
	allowed.Add(allowed, scaled(big.NewFloat(math.SmallestNonzeroFloat64), float64(times)))
	return off.Cmp(allowed) <= 0
}

func scaled(v *big.Float, by float64) *big.Float {
	return new(big.Float).SetPrec(exactly).Mul(v, big.NewFloat(by))
}

func floatResult(function string, values []any) any {
	sum := SumOf(values).nearest()
	if function == "avg" {
		return sum / float64(len(values))
	}
	return sum
}
