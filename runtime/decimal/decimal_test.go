package decimal

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
)

func (n Num) toBig() *big.Int {
	b := n.abs().big()
	if n.Hi < 0 {
		b.Neg(b)
	}
	return b
}

// randomNum returns numbers of all sizes, the ends of the range among them.
func randomNum(random *rand.Rand) Num {
	n := Num{random.Uint64(), int64(random.Uint64())}
	shift := random.IntN(128)
	if shift >= 64 {
		n = Num{n.Lo >> (shift - 64), 0}
	} else {
		n.Hi >>= shift
	}
	switch random.IntN(10) {
	case 0:
		n = powers[random.IntN(len(powers))].signed(random.IntN(2) == 0)
	case 1:
		n = FromInt64(int64(random.IntN(5) - 2))
	}
	if n == (Num{0, math.MinInt64}) {
		n.Lo = 1 // the one number without a counterpart is no decimal
	}
	return n
}

var limit = new(big.Int).Lsh(big.NewInt(1), 127)

func fits128(b *big.Int) bool { return b.CmpAbs(limit) < 0 }

// roundQuo is a / b, half away from zero.
func roundQuo(a, b *big.Int) *big.Int {
	q, r := new(big.Int).QuoRem(a, b, new(big.Int))
	if new(big.Int).Lsh(new(big.Int).Abs(r), 1).CmpAbs(b) >= 0 {
		q.Add(q, big.NewInt(int64(a.Sign()*b.Sign())))
	}
	return q
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// TestArithmeticIsBigs holds every operation to math/big.
func TestArithmeticIsBigs(t *testing.T) {
	trial.Run(t, 300_000, func(t *trial.Case) {
		random := t.Random
		a, b := randomNum(random), randomNum(random)
		x, y := a.toBig(), b.toBig()
		check := func(name string, got Num, ok bool, want *big.Int) {
			t.Helper()
			if ok != fits128(want) {
				t.Fatalf("%s of %v and %v: fits is %v, the result is %v", name, x, y, ok, want)
			}
			if ok && got.toBig().Cmp(want) != 0 {
				t.Fatalf("%s of %v and %v is %v, want %v", name, x, y, got.toBig(), want)
			}
		}
		if sum, ok := a.Add(b); sum != (Num{0, math.MinInt64}) {
			check("sum", sum, ok, new(big.Int).Add(x, y))
		}
		if difference, ok := a.Sub(b); difference != (Num{0, math.MinInt64}) {
			check("difference", difference, ok, new(big.Int).Sub(x, y))
		}
		product, ok := a.Mul(b)
		check("product", product, ok, new(big.Int).Mul(x, y))
		if got := a.Compare(b); got != x.Cmp(y) {
			t.Fatalf("%v compared with %v is %d", x, y, got)
		}
		check("negation", a.Neg(), true, new(big.Int).Neg(x))
		from, to := random.IntN(MaxPrecision+1), random.IntN(MaxPrecision+1)
		scaled, ok := a.Rescale(from, to)
		if from <= to {
			check("rescaling", scaled, ok, new(big.Int).Mul(x, pow10(to-from)))
		} else {
			check("rescaling", scaled, ok, roundQuo(x, pow10(from-to)))
		}
		if b.Sign() == 0 {
			return
		}
		q, r := a.QuoRem(b)
		check("quotient", q, true, new(big.Int).Quo(x, y))
		check("rest", r, true, new(big.Int).Rem(x, y))
		shift := random.IntN(2*MaxPrecision + 1)
		rounded, ok := a.DivRound(b, shift)
		check("rounded quotient", rounded, ok, roundQuo(new(big.Int).Mul(x, pow10(shift)), y))
	})
}

func TestFits(t *testing.T) {
	for precision := 1; precision <= MaxPrecision; precision++ {
		limit := powers[precision].signed(false)
		below, _ := limit.Sub(FromInt64(1))
		if limit.Fits(precision) || limit.Neg().Fits(precision) || !below.Fits(precision) || !below.Neg().Fits(precision) {
			t.Errorf("10^%d is not the limit of %d digits", precision, precision)
		}
	}
}

func TestTextReadsBack(t *testing.T) {
	trial.Run(t, 100_000, func(t *trial.Case) {
		random := t.Random
		n, scale := randomNum(random), random.IntN(MaxPrecision+1)
		if !n.Fits(MaxPrecision) {
			return
		}
		text := n.Append(nil, scale)
		back, exact, err := Parse(text, MaxPrecision, scale)
		if err != nil || !exact || back != n {
			t.Fatalf("%v of scale %d is written %s, which reads as %v, exact %v, %v", n.toBig(), scale, text, back.toBig(), exact, err)
		}
	})
}

func TestParse(t *testing.T) {
	for _, test := range []struct {
		text             string
		precision, scale int
		want             string // in plain digits; "" is an error
		exact            bool
	}{
		{"12.50", 10, 2, "12.50", true},
		{"12.5", 10, 2, "12.50", true},
		{"+7", 10, 2, "7.00", true},
		{"-.5", 10, 2, "-0.50", true},
		{"5.", 10, 2, "5.00", true},
		{"0.145", 10, 2, "0.15", false},
		{"-0.145", 10, 2, "-0.15", false},
		{"0.1449999", 10, 2, "0.14", false},
		{"0.1400000", 10, 2, "0.14", true},
		{"0.004", 10, 2, "0.00", false},
		{"0.0049", 3, 1, "0.0", false},
		{"1.25e3", 10, 2, "1250.00", true},
		{"125E-2", 10, 2, "1.25", true},
		{"0e999999999999", 10, 2, "0.00", true},
		{"1e-99999999999", 10, 2, "0.00", false},
		{"5e-3", 10, 2, "0.01", false},
		{"5e-4", 10, 2, "0.00", false},
		{"000000000000000000000000000000000000000000001", 1, 0, "1", true},
		{"99999999999999999999999999999999999999", 38, 0, "99999999999999999999999999999999999999", true},
		{"99.995", 4, 2, "", false},
		{"100", 4, 2, "", false},
		{"1e40", 38, 0, "", false},
		{"1e999999999999", 38, 0, "", false},
		{"999999999999999999999999999999999999999", 38, 0, "", false},
		{"", 10, 2, "", false}, {"-", 10, 2, "", false}, {".", 10, 2, "", false}, {"1.2.3", 10, 2, "", false},
		{"1e", 10, 2, "", false}, {"e1", 10, 2, "", false}, {"1 ", 10, 2, "", false}, {"0x1", 10, 2, "", false}, {"NaN", 10, 2, "", false},
	} {
		n, exact, err := Parse([]byte(test.text), test.precision, test.scale)
		if err != nil {
			if test.want != "" {
				t.Errorf("%q: %v", test.text, err)
			}
			continue
		}
		if got := string(n.Append(nil, test.scale)); got != test.want || exact != test.exact {
			t.Errorf("%q reads as %s, exact %v; want %s, %v", test.text, got, exact, test.want, test.exact)
		}
	}
}

func TestFloats(t *testing.T) {
	for _, test := range []struct {
		v     float64
		scale int
		want  string // "" does not fit
	}{
		{0.145, 2, "0.15"}, {-2.5, 0, "-3"}, {1e38, 0, ""}, {1e37, 0, "10000000000000000000000000000000000000"},
		{math.NaN(), 2, ""}, {math.Inf(1), 2, ""}, {1e-300, 2, "0.00"}, {123456.789, 3, "123456.789"},
	} {
		n, ok := FromFloat64(test.v, test.scale)
		if ok != (test.want != "") {
			t.Errorf("%v fits: %v", test.v, ok)
		} else if got := string(n.Append(nil, test.scale)); ok && got != test.want {
			t.Errorf("%v of scale %d is %s, want %s", test.v, test.scale, got, test.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("-12.50e3"), 10, 2)
	f.Fuzz(func(t *testing.T, text []byte, precision, scale int) {
		if precision < 1 || precision > MaxPrecision || scale < 0 || scale > precision {
			return
		}
		n, _, err := Parse(text, precision, scale)
		if err == nil && !n.Fits(precision) {
			t.Errorf("%q is out of range", text)
		}
	})
}
