package expr

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"
	"unsafe"

	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/timeformat"
)

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
	return false, fmt.Errorf("%q is neither true nor false", excerpt.Of(text))
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

func readTime(text []byte) (int64, error) {
	t, err := timeformat.ReadSQL(text)
	return int64(t), err
}

// borrow returns text as a string without copying; it must not be kept.
func borrow(text []byte) string { return unsafe.String(unsafe.SliceData(text), len(text)) }
