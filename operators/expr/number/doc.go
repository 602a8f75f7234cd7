// Package number has the functions and the arithmetic of numbers.
//
// Integers are computed by package exact, which notices what is out of range, and
// floats as IEEE 754 says, but for a division by zero, which fails. Decimals have
// types of their own ([DecimalType]): that of a result follows from those of the
// arguments, and has room for all digits as far as a decimal can have them.
//
// # Files
//
//	table, operators            what there is to call
//	arithmetic, math            loops over floats; functions that some numbers have no value of
//	round                       rounding of integers and floats, with package rounding
//	decimal*                    types, arithmetic and rounding of decimals
//	cast*                       casts from and to numbers
package number
