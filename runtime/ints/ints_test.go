package ints

import (
	"math"
	"math/big"
	"testing"
)

var edges = []int64{math.MinInt64, math.MinInt64 + 1, -86_400_000_001, -8, -7, -1, 0, 1, 6, 7, 8, 86_400_000_000, math.MaxInt64 - 1,
	math.MaxInt64}

// TestFloorDiv: quotient · b + remainder is a, for a remainder that is less than b.
func TestFloorDiv(t *testing.T) {
	for _, a := range edges {
		for _, b := range edges {
			if b <= 0 {
				continue
			}
			want, rest := new(big.Int).DivMod(big.NewInt(a), big.NewInt(b), new(big.Int)) // Euclid's
			if quotient, remainder := FloorDiv(a, b); quotient != want.Int64() || remainder != rest.Int64() {
				t.Errorf("%d / %d is %d and %d, want %v and %v", a, b, quotient, remainder, want, rest)
			}
		}
	}
}

func TestSaturatingAdd(t *testing.T) {
	for _, a := range edges {
		for _, b := range edges {
			want := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
			for _, end := range []int64{math.MinInt64, math.MaxInt64} {
				if !want.IsInt64() && want.Sign() == big.NewInt(end).Sign() {
					want.SetInt64(end)
				}
			}
			if got := SaturatingAdd(a, b); got != want.Int64() {
				t.Errorf("%d + %d is %d, want %v", a, b, got, want)
			}
		}
	}
}
