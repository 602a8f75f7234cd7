package decimal

import (
	"math/big"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
)

// roundRat returns v × 10^scale, rounded half away from zero.
func roundRat(v *big.Rat, scale int) *big.Int {
	v = new(big.Rat).Mul(v, new(big.Rat).SetInt(bigPower(scale)))
	num, den := new(big.Int).Lsh(new(big.Int).Abs(v.Num()), 1), new(big.Int).Lsh(v.Denom(), 1)
	num.Add(num, v.Denom()).Quo(num, den)
	if v.Sign() < 0 {
		num.Neg(num)
	}
	return num
}

func ratOf(n Num, scale int) *big.Rat { return new(big.Rat).SetFrac(n.scaledBig(0), bigPower(scale)) }

// TestRoundedArithmetic compares with fractions of any size.
func TestRoundedArithmetic(t *testing.T) {
	trial.Run(t, 20_000, func(t *trial.Case) {
		r := t.Random
		number := func() (Num, int) {
			n := Num{r.Uint64(), r.Int64()}
			for limit := 1 + r.IntN(MaxPrecision); !n.Fits(limit); {
				n, _ = n.QuoRem(Num{Lo: 10})
			}
			return n, r.IntN(MaxPrecision + 1)
		}
		n, nScale := number()
		m, mScale := number()
		exact := max(nScale, mScale)
		scale := r.IntN(exact + 1)
		check := func(what string, got Num, ok bool, want *big.Int) {
			if fits := want.BitLen() <= 127; ok != fits || ok && got.scaledBig(0).Cmp(want) != 0 {
				t.Errorf("%s of %v (%d) and %v (%d) at %d: got %v %v, want %v", what, n, nScale, m, mScale, scale, got.scaledBig(0), ok, want)
			}
		}
		sum, ok := n.AddRound(m, nScale, mScale, scale)
		check("sum", sum, ok, roundRat(new(big.Rat).Add(ratOf(n, nScale), ratOf(m, mScale)), scale))
		drop := r.IntN(nScale + mScale + 1)
		product, ok := n.MulRound(m, drop)
		check("product", product, ok, roundRat(new(big.Rat).Mul(ratOf(n, 0), ratOf(m, drop)), 0))
		if m.Sign() != 0 {
			want := new(big.Int).Rem(n.scaledBig(exact-nScale), m.scaledBig(exact-mScale))
			check("rest", n.Rem(m, nScale, mScale), true, want)
		}
	})
}
