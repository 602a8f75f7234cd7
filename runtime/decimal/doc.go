// Package decimal computes with exact decimal numbers of up to 38 digits.
//
// A [Num] is a whole number of 128 bits, in the layout of Arrow's decimal128.
// How many of its digits follow the point, the scale, is said by the type
// of the column that it stands in: 1.50 of decimal(10,2) is the Num 150. Every
// operation that may not fit reports whether it did; none of them wraps.
package decimal
