package decimal

import (
	"math"
	"math/bits"
	"strconv"
	"unsafe"
)

// MaxPrecision is the most digits that a decimal has.
const MaxPrecision = 38

// Num is a whole number in two's complement of 128 bits, the low word first.
type Num struct {
	Lo uint64
	Hi int64
}

// FromInt64 returns v.
func FromInt64(v int64) Num { return Num{uint64(v), v >> 63} }

// Int64 returns n, and whether it fits.
func (n Num) Int64() (int64, bool) { return int64(n.Lo), n.Hi == int64(n.Lo)>>63 }

// Sign returns -1, 0 or 1.
func (n Num) Sign() int {
	switch {
	case n.Hi < 0:
		return -1
	case n.Hi == 0 && n.Lo == 0:
		return 0
	}
	return 1
}

// Compare returns -1 where n is less than m, 1 where it is greater, else 0.
func (n Num) Compare(m Num) int {
	switch {
	case n.Hi < m.Hi:
		return -1
	case n.Hi > m.Hi:
		return 1
	case n.Lo < m.Lo:
		return -1
	case n.Lo > m.Lo:
		return 1
	}
	return 0
}

// Neg returns -n. The least number of 128 bits, which has none, is no decimal.
func (n Num) Neg() Num {
	lo, borrow := bits.Sub64(0, n.Lo, 0)
	return Num{lo, -n.Hi - int64(borrow)}
}

// Fits reports whether n has at most precision digits, that of its type.
func (n Num) Fits(precision int) bool {
	abs := n.abs()
	limit := powers[precision]
	return abs.hi < limit.hi || abs.hi == limit.hi && abs.lo < limit.lo
}

// Add returns n + m, and whether it fits into 128 bits.
func (n Num) Add(m Num) (Num, bool) {
	lo, carry := bits.Add64(n.Lo, m.Lo, 0)
	hi := n.Hi + m.Hi + int64(carry)
	return Num{lo, hi}, (n.Hi < 0) != (m.Hi < 0) || (hi < 0) == (n.Hi < 0)
}

// Sub returns n - m, and whether it fits into 128 bits.
func (n Num) Sub(m Num) (Num, bool) {
	lo, borrow := bits.Sub64(n.Lo, m.Lo, 0)
	hi := n.Hi - m.Hi - int64(borrow)
	return Num{lo, hi}, (n.Hi < 0) == (m.Hi < 0) || (hi < 0) == (n.Hi < 0)
}

// Mul returns n × m, and whether it fits into 128 bits.
func (n Num) Mul(m Num) (Num, bool) {
	a, b := n.abs(), m.abs()
	product, ok := a.mul(b)
	return product.signed(n.Hi < 0 != (m.Hi < 0)), ok && product.hi <= math.MaxInt64
}

// QuoRem returns n / m, cut towards zero, and what is left, which has the sign
// of n. m is not zero.
func (n Num) QuoRem(m Num) (quotient, rest Num) {
	q, r := n.abs().quoRem(m.abs())
	return q.signed((n.Hi < 0) != (m.Hi < 0)), r.signed(n.Hi < 0)
}

// Rescale turns a number of scale from into one of scale to, both of at most
// [MaxPrecision]. Digits that are lost are rounded, half away from zero. ok says
// that the result fits into 128 bits.
func (n Num) Rescale(from, to int) (scaled Num, ok bool) {
	switch {
	case from == to:
		return n, true
	case from < to:
		product, ok := n.abs().mul(powers[to-from])
		return product.signed(n.Hi < 0), ok && product.hi <= math.MaxInt64
	}
	return n.abs().divRound(powers[from-to]).signed(n.Hi < 0), true
}

// Float64 returns the float64 nearest to a number of the given scale.
func (n Num) Float64(scale int) float64 {
	// Two numbers that a float64 holds exactly are divided with one rounding.
	if v, ok := n.Int64(); ok && v > -1<<53 && v < 1<<53 && scale <= 22 {
		return float64(v) / float64Powers[scale]
	}
	text := n.Append(make([]byte, 0, MaxPrecision+3), scale)
	v, err := strconv.ParseFloat(unsafe.String(unsafe.SliceData(text), len(text)), 64)
	if err != nil {
		panic("decimal: " + err.Error())
	}
	return v
}

// FromFloat64 returns v as a number of the given scale, rounded half away from
// zero; ok says that v is a number and the result fits into 128 bits.
func FromFloat64(v float64, scale int) (n Num, ok bool) {
	text := make([]byte, 0, 64)
	if math.IsNaN(v) || math.Abs(v) >= 1e39 {
		return Num{}, false
	}
	// The shortest text that reads back as v is what people take v to be: 0.145
	// rounds to 0.15 although the float64 is a little less.
	n, _, err := Parse(appendFloat(text, v), MaxPrecision, scale)
	return n, err == nil
}
