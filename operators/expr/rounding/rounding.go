// Package rounding rounds numbers to decimal digits: so many behind the point or,
// where the count is negative, to tens, hundreds and so on in front of it.
//
//	rounding.Nearest.Float(3.14159, 2)    // 3.14
//	rounding.TowardsZero.Int(1299, -2)    // 1200
package rounding

// Mode is where a number between two with so many digits goes.
type Mode bool

// A half goes away from zero, as in SQL.
const (
	TowardsZero Mode = false
	Nearest     Mode = true
)
