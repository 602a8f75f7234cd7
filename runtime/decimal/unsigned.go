package decimal

import (
	"math"
	"math/big"
	"math/bits"
)

// unsigned is a whole number of 128 bits without a sign, on which the long
// operations are done.
type unsigned struct{ lo, hi uint64 }

// powers are the powers of ten that fit: 10^0 to 10^38.
var powers = func() (p [MaxPrecision + 1]unsigned) {
	p[0] = unsigned{1, 0}
	for i := 1; i < len(p); i++ {
		p[i], _ = p[i-1].mul(unsigned{10, 0})
	}
	return p
}()

var float64Powers = func() (p [MaxPrecision + 1]float64) {
	for i := range p {
		p[i] = math.Pow10(i)
	}
	return p
}()

func (n Num) abs() unsigned {
	if n.Hi < 0 {
		n = n.Neg()
	}
	return unsigned{n.Lo, uint64(n.Hi)}
}

func (u unsigned) signed(negative bool) Num {
	n := Num{u.lo, int64(u.hi)}
	if negative {
		return n.Neg()
	}
	return n
}

// mul returns u × v, and whether it fits.
func (u unsigned) mul(v unsigned) (product unsigned, ok bool) {
	hi, lo := bits.Mul64(u.lo, v.lo)
	if u.hi == 0 && v.hi == 0 {
		return unsigned{lo, hi}, true
	}
	if u.hi != 0 && v.hi != 0 {
		return unsigned{}, false
	}
	over1, cross1 := bits.Mul64(u.hi, v.lo)
	over2, cross2 := bits.Mul64(u.lo, v.hi)
	hi, carry1 := bits.Add64(hi, cross1, 0)
	hi, carry2 := bits.Add64(hi, cross2, 0)
	return unsigned{lo, hi}, over1|over2|carry1|carry2 == 0
}

// quoRem divides by v, which is not zero.
func (u unsigned) quoRem(v unsigned) (quotient, rest unsigned) {
	switch {
	case v.hi == 0:
		hi, r := u.hi/v.lo, u.hi%v.lo
		lo, r := bits.Div64(r, u.lo, v.lo)
		return unsigned{lo, hi}, unsigned{r, 0}
	case u.hi < v.hi || u.hi == v.hi && u.lo < v.lo:
		return unsigned{}, u
	}
	// The quotient has one word. An estimate by the leading words is at most one
	// too large: Knuth, The Art of Computer Programming 2, section 4.3.1.
	shift := uint(bits.LeadingZeros64(v.hi))
	top := v.shiftLeft(shift).hi
	q, _ := bits.Div64(u.hi>>1, u.hi<<63|u.lo>>1, top)
	q >>= 63 - shift
	if q > 0 {
		q--
	}
	product, _ := unsigned{q, 0}.mul(v)
	rest = u.sub(product)
	if !rest.less(v) {
		q++
		rest = rest.sub(v)
	}
	return unsigned{q, 0}, rest
}

func (u unsigned) shiftLeft(n uint) unsigned {
	return unsigned{u.lo << n, u.hi<<n | u.lo>>1>>(63-n)}
}

func (u unsigned) sub(v unsigned) unsigned {
	lo, borrow := bits.Sub64(u.lo, v.lo, 0)
	hi, _ := bits.Sub64(u.hi, v.hi, borrow)
	return unsigned{lo, hi}
}

func (u unsigned) less(v unsigned) bool { return u.hi < v.hi || u.hi == v.hi && u.lo < v.lo }

// divRound divides by v, which is not zero, and rounds half up.
func (u unsigned) divRound(v unsigned) unsigned {
	q, r := u.quoRem(v)
	if !r.less(v.sub(r)) { // r ≥ v - r: at least half
		lo, carry := bits.Add64(q.lo, 1, 0)
		q = unsigned{lo, q.hi + carry}
	}
	return q
}

// divRoundBig is divRound of u × 10^shift, where that has more than 128 bits.
func (u unsigned) divRoundBig(v unsigned, shift int) (unsigned, bool) {
	n, d := u.big(), v.big()
	n.Mul(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(shift)), nil))
	q, r := n.QuoRem(n, d, new(big.Int))
	if r.Lsh(r, 1).Cmp(d) >= 0 {
		q.Add(q, big.NewInt(1))
	}
	if q.BitLen() > 128 {
		return unsigned{}, false
	}
	hi := new(big.Int).Rsh(q, 64)
	return unsigned{new(big.Int).And(q, new(big.Int).SetUint64(math.MaxUint64)).Uint64(), hi.Uint64()}, true
}

func (u unsigned) big() *big.Int {
	n := new(big.Int).SetUint64(u.hi)
	return n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(u.lo))
}
