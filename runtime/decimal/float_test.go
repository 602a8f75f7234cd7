package decimal_test

import (
	"errors"
	"math/big"
	"strconv"
	"testing"

	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/trial"
)

// rounded returns a number as a whole number of units of a scale, rounded half away
// from zero, and whether nothing but zeros was lost.
func rounded(text string, scale int) (units *big.Int, exact bool) {
	v, _ := new(big.Rat).SetString(text)
	v.Mul(v, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)))
	units, _ = new(big.Int).SetString(v.FloatString(0), 10)
	return units, v.IsInt()
}

func digitsOf(v *big.Int) int {
	if v.Sign() == 0 {
		return 0
	}
	return len(new(big.Int).Abs(v).String())
}

// TestParseIsExact reads numbers of any form as decimals of any type.
func TestParseIsExact(t *testing.T) {
	trial.Run(t, 20_000, func(c *trial.Case) {
		text := recordtest.FloatText(c.Random)
		precision := 1 + c.Random.IntN(decimal.MaxPrecision)
		scale := c.Random.IntN(precision + 1)
		want, exact := rounded(text, scale)
		got, gotExact, err := decimal.Parse([]byte(text), precision, scale)
		switch fits := digitsOf(want) <= precision; {
		case !fits && !errors.Is(err, decimal.ErrRange), fits && err != nil:
			c.Errorf("%s as decimal(%d,%d): %v, want %v", text, precision, scale, err, want)
		case fits && (string(got.Append(nil, 0)) != want.String() || gotExact != exact):
			c.Errorf("%s as decimal(%d,%d) is %s, exact %v; want %v, %v", text, precision, scale, got.Append(nil, 0), gotExact, want, exact)
		}
	})
}

// TestFloat64IsTheNearest holds decimals as floats to what strconv reads of their
// text.
func TestFloat64IsTheNearest(t *testing.T) {
	trial.Run(t, 20_000, func(c *trial.Case) {
		scale := c.Random.IntN(decimal.MaxPrecision + 1)
		n, _, err := decimal.Parse([]byte(recordtest.FloatText(c.Random)), decimal.MaxPrecision, scale)
		if err != nil {
			return
		}
		text := string(n.Append(nil, scale))
		want, err := strconv.ParseFloat(text, 64)
		if got := n.Float64(scale); err != nil || got != want {
			c.Errorf("%s is %v, want %v", text, got, want)
		}
	})
}

// TestFromFloat64RoundsTheShortestText: a float is taken for what it is written as.
func TestFromFloat64RoundsTheShortestText(t *testing.T) {
	trial.Run(t, 20_000, func(c *trial.Case) {
		v, err := strconv.ParseFloat(recordtest.FloatText(c.Random), 64)
		if err != nil {
			return
		}
		scale := c.Random.IntN(decimal.MaxPrecision + 1)
		want, _ := rounded(strconv.FormatFloat(v, 'e', -1, 64), scale)
		got, ok := decimal.FromFloat64(v, scale)
		if fits := digitsOf(want) <= decimal.MaxPrecision; ok != fits || ok && string(got.Append(nil, 0)) != want.String() {
			c.Errorf("%v of scale %d is %s, %v; want %v", v, scale, got.Append(nil, 0), ok, want)
		}
	})
}
