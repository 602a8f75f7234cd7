package rounding

import (
	"math"
	"math/big"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
)

// TestFloatIsTheNearest holds Float to exact arithmetic: the nearest number with
// so many digits, a half away from zero.
func TestFloatIsTheNearest(t *testing.T) {
	trial.Run(t, 100_000, func(t *trial.Case) {
		random := t.Random
		digits := random.IntN(10)
		v := math.Round(random.Float64()*1e6) / math.Pow10(random.IntN(8))
		switch random.IntN(4) {
		case 0:
			v = random.NormFloat64() * 1000
		case 1: // close to a half
			v = (math.Floor(random.Float64()*1e5) + 0.5) / math.Pow10(digits)
		case 2:
			v = -v
		}
		if got, want := Nearest.Float(v, int64(digits)), nearest(v, digits); got != want {
			t.Fatalf("round(%v, %d) is %v, want %v", v, digits, got, want)
		}
	})
}

func nearest(v float64, digits int) float64 {
	exact := new(big.Rat).SetFloat64(math.Abs(v))
	unit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil))
	exact.Mul(exact, unit).Add(exact, big.NewRat(1, 2))
	whole := new(big.Int).Quo(exact.Num(), exact.Denom())
	result, _ := new(big.Rat).Quo(new(big.Rat).SetInt(whole), unit).Float64()
	return math.Copysign(result, v)
}

// TestIntAgainstBig holds both roundings of integers to exact arithmetic.
func TestIntAgainstBig(t *testing.T) {
	trial.Run(t, 100_000, func(t *trial.Case) {
		random := t.Random
		v := int64(random.Uint64()) >> random.IntN(64)
		digits := int64(random.IntN(24)) - 22
		if random.IntN(8) == 0 {
			v = []int64{math.MinInt64, math.MaxInt64, math.MinInt64 + 1, 5e18, -5e18, 4999999999999999999}[random.IntN(6)]
		}
		for _, mode := range []Mode{TowardsZero, Nearest} {
			want := big.NewInt(v)
			if digits < 0 {
				unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(-digits), nil)
				want.Abs(want)
				if mode == Nearest {
					want.Add(want, new(big.Int).Quo(unit, big.NewInt(2)))
				}
				want.Quo(want, unit).Mul(want, unit)
				if v < 0 {
					want.Neg(want)
				}
			}
			got, ok := mode.Int(v, digits)
			if ok != want.IsInt64() || ok && got != want.Int64() {
				t.Fatalf("%d to %d digits, nearest %v: %d, %v; want %v", v, digits, mode, got, ok, want)
			}
		}
	})
}

func TestFloatAtTheEnds(t *testing.T) {
	inf := math.Inf(1)
	for _, test := range []struct {
		v             float64
		digits        int64
		nearest, zero float64
	}{
		{2.675, 2, 2.67, 2.67},
		{-2.5, 0, -3, -2},
		{1250, -2, 1300, 1200},
		{inf, 2, inf, inf},
		{-inf, -2, -inf, -inf},
		{math.MaxFloat64, 10, math.MaxFloat64, math.MaxFloat64}, // too large on the way
		{1.5, math.MaxInt64, 1.5, 1.5},
		{math.MaxFloat64, -400, 0, 0},
		{1.5, math.MinInt64, 0, 0},
	} {
		if got := Nearest.Float(test.v, test.digits); got != test.nearest {
			t.Errorf("%v to %d digits is %v, want %v", test.v, test.digits, got, test.nearest)
		}
		if got := TowardsZero.Float(test.v, test.digits); got != test.zero {
			t.Errorf("%v cut to %d digits is %v, want %v", test.v, test.digits, got, test.zero)
		}
	}
	if nan := Nearest.Float(math.NaN(), 2); nan == nan {
		t.Errorf("NaN becomes %v", nan)
	}
}
