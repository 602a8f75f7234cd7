package recordtest

import (
	"math"

	"github.com/weirstream/weir/runtime/record"
)

// any appends a value of any bits, the worst among them: what its type cannot
// hold, text that is no text, elements that are null.
func (u underlay) any(to *record.Column) {
	switch to.Type().Kind {
	case record.KindBool:
		to.AppendBool(u.IntN(2) == 0)
	case record.KindInt32, record.KindDate:
		to.AppendInt32([]int32{0, 1, -1, math.MinInt32, math.MaxInt32, int32(u.Uint32())}[u.IntN(6)])
	case record.KindFloat64:
		to.AppendFloat64(u.anyFloat())
	case record.KindDecimal:
		to.AppendDecimal(u.anyDecimal())
	case record.KindString, record.KindBytes:
		to.AppendString(u.anyText())
	case record.KindList:
		for range u.IntN(4) {
			u.anyOrNull(to.Elements())
		}
		to.AppendList()
	case record.KindStruct:
		for f := range to.Type().Fields() {
			u.anyOrNull(to.Child(f))
		}
		to.AppendStruct()
	default:
		to.AppendInt64(u.anyInt())
	}
}

func (u underlay) anyOrNull(to *record.Column) {
	if u.IntN(4) == 0 {
		u.null(to)
		return
	}
	u.any(to)
}

func (u underlay) anyInt() int64 {
	return []int64{0, 1, -1, math.MinInt64, math.MaxInt64, u.Int64() - u.Int64(), u.Int64N(1000)}[u.IntN(7)]
}

func (u underlay) anyFloat() float64 {
	return []float64{
		0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64,
		math.Float64frombits(u.Uint64()), u.NormFloat64(),
	}[u.IntN(8)]
}

// anyDecimal returns 128 bits, often more than 38 digits.
func (u underlay) anyDecimal() record.Decimal {
	return []record.Decimal{
		{}, {Lo: 1}, {Hi: math.MinInt64}, {Lo: math.MaxUint64, Hi: math.MaxInt64}, {Lo: u.Uint64(), Hi: u.anyInt()}, {Lo: u.Uint64N(1000)},
	}[u.IntN(6)]
}

// anyText returns bytes, of which few are UTF-8.
func (u underlay) anyText() []byte {
	words := []string{"", "true", "7", "x", "\xff\xfe", "2013-02-30", "{", "(", "1e999"}
	text := []byte(words[u.IntN(len(words))])
	for range u.IntN(20) {
		text = append(text, byte(u.Uint32()))
	}
	return text
}
