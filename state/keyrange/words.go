package keyrange

import (
	"bytes"
	"math"
	"slices"

	"github.com/cespare/xxhash/v2"

	"github.com/weirstream/weir/runtime/record"
)

// NullWord is the canonical word of a null of any type.
const NullWord = 0x13198A2E03707344

// canonicalNaN is the word of every NaN, whatever its payload.
const canonicalNaN = 0x7FF8000000000000

// Words appends the canonical word of each selected row of a column (sel nil =
// all n rows). Equal keys have equal words; for the types of fixed width the
// reverse holds, too, nulls aside. FORMAT.md lists the words.
func Words(words []uint64, c *record.Column, sel []int32, n int) []uint64 {
	if sel != nil {
		n = len(sel)
	}
	had := len(words)
	words = slices.Grow(words, n)[:had+n]
	switch c.Encoding() {
	case record.Plain:
		plainWords(words[had:], c, sel)
	case record.Constant:
		fill(words[had:], storedWord(c, 0))
	case record.Dictionary:
		words = dictionaryWords(words, had, c, sel)
	}
	if c.HasNulls() {
		nullWords(words[had:], c, sel)
	}
	return words
}

func fill(out []uint64, word uint64) {
	for k := range out {
		out[k] = word
	}
}

// dictionaryWords fills words[had:]. Unless the dictionary is longer than the
// rows, each of its values is hashed once; their words stand behind those of the
// rows meanwhile.
func dictionaryWords(words []uint64, had int, c *record.Column, sel []int32) []uint64 {
	end, codes, dict := len(words), c.Codes(), c.Dictionary()
	if dict.Len() > end-had {
		for k := range words[had:] {
			words[had+k] = storedWord(dict, int(codes[rowOf(sel, k)]))
		}
		return words
	}
	words = Words(words, dict, nil, dict.Len())
	out, ofValue := words[had:end], words[end:]
	for k := range out {
		out[k] = ofValue[codes[rowOf(sel, k)]]
	}
	return words[:end]
}

func rowOf(sel []int32, k int) int {
	if sel == nil {
		return k
	}
	return int(sel[k])
}

func nullWords(out []uint64, c *record.Column, sel []int32) {
	for k := range out {
		if c.IsNull(rowOf(sel, k)) {
			out[k] = NullWord
		}
	}
}

// plainWords fills out from a plain column.
func plainWords(out []uint64, c *record.Column, sel []int32) {
	switch c.Type().Kind {
	case record.KindInt64, record.KindTimestamp:
		integerWords(out, c.Int64s(), sel)
	case record.KindInt32, record.KindDate:
		integerWords(out, c.Int32s(), sel)
	case record.KindDecimal:
		decimalWords(out, c, sel)
	case record.KindFloat64:
		floatWords(out, c.Float64s(), sel)
	case record.KindBool:
		bits := c.Bits()
		for k := range out {
			out[k] = boolWord(record.BitAt(bits, rowOf(sel, k)))
		}
	case record.KindString, record.KindBytes:
		strings := c.Strings()
		for k := range out {
			out[k] = TextWord(strings.At(rowOf(sel, k)))
		}
	default:
		panic("keyrange: " + c.Type().String() + " cannot be a key")
	}
}

// TextWord returns the canonical word of a string: its XXH64, the fastest hash of
// the registry's that is specified outside its code, so that other programs can
// compute our ranges.
func TextWord(text []byte) uint64 { return xxhash.Sum64(text) }

func integerWords[T int32 | int64](out []uint64, values []T, sel []int32) {
	if sel == nil {
		for k, v := range values[:len(out)] {
			out[k] = uint64(int64(v))
		}
		return
	}
	for k, i := range sel {
		out[k] = uint64(int64(values[i]))
	}
}

func decimalWords(out []uint64, c *record.Column, sel []int32) {
	values, scale := c.Decimals(), int(c.Type().Scale)
	for k := range out {
		out[k] = DecimalWord(values[rowOf(sel, k)], scale)
	}
}

// DecimalWord returns the canonical word of a decimal: the XXH64 of the shortest plain text of a decimal, so that
// 1.50 and 1.5 have one word whatever the scales of their columns.
func DecimalWord(v record.Decimal, scale int) uint64 {
	var buf [48]byte
	text := v.Append(buf[:0], scale)
	if scale > 0 {
		text = bytes.TrimRight(text, "0")
		text = bytes.TrimSuffix(text, []byte("."))
	}
	return xxhash.Sum64(text)
}

func floatWords(out []uint64, values []float64, sel []int32) {
	for k := range out {
		out[k] = floatWord(values[rowOf(sel, k)])
	}
}

// floatWord returns the IEEE 754 bits of v, after −0.0 has become 0.0 and NaN
// the one NaN.
func floatWord(v float64) uint64 {
	if v != v {
		return canonicalNaN
	}
	return math.Float64bits(v + 0) // −0.0 + 0.0 is 0.0
}

func boolWord(v bool) uint64 {
	if v {
		return 1
	}
	return 0
}

// storedWord returns the word of stored value i of a column that is plain or
// constant, nulls aside.
func storedWord(c *record.Column, i int) uint64 {
	switch c.Type().Kind {
	case record.KindInt64, record.KindTimestamp:
		return uint64(c.Int64s()[i])
	case record.KindInt32, record.KindDate:
		return uint64(int64(c.Int32s()[i]))
	case record.KindDecimal:
		return DecimalWord(c.Decimals()[i], int(c.Type().Scale))
	case record.KindFloat64:
		return floatWord(c.Float64s()[i])
	case record.KindBool:
		return boolWord(record.BitAt(c.Bits(), i))
	case record.KindString, record.KindBytes:
		return TextWord(c.Strings().At(i))
	}
	panic("keyrange: " + c.Type().String() + " cannot be a key")
}
