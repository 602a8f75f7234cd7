// Package aggtest says what aggregates must be, in the plainest way: of a list of
// values, with numbers of any size. Tests of aggregates and of what keeps them,
// such as windows, hold results to it.
package aggtest

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"strings"

	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
)

// RangeError is that of a sum or average which its type cannot hold.
type RangeError struct{ Sum *big.Int } // of decimals without their scale

func (e *RangeError) Error() string { return fmt.Sprintf("the sum %v is out of range", e.Sum) }

// Result returns an aggregate of values of a type, in the form that rows of optest
// have; nil is null. A sum of floats is the float64 nearest to the exact sum, which
// is more than aggregates promise: see [Sum].
func Result(function string, distinct bool, t record.Type, values []any) (result any, err error) {
	var known []any
	for _, v := range values {
		if v != nil {
			known = append(known, v)
		}
	}
	switch {
	case distinct:
		return different(known), nil
	case function == "count":
		return int64(len(known)), nil
	case len(known) == 0:
		return nil, nil
	case function == "min":
		return extreme(known, -1), nil
	case function == "max":
		return extreme(known, 1), nil
	case t == record.Float64:
		return floatResult(function, known), nil
	}
	return exactResult(function, t, known)
}

// different counts the values that are not equal.
func different(values []any) int64 {
	seen := map[any]bool{}
	for _, v := range values {
		if f, ok := v.(float64); ok && f != f {
			v = "NaN"
		} else if ok {
			v = f + 0 // -0.0 is 0.0
		}
		seen[v] = true
	}
	return int64(len(seen))
}

// extreme returns the value that compares with all others as wanted, or as equal.
func extreme(values []any, wanted int) any {
	best := values[0]
	for _, v := range values[1:] {
		if compare(v, best) == wanted {
			best = v
		}
	}
	return best
}

func compare(a, b any) int {
	switch a := a.(type) {
	case int32:
		return cmp.Compare(a, b.(int32))
	case int64:
		return cmp.Compare(a, b.(int64))
	case record.Time:
		return cmp.Compare(a, b.(record.Time))
	case string:
		return strings.Compare(a, b.(string))
	case bool:
		return cmp.Compare(ofBool[a], ofBool[b.(bool)])
	case float64:
		return compareFloats(a, b.(float64))
	}
	return whole(a).Cmp(whole(b))
}

var ofBool = map[bool]int{false: 0, true: 1}

// compareFloats has -0.0 before 0.0 and NaN behind everything.
func compareFloats(a, b float64) int {
	if a != a || b != b {
		return cmp.Compare(ofBool[a != a], ofBool[b != b])
	}
	if a == b {
		return cmp.Compare(ofBool[math.Signbit(b)], ofBool[math.Signbit(a)])
	}
	return cmp.Compare(a, b)
}

// whole returns an integer, or a decimal without its scale.
func whole(v any) *big.Int {
	switch v := v.(type) {
	case int32:
		return big.NewInt(int64(v))
	case int64:
		return big.NewInt(v)
	}
	text := v.(record.Decimal).Append(nil, 0)
	n, _ := new(big.Int).SetString(string(text), 10)
	return n
}

// exactResult returns the sum or average of integers or decimals.
func exactResult(function string, t record.Type, values []any) (any, error) {
	sum := new(big.Int)
	for _, v := range values {
		sum.Add(sum, whole(v))
	}
	average := new(big.Rat).SetFrac(sum, big.NewInt(int64(len(values))))
	var result any
	fits := true
	switch {
	case t.Kind == record.KindDecimal && function == "sum":
		result, fits = decimalOf(sum.String())
	case t.Kind == record.KindDecimal:
		more := max(0, averagePlaces-int(t.Scale))
		average.Mul(average, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(more)), nil)))
		result, fits = decimalOf(average.FloatString(0)) // rounds half away from zero
	case function == "sum":
		result, fits = sum.Int64(), sum.IsInt64()
	default:
		result, _ = average.Float64()
	}
	if !fits {
		return nil, &RangeError{sum}
	}
	return result, nil
}

// averagePlaces is how many digits the average of decimals has behind the point,
// unless the decimals have more.
const averagePlaces = 6

// decimalOf reads a whole number, and says whether it has no more than 38 digits.
func decimalOf(digits string) (n record.Decimal, fits bool) {
	n, _, err := decimal.Parse([]byte(digits), decimal.MaxPrecision, 0)
	return n, err == nil
}
