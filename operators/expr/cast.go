package expr

import "github.com/weirstream/weir/runtime/record"

// conversion is from one kind of type to another.
type conversion struct{ from, to record.Kind }

// castRule is how a conversion is done.
type castRule struct {
	fails bool // some values cannot be converted
	build builder
}

// castRules are the conversions between different types that CAST knows, besides
// those to string, which all types have.
var castRules = map[conversion]castRule{
	{record.KindBool, record.KindInt32}: {false, numberOfTruth[int32]},
	{record.KindBool, record.KindInt64}: {false, numberOfTruth[int64]},
	{record.KindInt32, record.KindBool}: {false, truthOfNumber},
	{record.KindInt64, record.KindBool}: {false, truthOfNumber},

	{record.KindInt32, record.KindInt64}:   {false, mapping(plainly[int64, int32], nil)},
	{record.KindInt32, record.KindFloat64}: {false, mapping(plainly[float64, int32], nil)},
	{record.KindInt64, record.KindFloat64}: {false, mapping(plainly[float64, int64], nil)},
	{record.KindInt64, record.KindInt32}:   {true, mapping(narrowInts, whyNotNarrow)},
	{record.KindFloat64, record.KindInt32}: {true, mapping(intsOfFloats[int32](1<<31), whyNotInt(1<<31, record.Int32))},
	{record.KindFloat64, record.KindInt64}: {true, mapping(intsOfFloats[int64](1<<63), whyNotInt(1<<63, record.Int64))},

	{record.KindInt32, record.KindDecimal}:   {true, decimalsOfInts[int32]},
	{record.KindInt64, record.KindDecimal}:   {true, decimalsOfInts[int64]},
	{record.KindFloat64, record.KindDecimal}: {true, decimalsOfFloats},
	{record.KindDecimal, record.KindDecimal}: {true, decimalsOfDecimals},
	{record.KindDecimal, record.KindInt32}:   {true, intsOfDecimals[int32]},
	{record.KindDecimal, record.KindInt64}:   {true, intsOfDecimals[int64]},
	{record.KindDecimal, record.KindFloat64}: {false, floatsOfDecimals},

	{record.KindDate, record.KindTimestamp}: {true, mapping(timesOfDates, whyNotTime)},
	{record.KindTimestamp, record.KindDate}: {false, mapping(datesOfTimes, nil)},
	{record.KindLocal, record.KindDate}:     {false, mapping(datesOfTimes, nil)},

	{record.KindString, record.KindBool}:      {true, reading(readBool, storeBool)},
	{record.KindString, record.KindInt32}:     {true, reading(readInt32, storeFixed)},
	{record.KindString, record.KindInt64}:     {true, reading(readInt64, storeFixed)},
	{record.KindString, record.KindFloat64}:   {true, reading(readFloat, storeFixed)},
	{record.KindString, record.KindDecimal}:   {true, readingDecimals},
	{record.KindString, record.KindTimestamp}: {true, reading(readTime, storeFixed)},
	{record.KindString, record.KindDate}:      {true, reading(record.ParseDate, storeFixed)},
	{record.KindString, record.KindBytes}:     {false, writing(writeText)},

	{record.KindBool, record.KindString}:    {false, writing(writeBool)},
	{record.KindInt64, record.KindString}:   {false, writing(writeInt)},
	{record.KindFloat64, record.KindString}: {false, writing(writeFloat)},
	{record.KindBytes, record.KindString}:   {true, writing(writeUTF8)},

	{record.KindLocal, record.KindString}:    {false, writing(writeLocal)},
	{record.KindInterval, record.KindString}: {false, writing(writeInterval)},
	{record.KindMonths, record.KindString}:   {false, writing(writeMonths)},
}

// castRuleOf returns how values of a type are cast to another, and whether they
// are at all.
func castRuleOf(from, to record.Type) (castRule, bool) {
	rule, ok := castRules[conversion{from.Kind, to.Kind}]
	if !ok && to == record.String {
		return castRule{false, writing(writeAny)}, true
	}
	return rule, ok
}
