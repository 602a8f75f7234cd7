package expr

import (
	"fmt"
	"math"

	"github.com/weirstream/weir/runtime/record"
)

// The loops behind casts between bool, integers and floats.

// plainly converts numbers to a type that has them, or close ones.
func plainly[B, A record.Number](to []B, from []A) bool {
	from = from[:len(to)]
	for i := range to {
		to[i] = B(from[i])
	}
	return false
}

func narrowInts(to []int32, from []int64) bool {
	from = from[:len(to)]
	suspect := false
	for i, v := range from {
		to[i] = int32(v)
		suspect = suspect || int64(to[i]) != v
	}
	return suspect
}

func whyNotNarrow(v int64) error {
	if int64(int32(v)) == v {
		return nil
	}
	return fmt.Errorf("%d is out of range of int32", v)
}

// intsOfFloats rounds to the nearest integer in [-limit, limit), half away from
// zero.
func intsOfFloats[T int32 | int64](limit float64) func(to []T, from []float64) bool {
	return func(to []T, from []float64) bool {
		from = from[:len(to)]
		suspect := false
		for i, v := range from {
			v = math.Round(v)
			suspect = suspect || !(v >= -limit && v < limit)
			to[i] = T(v)
		}
		return suspect
	}
}

func whyNotInt(limit float64, t record.Type) func(float64) error {
	return func(v float64) error {
		if rounded := math.Round(v); rounded >= -limit && rounded < limit {
			return nil
		}
		return fmt.Errorf("%s is out of range of %v", record.AppendFloat(nil, v), t)
	}
}

// numberCasts are the casts from and to numbers.
var numberCasts = []castRule{
	{from: record.KindInt32, to: record.KindInt64, build: mapping(plainly[int64, int32], nil)},
	{from: record.KindInt32, to: record.KindFloat64, build: mapping(plainly[float64, int32], nil)},
	{from: record.KindInt64, to: record.KindFloat64, build: mapping(plainly[float64, int64], nil)},
	{from: record.KindInt64, to: record.KindInt32, fails: true, build: mapping(narrowInts, whyNotNarrow)},
	{from: record.KindFloat64, to: record.KindInt32, fails: true, build: mapping(intsOfFloats[int32](1<<31), whyNotInt(1<<31, record.Int32))},
	{from: record.KindFloat64, to: record.KindInt64, fails: true, build: mapping(intsOfFloats[int64](1<<63), whyNotInt(1<<63, record.Int64))},
	{from: record.KindInt32, to: record.KindDecimal, fails: true, build: decimalsOfInts[int32]},
	{from: record.KindInt64, to: record.KindDecimal, fails: true, build: decimalsOfInts[int64]},
	{from: record.KindFloat64, to: record.KindDecimal, fails: true, build: decimalsOfFloats},
	{from: record.KindDecimal, to: record.KindDecimal, fails: true, build: decimalsOfDecimals},
	{from: record.KindDecimal, to: record.KindInt32, fails: true, build: intsOfDecimals[int32]},
	{from: record.KindDecimal, to: record.KindInt64, fails: true, build: intsOfDecimals[int64]},
	{from: record.KindDecimal, to: record.KindFloat64, build: floatsOfDecimals},
	{from: record.KindString, to: record.KindInt32, fails: true, build: reading(readInt32, storeFixed)},
	{from: record.KindString, to: record.KindInt64, fails: true, build: reading(readInt64, storeFixed)},
	{from: record.KindString, to: record.KindFloat64, fails: true, build: reading(readFloat, storeFixed)},
	{from: record.KindString, to: record.KindDecimal, fails: true, build: readingDecimals},
	{from: record.KindInt64, to: record.KindString, build: writing(writeInt)},
	{from: record.KindFloat64, to: record.KindString, build: writing(writeFloat)},
}
