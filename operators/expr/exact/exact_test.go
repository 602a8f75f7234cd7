package exact

import (
	"fmt"
	"math"
	"math/big"
	"testing"
)

func Example() {
	sums := make([]int32, 3)
	a, b := []int32{1, math.MaxInt32, -5}, []int32{2, 1, 5}
	if Add(sums, a, b) {
		for i := range sums {
			fmt.Println(sums[i], WhyAdd(a[i], b[i]))
		}
	}
	// Output:
	// 3 <nil>
	// -2147483648 2147483647 + 1 is out of range of int32
	// 0 <nil>
}

func edges[T Integer]() []T {
	return []T{least[T](), least[T]() + 1, -46341, -7, -2, -1, 0, 1, 2, 3, 46341, -(least[T]() + 1) - 1, -(least[T]() + 1)}
}

// operations are those of two numbers, and what they are in numbers of any size.
func operations[T Integer]() []operation[T] {
	all := []operation[T]{
		{"+", Add[T], WhyAdd[T], (*big.Int).Add},
		{"-", Subtract[T], WhySubtract[T], (*big.Int).Sub},
		{"/", Divide[T], WhyDivide[T], (*big.Int).Quo},
		{"%", Remainder[T], WhyRemainder[T], (*big.Int).Rem},
	}
	switch any(all).(type) {
	case []operation[int64]:
		all = append(all, any(operation[int64]{"*", Multiply, WhyMultiply, (*big.Int).Mul}).(operation[T]))
	case []operation[int32]:
		all = append(all, any(operation[int32]{"*", MultiplyInt32, WhyMultiplyInt32, (*big.Int).Mul}).(operation[T]))
	}
	return all
}

type operation[T Integer] struct {
	sign string
	loop func(to, a, b []T) bool
	why  func(a, b T) error
	of   func(z, a, b *big.Int) *big.Int
}

// TestAgainstBig holds operations at the edges to numbers of any size: a loop over
// all of them, and each number alone.
func TestAgainstBig(t *testing.T) {
	checkOperations[int64](t, math.MinInt64, math.MaxInt64)
	checkOperations[int32](t, math.MinInt32, math.MaxInt32)
}

func checkOperations[T Integer](t *testing.T, low, high int64) {
	for _, op := range operations[T]() {
		for _, a := range edges[T]() {
			for _, b := range edges[T]() {
				var to [1]T
				suspect, err := op.loop(to[:], []T{a}, []T{b}), op.why(a, b)
				fits := false
				want := new(big.Int)
				if b != 0 || op.sign != "/" && op.sign != "%" {
					want = op.of(want, big.NewInt(int64(a)), big.NewInt(int64(b)))
					fits = want.Cmp(big.NewInt(low)) >= 0 && want.Cmp(big.NewInt(high)) <= 0
				}
				if suspect == fits || (err == nil) != fits || fits && int64(to[0]) != want.Int64() {
					t.Errorf("%d %s %d of %T is %d (suspect: %v, %v), want %v", a, op.sign, b, a, to[0], suspect, err, want)
				}
			}
		}
	}
}

func TestOfOneNumber(t *testing.T) {
	for _, v := range edges[int64]() {
		var to [1]int64
		var narrow [1]int32
		fits := v != math.MinInt64
		if suspect := Negate(to[:], []int64{v}); suspect == fits || (WhyNegate(v) == nil) != fits || fits && to[0] != -v {
			t.Errorf("-(%d) is %d (suspect: %v, %v)", v, to[0], suspect, WhyNegate(v))
		}
		if suspect := Absolute(to[:], []int64{v}); suspect == fits || fits && (to[0] < 0 || to[0] != v && to[0] != -v) {
			t.Errorf("|%d| is %d (suspect: %v)", v, to[0], suspect)
		}
		fits = v >= math.MinInt32 && v <= math.MaxInt32
		if suspect := Narrow(narrow[:], []int64{v}); suspect == fits || (WhyNarrow(v) == nil) != fits || fits && int64(narrow[0]) != v {
			t.Errorf("%d as int32 is %d (suspect: %v, %v)", v, narrow[0], suspect, WhyNarrow(v))
		}
		if Widen(to[:], narrow[:]) || to[0] != int64(narrow[0]) {
			t.Errorf("%d is %d in more bits", narrow[0], to[0])
		}
	}
}
