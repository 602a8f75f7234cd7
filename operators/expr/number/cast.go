package number

import (
	"fmt"
	"math"

	"github.com/weirstream/weir/operators/expr/exact"
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// casts are the casts from and to numbers.
var casts = []kernel.Cast{
	{From: record.KindInt32, To: record.KindInt64, Build: kernel.Mapping(exact.Widen, nil)},
	{From: record.KindInt32, To: record.KindFloat64, Build: kernel.Mapping(plainly[float64, int32], nil)},
	{From: record.KindInt64, To: record.KindFloat64, Build: kernel.Mapping(plainly[float64, int64], nil)},
	{From: record.KindInt64, To: record.KindInt32, Fails: true, Build: kernel.Mapping(exact.Narrow, exact.WhyNarrow)},
	{From: record.KindFloat64, To: record.KindInt32, Fails: true,
		Build: kernel.Mapping(intsOfFloats[int32](1<<31), whyNotInt(1<<31, record.Int32))},
	{From: record.KindFloat64, To: record.KindInt64, Fails: true,
		Build: kernel.Mapping(intsOfFloats[int64](1<<63), whyNotInt(1<<63, record.Int64))},
	{From: record.KindInt32, To: record.KindDecimal, Fails: true, Build: decimalsOfInts[int32]},
	{From: record.KindInt64, To: record.KindDecimal, Fails: true, Build: decimalsOfInts[int64]},
	{From: record.KindFloat64, To: record.KindDecimal, Fails: true, Build: decimalsOfFloats},
	{From: record.KindDecimal, To: record.KindDecimal, Fails: true, Build: decimalsOfDecimals},
	{From: record.KindDecimal, To: record.KindInt32, Fails: true, Build: intsOfDecimals[int32]},
	{From: record.KindDecimal, To: record.KindInt64, Fails: true, Build: intsOfDecimals[int64]},
	{From: record.KindDecimal, To: record.KindFloat64, Build: floatsOfDecimals},
	{From: record.KindString, To: record.KindInt32, Fails: true, Build: kernel.Reading(readInt32, kernel.StoreFixed)},
	{From: record.KindString, To: record.KindInt64, Fails: true, Build: kernel.Reading(readInt64, kernel.StoreFixed)},
	{From: record.KindString, To: record.KindFloat64, Fails: true, Build: kernel.Reading(readFloat, kernel.StoreFixed)},
	{From: record.KindString, To: record.KindDecimal, Fails: true, Build: readingDecimals},
	{From: record.KindInt64, To: record.KindString, Build: kernel.Writing(writeInt)},
	{From: record.KindFloat64, To: record.KindString, Build: kernel.Writing(writeFloat)},
}

// The loops behind casts between integers and floats.

// plainly converts numbers to a type that has them, or close ones.
func plainly[B, A record.Number](to []B, from []A) bool {
	from = from[:len(to)]
	for i := range to {
		to[i] = B(from[i])
	}
	return false
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
