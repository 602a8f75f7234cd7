package csv

import (
	"errors"
	"fmt"
	"strconv"
	"unsafe"

	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/record"
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

func parseInt32(cell []byte) (int32, error) {
	v, err := parseInt(cell)
	if err == nil && v != int64(int32(v)) {
		err = fmt.Errorf("%s is outside the range of int32; declare the column as int64", excerpt.Quoted(cell))
	}
	return int32(v), err
}

// decimalParser returns the parser of a decimal type, which loses no digit.
func decimalParser(t record.Type) func(cell []byte) (record.Decimal, error) {
	precision, scale := int(t.Precision), int(t.Scale)
	return func(cell []byte) (record.Decimal, error) {
		v, exact, err := decimal.Parse(cell, precision, scale)
		switch {
		case errors.Is(err, decimal.ErrRange):
			return v, fmt.Errorf("%s has more digits before the point than %v; declare the column with more", excerpt.Quoted(cell), t)
		case err != nil:
			return v, fmt.Errorf("%s is %w", excerpt.Quoted(cell), err)
		case !exact:
			return v, fmt.Errorf("%s has more digits after the point than %v; declare the column with more, or as string and CAST it, "+
				"which rounds", excerpt.Quoted(cell), t)
		}
		return v, nil
	}
}

func parseLongInt(cell []byte) (int64, error) {
	v, err := strconv.ParseInt(string(cell), 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("%s is outside the range of int64; declare the column as decimal(38,0) or string", excerpt.Quoted(cell))
	}
	if err != nil {
		return 0, notInt(cell)
	}
	return v, nil
}

func notInt(cell []byte) error {
	return fmt.Errorf("%s is not a whole number; correct the cell, or leave it empty for null", excerpt.Quoted(cell))
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
		return 0, fmt.Errorf("%s is outside the range of float64", excerpt.Quoted(cell))
	}
	if err != nil {
		return 0, notFloat(cell)
	}
	return v, nil
}

func notFloat(cell []byte) error {
	return fmt.Errorf("%s is not a number; correct the cell, or leave it empty for null", excerpt.Quoted(cell))
}
