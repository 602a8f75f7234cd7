package number

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unsafe"

	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/record"
)

func writeInt(to []byte, c *record.Column, i int) ([]byte, error) {
	return strconv.AppendInt(to, c.Int64s()[i], 10), nil
}

func writeFloat(to []byte, c *record.Column, i int) ([]byte, error) {
	return record.AppendFloat(to, c.Float64s()[i]), nil
}

func readInt64(text []byte) (int64, error) { return readInt(text, 64) }

func readInt32(text []byte) (int32, error) {
	v, err := readInt(text, 32)
	return int32(v), err
}

func readInt(text []byte, bits int) (int64, error) {
	v, err := strconv.ParseInt(borrow(text), 10, bits)
	if err == nil {
		return v, nil
	}
	if errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("%q is out of range of int%d", excerpt.Of(text), bits)
	}
	return 0, fmt.Errorf("%q is not a whole number", excerpt.Of(text))
}

// readFloat reads decimal text, NaN and infinities; not what [strconv] knows
// beyond that, such as hexadecimal digits.
func readFloat(text []byte) (float64, error) {
	if !bytes.ContainsAny(text, "xX_") {
		v, err := strconv.ParseFloat(borrow(text), 64)
		if err == nil {
			return v, nil
		}
		if math.IsInf(v, 0) {
			return 0, fmt.Errorf("%q is out of range of float64", excerpt.Of(text))
		}
	}
	return 0, fmt.Errorf("%q is not a number", excerpt.Of(text))
}

// borrow returns text as a string without copying; it must not be kept.
func borrow(text []byte) string { return unsafe.String(unsafe.SliceData(text), len(text)) }
