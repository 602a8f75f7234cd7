package csv

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"unsafe"
)

// parseInt reads a decimal whole number with an optional sign.
func parseInt(cell []byte) (int64, error) {
	digits := cell
	negative := digits[0] == '-'
	if negative || digits[0] == '+' {
		digits = digits[1:]
	}
	if len(digits) == 0 || len(digits) > 18 {
		return parseLongInt(cell)
	}
	var v int64
	for _, c := range digits {
		digit := c - '0'
		if digit > 9 {
			return 0, notInt(cell)
		}
		v = v*10 + int64(digit)
	}
	if negative {
		v = -v
	}
	return v, nil
}

func parseLongInt(cell []byte) (int64, error) {
	v, err := strconv.ParseInt(string(cell), 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("%s is outside the range of int64; declare the column as float64 or string", shown(cell))
	}
	if err != nil {
		return 0, notInt(cell)
	}
	return v, nil
}

func notInt(cell []byte) error {
	return fmt.Errorf("%s is not a whole number; correct the cell, or leave it empty for null", shown(cell))
}

// parseFloat reads a decimal number, NaN or Inf.
func parseFloat(cell []byte) (float64, error) {
	for _, c := range cell {
		if c == 'x' || c == 'X' || c == '_' {
			return 0, notFloat(cell)
		}
	}
	// ParseFloat keeps no reference to its text, not even in errors.
	v, err := strconv.ParseFloat(unsafe.String(unsafe.SliceData(cell), len(cell)), 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("%s is outside the range of float64", shown(cell))
	}
	if err != nil {
		return 0, notFloat(cell)
	}
	return v, nil
}

func notFloat(cell []byte) error {
	return fmt.Errorf("%s is not a number; correct the cell, or leave it empty for null", shown(cell))
}

// scaled reads a whole number of units of so many µs.
func scaled(microseconds int64) func([]byte) (int64, error) {
	return func(cell []byte) (int64, error) {
		v, err := parseInt(cell)
		if err != nil {
			return 0, err
		}
		if limit := math.MaxInt64 / microseconds; v > limit || v < -limit {
			return 0, fmt.Errorf("%s is outside the range of timestamps; is the unit right?", shown(cell))
		}
		return v * microseconds, nil
	}
}
