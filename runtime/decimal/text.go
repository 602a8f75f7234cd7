package decimal

import (
	"errors"
	"math/bits"
	"strconv"
)

// What can be wrong with the text of a decimal.
var (
	ErrSyntax = errors.New("not a decimal number such as -12.50")
	ErrRange  = errors.New("more digits than the type has")
)

// Parse reads a decimal number, such as "-12.50" or "1.25e3", as one of the
// given precision and scale. Digits behind the scale are rounded, half away from
// zero; exact says that none was lost that is not zero.
func Parse(text []byte, precision, scale int) (n Num, exact bool, err error) {
	p, err := scan(text)
	if err != nil {
		return Num{}, false, err
	}
	// The digits from first to last, of which the one at position point is the
	// first behind the point, become the digits of the number up to its scale.
	value, exact := unsigned{}, true
	kept := p.point + scale // digits of p that the number keeps, if there are as many
	for i, c := range p.digits(text) {
		if i >= kept {
			if c != '0' {
				exact = false
			}
			continue
		}
		var ok bool
		if value, ok = value.push(uint64(c - '0')); !ok {
			return Num{}, false, ErrRange
		}
	}
	if !value.isZero() {
		for i := p.count; i < kept; i++ {
			var ok bool
			if value, ok = value.push(0); !ok {
				return Num{}, false, ErrRange
			}
		}
	}
	if kept >= 0 && kept < p.count && p.digit(text, kept) >= '5' {
		value, _ = value.add(1)
	}
	if n = value.signed(p.negative); value.hi>>63 != 0 || !n.Fits(precision) {
		return Num{}, false, ErrRange
	}
	return n, exact, nil
}

// parts is where the digits of a number stand in its text.
type parts struct {
	negative    bool
	whole, frac [2]int // ranges of the text
	count       int    // digits in both
	point       int    // digits before the point, exponent included
}

// maxExponent bounds exponents, so that their sums cannot overflow.
const maxExponent = 100_000

func scan(text []byte) (p parts, err error) {
	i := 0
	if i < len(text) && (text[i] == '-' || text[i] == '+') {
		p.negative = text[i] == '-'
		i++
	}
	p.whole[0] = i
	i = digitsFrom(text, i)
	p.whole[1] = i
	if i < len(text) && text[i] == '.' {
		i++
		p.frac[0] = i
		i = digitsFrom(text, i)
		p.frac[1] = i
	}
	before := p.whole[1] - p.whole[0]
	p.count = before + p.frac[1] - p.frac[0]
	if p.count == 0 {
		return p, ErrSyntax
	}
	exponent := 0
	if i < len(text) && (text[i] == 'e' || text[i] == 'E') {
		v, err := strconv.Atoi(string(text[i+1:]))
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			return p, ErrSyntax
		}
		exponent, i = min(max(v, -maxExponent), maxExponent), len(text)
	}
	if i < len(text) {
		return p, ErrSyntax
	}
	p.point = before + exponent
	return p, nil
}

func digitsFrom(text []byte, i int) int {
	for i < len(text) && text[i]-'0' <= 9 {
		i++
	}
	return i
}

func (p parts) digit(text []byte, i int) byte {
	if before := p.whole[1] - p.whole[0]; i >= before {
		return text[p.frac[0]+i-before]
	}
	return text[p.whole[0]+i]
}

// digits yields the digits and their positions.
func (p parts) digits(text []byte) func(func(int, byte) bool) {
	return func(yield func(int, byte) bool) {
		for i := range p.count {
			if !yield(i, p.digit(text, i)) {
				return
			}
		}
	}
}

// push returns 10 u + digit, and whether it fits.
func (u unsigned) push(digit uint64) (unsigned, bool) {
	product, ok := u.mul(unsigned{10, 0})
	sum, carry := product.add(digit)
	return sum, ok && carry == 0
}

func (u unsigned) add(v uint64) (sum unsigned, carry uint64) {
	lo, carry := bits.Add64(u.lo, v, 0)
	hi, carry := bits.Add64(u.hi, 0, carry)
	return unsigned{lo, hi}, carry
}

func (u unsigned) isZero() bool { return u.lo|u.hi == 0 }

// Append appends a number of the given scale in plain digits, with exactly
// scale of them after the point.
func (n Num) Append(to []byte, scale int) []byte {
	if n.Hi < 0 {
		to = append(to, '-')
	}
	var digits [MaxPrecision + 2]byte // 2^127 has 39 digits
	at := len(digits)
	for u := n.abs(); !u.isZero() || len(digits)-at <= scale; at-- {
		var rest unsigned
		u, rest = u.quoRem(unsigned{10, 0})
		digits[at-1] = byte('0' + rest.lo)
	}
	whole := len(digits) - scale
	to = append(to, digits[at:whole]...)
	if scale > 0 {
		to = append(append(to, '.'), digits[whole:]...)
	}
	return to
}

func appendFloat(to []byte, v float64) []byte { return strconv.AppendFloat(to, v, 'e', -1, 64) }
