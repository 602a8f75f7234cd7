package expr

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"
	"unsafe"

	"github.com/weirstream/weir/runtime/record"
)

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

// numberOfTruth casts bool to integers: 1 is TRUE.
func numberOfTruth[T int32 | int64](s site, args []kernel) kernel {
	return truthNumber[T]{s.typ, args[0]}
}

type truthNumber[T int32 | int64] struct {
	typ record.Type
	arg kernel
}

func (k truthNumber[T]) eval(r *run, rows []int32) *record.Column {
	arg := r.flat(k.arg, rows)
	defer arg.Release()
	if isNullConstant(arg) {
		return r.null(k.typ)
	}
	out := r.column(k.typ, isConstant(arg))
	joinNulls(out, arg)
	words, to := arg.Bits(), record.Values[T](out)
	for i := range to {
		to[i] = T(words[i>>6] >> (i & 63) & 1)
	}
	return out
}

// truthOfNumber casts integers to bool: all but 0 is TRUE.
func truthOfNumber(s site, args []kernel) kernel {
	zero := &readLiteral{value: value{typ: s.args[0].typ}}
	return comparing("<>")(s, []kernel{args[0], zero})
}

// writer casts to string and bytes.
type writer struct {
	site
	arg   kernel
	write writeFunc
	text  []byte
}

// writeFunc appends stored value i, which is not null, or says why it cannot.
type writeFunc func(to []byte, c *record.Column, i int) ([]byte, error)

func writing(write writeFunc) builder {
	return func(s site, args []kernel) kernel { return &writer{site: s, arg: args[0], write: write} }
}

func (k *writer) eval(r *run, rows []int32) *record.Column {
	arg := r.flat(k.arg, rows)
	defer arg.Release()
	if isConstant(arg) {
		return k.constant(r, arg, rows)
	}
	out := r.pool.NewColumn(k.typ, arg.Len())
	next := 0
	for _, row := range r.positions(rows) {
		for ; next < int(row); next++ {
			out.AppendString(nil)
		}
		k.text = k.text[:0]
		if !arg.IsNull(next) {
			k.append(r, arg, next)
		}
		out.AppendString(k.text)
		next++
	}
	for ; next < arg.Len(); next++ {
		out.AppendString(nil)
	}
	joinNulls(out, arg)
	return out
}

func (k *writer) append(r *run, arg *record.Column, row int) {
	text, err := k.write(k.text, arg, row)
	if k.text = text; err != nil {
		r.fail(int32(row), k.wrap(err))
	}
}

func (k *writer) constant(r *run, arg *record.Column, rows []int32) *record.Column {
	if arg.IsNull(0) {
		return r.null(k.typ)
	}
	text, err := k.write(k.text[:0], arg, 0)
	if k.text = text; err != nil {
		r.failAll(rows, k.wrap(err))
	}
	out := r.pool.NewConstant(k.typ, arg.Len())
	out.AppendString(k.text)
	return out
}

func writeBool(to []byte, c *record.Column, i int) ([]byte, error) {
	return strconv.AppendBool(to, record.BitAt(c.Bits(), i)), nil
}

func writeInt(to []byte, c *record.Column, i int) ([]byte, error) {
	return strconv.AppendInt(to, c.Int64s()[i], 10), nil
}

func writeFloat(to []byte, c *record.Column, i int) ([]byte, error) {
	return record.AppendFloat(to, c.Float64s()[i]), nil
}

func writeText(to []byte, c *record.Column, i int) ([]byte, error) {
	return append(to, c.Strings().At(i)...), nil
}

func writeUTF8(to []byte, c *record.Column, i int) ([]byte, error) {
	text := c.Strings().At(i)
	if !utf8.Valid(text) {
		return to, errors.New("the bytes are not valid UTF-8")
	}
	return append(to, text...), nil
}

func writeAny(to []byte, c *record.Column, i int) ([]byte, error) {
	return c.AppendText(to, i), nil
}

// reader casts strings.
type reader[T any] struct {
	site
	arg   kernel
	read  func([]byte) (T, error)
	store func(c *record.Column, i int, v T)
}

func reading[T any](read func([]byte) (T, error), store func(*record.Column, int, T)) builder {
	return func(s site, args []kernel) kernel {
		return &reader[T]{site: s, arg: args[0], read: read, store: store}
	}
}

func (k *reader[T]) eval(r *run, rows []int32) *record.Column {
	arg := r.flat(k.arg, rows)
	defer arg.Release()
	if isNullConstant(arg) {
		return r.null(k.typ)
	}
	out := r.column(k.typ, isConstant(arg))
	joinNulls(out, arg)
	texts := arg.Strings()
	if isConstant(arg) {
		v, err := k.read(bytes.TrimSpace(texts.At(0)))
		if err != nil {
			r.failAll(rows, k.wrap(err))
		}
		k.store(out, 0, v)
		return out
	}
	for _, row := range r.positions(rows) {
		if out.IsNull(int(row)) {
			continue
		}
		v, err := k.read(bytes.TrimSpace(texts.At(int(row))))
		if err != nil {
			r.fail(row, k.wrap(err))
			continue
		}
		k.store(out, int(row), v)
	}
	return out
}

func storeFixed[T record.Fixed](c *record.Column, i int, v T) { record.Values[T](c)[i] = v }

func storeBool(c *record.Column, i int, v bool) { record.SetBit(c.Bits(), i, v) }

func readBool(text []byte) (bool, error) {
	switch {
	case bytes.EqualFold(text, []byte("true")):
		return true, nil
	case bytes.EqualFold(text, []byte("false")):
		return false, nil
	}
	return false, fmt.Errorf("%q is neither true nor false", clip(text))
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
		return 0, fmt.Errorf("%q is out of range of int%d", clip(text), bits)
	}
	return 0, fmt.Errorf("%q is not a whole number", clip(text))
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
			return 0, fmt.Errorf("%q is out of range of float64", clip(text))
		}
	}
	return 0, fmt.Errorf("%q is not a number", clip(text))
}

func readTime(text []byte) (int64, error) {
	t, err := parseTime(text)
	return int64(t), err
}

// borrow returns text as a string without copying; it must not be kept.
func borrow(text []byte) string { return unsafe.String(unsafe.SliceData(text), len(text)) }

// clip copies text for a message, shortened where it is long.
func clip(text []byte) string { return excerpt(string(text), 0, len(text)) }
