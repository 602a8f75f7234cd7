package recordtest

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
)

// FloatText returns a number as JSON, CSV and SQL write it, at which reading a
// float64 may go wrong: with about as many digits as one has, with powers of ten
// about the largest that is exact, halfway between two or next to that, and next to
// the ends of all.
func FloatText(random *rand.Rand) string {
	text := []func(*rand.Rand) string{shortestText, digitsText, digitsText, halfwayText, wholeText}[random.IntN(5)](random)
	if random.IntN(3) == 0 {
		text = "-" + text
	}
	return text
}

// shortestText is the shortest text of any float64, a subnormal one at times.
func shortestText(random *rand.Rand) string {
	return strconv.FormatFloat(anyFinite(random), "eg"[random.IntN(2)], -1, 64)
}

// anyFinite returns a positive float64.
func anyFinite(random *rand.Rand) float64 {
	bits := random.Uint64() >> 1
	switch random.IntN(4) {
	case 0:
		bits = random.Uint64N(1<<54) >> random.IntN(54)
	case 1: // usual sizes
		bits = bits&(1<<52-1) | (1023-60+random.Uint64N(120))<<52
	}
	if v := math.Float64frombits(bits); !math.IsInf(v, 0) && v == v {
		return v
	}
	return math.MaxFloat64
}

// digitsText is so many digits with a point and an exponent anywhere.
func digitsText(random *rand.Rand) string {
	digits := randomDigits(random, []int{15, 16, 17, 18, 19, 20, 1 + random.IntN(25)}[random.IntN(7)])
	point := random.IntN(len(digits) + 1)
	text := digits[:point]
	if text == "" {
		text = "0"
	}
	if point < len(digits) {
		text += "." + strings.Repeat("0", random.IntN(3)*random.IntN(12)) + digits[point:]
	}
	if random.IntN(2) == 0 {
		return text
	}
	exponent := []int{0, 15, 22, 37, 308, 324}[random.IntN(6)] + random.IntN(7) - 3
	return text + []string{"e", "E", "e+", "e-", "e-"}[random.IntN(5)] + fmt.Sprint(max(exponent, -exponent))
}

func randomDigits(random *rand.Rand, n int) string {
	digits := []byte{byte('1' + random.IntN(9))}
	for len(digits) < n {
		digits = append(digits, byte('0'+random.IntN(10)))
	}
	return string(digits)
}

// halfwayText is exactly between two neighbours, or a digit behind that.
func halfwayText(random *rand.Rand) string {
	low := anyFinite(random)
	sum := new(big.Float).SetPrec(64).Add(big.NewFloat(low), big.NewFloat(math.Nextafter(low, math.Inf(1))))
	if sum.IsInf() {
		return strconv.FormatFloat(low, 'e', -1, 64)
	}
	text := sum.Quo(sum, big.NewFloat(2)).Text('e', 800) // digits enough for any
	digits, exponent, _ := strings.Cut(text, "e")
	digits = strings.TrimRight(digits, "0")
	if strings.HasSuffix(digits, ".") || random.IntN(2) == 0 {
		digits += []string{"0", "1"}[random.IntN(2)]
	}
	return digits + "e" + exponent
}

// wholeText is a whole number next to the largest that are all exact.
func wholeText(random *rand.Rand) string {
	v := uint64(1)<<(52+random.IntN(12)) + random.Uint64N(9) - 4
	text := fmt.Sprint(v)
	if random.IntN(2) == 0 {
		at := 1 + random.IntN(len(text)-1)
		text = text[:at] + "." + text[at:]
	}
	return text
}

// WholeText returns a whole number next to a power of ten or of two, such as the
// ends of the integers.
func WholeText(random *rand.Rand) string {
	base, most := int64(10), 21
	if random.IntN(2) == 0 {
		base, most = 2, 66
	}
	v := new(big.Int).Exp(big.NewInt(base), big.NewInt(int64(random.IntN(most))), nil)
	v.Add(v, big.NewInt(random.Int64N(7)-3))
	if random.IntN(3) == 0 {
		v.Mul(v, big.NewInt(1+random.Int64N(9)))
	}
	if random.IntN(2) == 0 {
		v.Neg(v)
	}
	return v.String()
}
