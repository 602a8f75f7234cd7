package expr

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/weirstream/weir/operators/expr/number"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
)

// roundings are functions of a decimal, and what they are of a fraction. The digits
// that are left behind the point are 0, a constant or those of column n.
var roundings = []struct {
	text string
	of   func(v *big.Rat, digits int64) *big.Rat
}{
	{"-d", func(v *big.Rat, _ int64) *big.Rat { return v.Neg(v) }},
	{"abs(d)", func(v *big.Rat, _ int64) *big.Rat { return v.Abs(v) }},
	{"sign(d)", func(v *big.Rat, _ int64) *big.Rat { return big.NewRat(int64(v.Sign()), 1) }},
	{"floor(d)", func(v *big.Rat, _ int64) *big.Rat { return floorRat(v) }},
	{"ceil(d)", func(v *big.Rat, _ int64) *big.Rat { return new(big.Rat).Neg(floorRat(v.Neg(v))) }},
	{"trunc(d)", cutRat}, {"trunc(d, %d)", cutRat}, {"trunc(d, n)", cutRat},
	{"round(d)", roundRat}, {"round(d, %d)", roundRat}, {"round(d, n)", roundRat},
}

func floorRat(v *big.Rat) *big.Rat {
	whole := new(big.Int).Div(v.Num(), v.Denom()) // towards -∞, as the denominator is positive
	return new(big.Rat).SetInt(whole)
}

func powerOf(n int64) *big.Rat {
	power := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(max(n, -n)), nil))
	if n < 0 {
		power.Inv(power)
	}
	return power
}

func cutRat(v *big.Rat, digits int64) *big.Rat {
	shifted := new(big.Rat).Mul(v, powerOf(digits))
	return shifted.Mul(new(big.Rat).SetInt(cut(shifted)), powerOf(-digits))
}

func roundRat(v *big.Rat, digits int64) *big.Rat {
	half := new(big.Rat).Mul(big.NewRat(int64(v.Sign()), 2), powerOf(-digits))
	return cutRat(half.Add(half, v), digits)
}

// TestRoundingOfDecimals holds what makes whole numbers of decimals, or such with
// fewer digits, to fractions of any size: decimals of all types, of all lengths.
func TestRoundingOfDecimals(t *testing.T) {
	trial.Run(t, 200, func(c *trial.Case) {
		pool := record.NewCheckedPool()
		b := decimalBatch(c, pool)
		for _, r := range roundings {
			checkRounding(c, b, r.text, r.of)
		}
		b.Release()
		checkPool(c, pool)
	})
}

// TestArithmeticOfDecimals holds operators and casts of decimals of any two types
// to the reference.
func TestArithmeticOfDecimals(t *testing.T) {
	trial.Run(t, 200, func(c *trial.Case) {
		pool := record.NewCheckedPool()
		b := decimalBatch(c, pool)
		for _, form := range []string{
			"d + e", "d - e", "d * e", "d / e", "d % e", "d + n", "n * d", "d = e", "d <> e", "d < e", "d <= e", "d > e", "d >= e", "d < n",
			"CAST(d AS TYPE)", "TRY_CAST(d AS TYPE)", "CAST(d AS int32)", "CAST(d AS int64)", "CAST(d AS float64)", "CAST(d AS string)",
			"CAST(CAST(d AS string) AS TYPE)", "CAST(CAST(d AS float64) AS TYPE)", "CAST(n AS TYPE)",
		} {
			text := strings.ReplaceAll(form, "TYPE", b.Columns[1].Type().String())
			checked := mustCheck(c, text, b.Schema)
			c.Describe(func() string { return fmt.Sprint(text, " of ", b.Columns[0].Type(), " and ", b.Columns[1].Type()) })
			checkBatch(c, checked, checked.Compile(pool), b, nil)
		}
		b.Release()
		checkPool(c, pool)
	})
}

// decimalBatch returns rows of decimals of two types, in columns d and e, and of
// small numbers, in n.
func decimalBatch(c *trial.Case, pool *record.Pool) *record.Batch {
	anyType := func() record.Type {
		precision := 38
		if c.Random.IntN(2) == 0 {
			precision = 1 + c.Random.IntN(38)
		}
		return number.DecimalType(precision, c.Random.IntN(precision+1))
	}
	schema := record.MustSchema(record.Field{Name: "d", Type: anyType()}, record.Field{Name: "e", Type: anyType()},
		record.Field{Name: "n", Type: record.Int64})
	b := pool.NewBatch(schema, 40)
	for _, f := range schema.Fields() {
		column := pool.NewColumn(f.Type, 40)
		for range 40 {
			if f.Type == record.Int64 {
				appendCell(column, c.Random.Int64N(90)-45)
			} else {
				appendCell(column, randomDecimal(c, f.Type))
			}
		}
		b.Columns = append(b.Columns, column)
	}
	return b
}

// randomDecimal returns a decimal of any number of digits, more often of all, a half
// or all nines at times.
func randomDecimal(c *trial.Case, t record.Type) cell {
	digits := int(t.Precision)
	if c.Random.IntN(2) == 0 {
		digits = 1 + c.Random.IntN(digits)
	}
	text := strings.Repeat(string("0123456789"[c.Random.IntN(10)]), digits)
	switch c.Random.IntN(3) {
	case 0:
		text = fmt.Sprintf("%020d%020d", c.Random.Uint64(), c.Random.Uint64())[:digits]
	case 1:
		text = text[:digits/2] + "5" + strings.Repeat("0", digits-digits/2-1)
	}
	n, err := parseDecimal(text, record.Type{Kind: record.KindDecimal, Precision: 38})
	if err != nil {
		c.Fatal(err)
	}
	if c.Random.IntN(2) == 0 {
		n = n.Neg()
	}
	return dec{n, int(t.Scale)}
}

func checkRounding(c *trial.Case, b *record.Batch, text string, function func(*big.Rat, int64) *big.Rat) {
	c.Helper()
	constant := int64(0)
	if strings.Contains(text, "%") {
		constant = c.Random.Int64N(90) - 45
		text = fmt.Sprintf(text, constant)
	}
	checked := mustCheck(c, text, b.Schema)
	for row, got := range outcomes(c, checked.Compile(b.Pool()), b, nil) {
		digits := constant
		if strings.HasSuffix(text, " n)") {
			digits = b.Columns[2].Int64s()[row]
		}
		d := cellAt(b.Columns[0], int(row))
		want, err := ratCell(function(ratOf(d), digits), checked.Type())
		if got.failed != (err != nil) || err == nil && !sameCell(got.value, want) {
			c.Errorf("%s of %s as %v, %d digits, is %v (fails: %v), want %v, %v",
				text, drawCell(d), b.Schema.Field(0).Type, digits, drawCell(got.value), got.failed, drawCell(want), err)
		}
	}
}
