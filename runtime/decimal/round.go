package decimal

import (
	"math"
	"math/big"
)

// AddRound returns n of scale nScale plus m of scale mScale as a number of the
// given scale, which is not above both; digits that are lost are rounded, half
// away from zero. ok says that the result fits into 128 bits.
func (n Num) AddRound(m Num, nScale, mScale, scale int) (sum Num, ok bool) {
	exact := max(nScale, mScale)
	a, ok1 := n.Rescale(nScale, exact)
	b, ok2 := m.Rescale(mScale, exact)
	if sum, ok := a.Add(b); ok && ok1 && ok2 {
		return sum.Rescale(exact, scale)
	}
	return roundBig(new(big.Int).Add(n.scaledBig(exact-nScale), m.scaledBig(exact-mScale)), exact-scale)
}

// MulRound returns n × m / 10^drop, rounded half away from zero. ok says that the
// result fits into 128 bits.
func (n Num) MulRound(m Num, drop int) (product Num, ok bool) {
	if product, ok := n.Mul(m); ok && drop <= MaxPrecision {
		return product.Rescale(drop, 0)
	}
	return roundBig(new(big.Int).Mul(n.scaledBig(0), m.scaledBig(0)), drop)
}

// DivRound returns n × 10^shift / m, rounded half away from zero, for a shift
// of at most 2 × [MaxPrecision] and an m that is not zero. ok says that the
// result fits into 128 bits.
func (n Num) DivRound(m Num, shift int) (quotient Num, ok bool) {
	a, b := n.abs(), m.abs()
	negative := (n.Hi < 0) != (m.Hi < 0)
	if shift <= MaxPrecision {
		if scaled, ok := a.mul(powers[shift]); ok {
			q := scaled.divRound(b)
			return q.signed(negative), q.hi <= math.MaxInt64
		}
	}
	q, ok := a.divRoundBig(b, shift)
	return q.signed(negative), ok && q.hi <= math.MaxInt64
}

// Rem returns what is left of n, of scale nScale, after its division by m, of
// scale mScale and not zero, at the larger of the scales. It has the sign of n.
func (n Num) Rem(m Num, nScale, mScale int) Num {
	exact := max(nScale, mScale)
	a, ok1 := n.Rescale(nScale, exact)
	b, ok2 := m.Rescale(mScale, exact)
	if ok1 && ok2 {
		_, rest := a.QuoRem(b)
		return rest
	}
	rest := new(big.Int).Rem(n.scaledBig(exact-nScale), m.scaledBig(exact-mScale))
	left, _ := roundBig(rest, 0) // less than 10^38, since one of them has the larger scale already
	return left
}

// scaledBig returns n × 10^shift.
func (n Num) scaledBig(shift int) *big.Int {
	v := n.abs().big()
	if n.Hi < 0 {
		v.Neg(v)
	}
	return v.Mul(v, bigPower(shift))
}

func bigPower(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

// roundBig returns v / 10^drop, rounded half away from zero.
func roundBig(v *big.Int, drop int) (Num, bool) {
	negative := v.Sign() < 0
	divisor := bigPower(drop)
	quotient, rest := v.Abs(v).QuoRem(v, divisor, new(big.Int))
	if rest.Lsh(rest, 1).Cmp(divisor) >= 0 {
		quotient.Add(quotient, big.NewInt(1))
	}
	if quotient.BitLen() > 127 {
		return Num{}, false
	}
	words := new(big.Int)
	lo := words.And(quotient, maxWord).Uint64()
	hi := words.Rsh(quotient, 64).Uint64()
	return unsigned{lo, hi}.signed(negative), true
}

var maxWord = new(big.Int).SetUint64(^uint64(0))
