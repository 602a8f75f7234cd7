package expr

import (
	"bytes"

	"github.com/weirstream/weir/runtime/record"
)

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
