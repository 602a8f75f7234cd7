package kernel

import (
	"bytes"

	"github.com/weirstream/weir/runtime/record"
)

// reader casts strings.
type reader[T any] struct {
	Site
	arg   Kernel
	read  func([]byte) (T, error)
	store func(c *record.Column, i int, v T)
}

// Reading returns the builder of a cast from strings. read gets text without the
// white space around it; store keeps what it says.
func Reading[T any](read func([]byte) (T, error), store func(*record.Column, int, T)) Builder {
	return func(s Site, args []Kernel) Kernel {
		return &reader[T]{Site: s, arg: args[0], read: read, store: store}
	}
}

func (k *reader[T]) Eval(r *Run, rows []int32) *record.Column {
	arg := r.Flat(k.arg, rows)
	defer arg.Release()
	if IsNullConstant(arg) {
		return r.Null(k.Type)
	}
	out := r.NewColumn(k.Type, IsConstant(arg))
	JoinNulls(out, arg)
	texts := arg.Strings()
	if IsConstant(arg) {
		v, err := k.read(bytes.TrimSpace(texts.At(0)))
		if err != nil {
			r.failAll(rows, k.wrap(err))
		}
		k.store(out, 0, v)
		return out
	}
	for _, row := range r.Positions(rows) {
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

// StoreFixed stores values of fixed width, for [Reading].
func StoreFixed[T record.Fixed](c *record.Column, i int, v T) { record.Values[T](c)[i] = v }

// StoreBool stores bools, for [Reading].
func StoreBool(c *record.Column, i int, v bool) { record.SetBit(c.Bits(), i, v) }
