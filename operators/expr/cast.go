package expr

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unsafe"

	"github.com/weirstream/weir/runtime/record"
)

// conversion is from one type to another.
type conversion struct{ from, to record.Type }

// castRule is how a conversion is done.
type castRule struct {
	fails bool // some values cannot be converted
	build builder
}

// castRules are the conversions between different types that CAST knows.
var castRules = map[conversion]castRule{
	{record.Bool, record.Int64}:    {false, numberOfTruth},
	{record.Int64, record.Bool}:    {false, truthOfNumber},
	{record.Int64, record.Float64}: {false, mapping(floatsOfInts, nil)},
	{record.Float64, record.Int64}: {true, mapping(intsOfFloats, whyNotInt)},

	{record.Bool, record.String}:      {false, writing(writeBool)},
	{record.Int64, record.String}:     {false, writing(writeInt)},
	{record.Float64, record.String}:   {false, writing(writeFloat)},
	{record.Timestamp, record.String}: {false, writing(writeTime)},

	{record.String, record.Bool}:      {true, reading(readBool, storeBool)},
	{record.String, record.Int64}:     {true, reading(readInt, storeFixed)},
	{record.String, record.Float64}:   {true, reading(readFloat, storeFixed)},
	{record.String, record.Timestamp}: {true, reading(readTime, storeFixed)},
}

func floatsOfInts(to []float64, from []int64) bool {
	from = from[:len(to)]
	for i := range to {
		to[i] = float64(from[i])
	}
	return false
}

// intsOfFloats cuts towards zero. The bounds are the least float64 that fits
// and the least above all that fit.
func intsOfFloats(to []int64, from []float64) bool {
	from = from[:len(to)]
	suspect := false
	for i, v := range from {
		suspect = suspect || !(v >= math.MinInt64 && v < -math.MinInt64)
		to[i] = int64(v)
	}
	return suspect
}

func whyNotInt(v float64) error {
	if v >= math.MinInt64 && v < -math.MinInt64 {
		return nil
	}
	return fmt.Errorf("%s is out of range of int64", record.AppendFloat(nil, v))
}

// numberOfTruth casts bool to int64: 1 is TRUE.
func numberOfTruth(_ site, args []kernel) kernel { return truthNumber{args[0]} }

type truthNumber struct{ arg kernel }

func (k truthNumber) eval(r *run, rows []int32) *record.Column {
	arg := r.flat(k.arg, rows)
	defer arg.Release()
	if isNullConstant(arg) {
		return r.null(record.Int64)
	}
	out := r.column(record.Int64, isConstant(arg))
	joinNulls(out, arg)
	words := arg.Bits()
	for i := range out.Int64s() {
		out.Int64s()[i] = int64(words[i>>6] >> (i & 63) & 1)
	}
	return out
}

// truthOfNumber casts int64 to bool: all but 0 is TRUE.
func truthOfNumber(s site, args []kernel) kernel {
	zero := &readLiteral{value: value{typ: record.Int64}}
	return comparing("<>")(s, []kernel{args[0], zero})
}

// writer casts to string.
type writer struct {
	arg    kernel
	append func(to []byte, c *record.Column, i int) []byte
	text   []byte
}

func writing(write func(to []byte, c *record.Column, i int) []byte) builder {
	return func(_ site, args []kernel) kernel { return &writer{arg: args[0], append: write} }
}

func (k *writer) eval(r *run, rows []int32) *record.Column {
	arg := r.flat(k.arg, rows)
	defer arg.Release()
	if isConstant(arg) {
		return k.constant(r, arg)
	}
	out := r.pool.NewColumn(record.String, arg.Len())
	next := 0
	for _, row := range r.positions(rows) {
		for ; next < int(row); next++ {
			out.AppendString(nil)
		}
		k.text = k.text[:0]
		if !arg.IsNull(next) {
			k.text = k.append(k.text, arg, next)
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

func (k *writer) constant(r *run, arg *record.Column) *record.Column {
	if arg.IsNull(0) {
		return r.null(record.String)
	}
	out := r.pool.NewConstant(record.String, arg.Len())
	k.text = k.append(k.text[:0], arg, 0)
	out.AppendString(k.text)
	return out
}

func writeBool(to []byte, c *record.Column, i int) []byte {
	return strconv.AppendBool(to, record.BitAt(c.Bits(), i))
}

func writeInt(to []byte, c *record.Column, i int) []byte {
	return strconv.AppendInt(to, c.Int64s()[i], 10)
}

func writeFloat(to []byte, c *record.Column, i int) []byte {
	return record.AppendFloat(to, c.Float64s()[i])
}

func writeTime(to []byte, c *record.Column, i int) []byte {
	return record.AppendTime(to, record.Time(c.Int64s()[i]))
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

func storeFixed[T record.Number](c *record.Column, i int, v T) { record.Values[T](c)[i] = v }

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

func readInt(text []byte) (int64, error) {
	v, err := strconv.ParseInt(borrow(text), 10, 64)
	if err == nil {
		return v, nil
	}
	if errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("%q is out of range of int64", clip(text))
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
	t, err := record.ParseTime(text)
	return int64(t), err
}

// borrow returns text as a string without copying; it must not be kept.
func borrow(text []byte) string { return unsafe.String(unsafe.SliceData(text), len(text)) }

// clip copies text for a message, shortened where it is long.
func clip(text []byte) string { return excerpt(string(text), 0, len(text)) }
