package logic

import (
	"bytes"
	"slices"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
)

// membership is IN with a list of constants, as a search in the sorted list. It
// is null where the value is, and where a value is not found but the list holds
// a NULL.
type membership struct {
	arg     kernel.Kernel
	hasNull bool
	found   finder
}

// finder looks up the values of a column.
type finder interface {
	read(c *record.Column)
	// word returns a bit per row of [low, high), at most 64.
	word(low, high int) uint64
}

// In returns the builder of IN with a list of constants, which are of type t like the
// argument, or NULL.
func In(t record.Type, set []syntax.Value) kernel.Builder {
	return func(_ kernel.Site, args []kernel.Kernel) kernel.Kernel {
		k := &membership{arg: args[0]}
		known := slices.DeleteFunc(slices.Clone(set), syntax.Value.IsNull)
		k.hasNull = len(known) < len(set)
		k.found = finderOf(t, known)
		return k
	}
}

func finderOf(t record.Type, set []syntax.Value) finder {
	switch t.Kind {
	case record.KindString, record.KindBytes:
		f := &findText{}
		for _, v := range set {
			f.set = append(f.set, []byte(v.Text))
		}
		slices.SortFunc(f.set, bytes.Compare)
		return f
	case record.KindDecimal:
		f := &findDecimal{}
		for _, v := range set {
			f.set = append(f.set, v.Decimal)
		}
		slices.SortFunc(f.set, record.Decimal.Compare)
		return f
	case record.KindFloat64:
		return newFindNumber(set, func(v syntax.Value) float64 { return v.Float })
	case record.KindInt32, record.KindDate:
		return newFindNumber(set, func(v syntax.Value) int32 { return int32(v.Int) })
	}
	return newFindNumber(set, func(v syntax.Value) int64 { return v.Int })
}

func (k *membership) Eval(r *kernel.Run, rows []int32) *record.Column {
	arg := r.Flat(k.arg, rows)
	defer arg.Release()
	if kernel.IsNullConstant(arg) {
		return r.Null(record.Bool)
	}
	out := r.NewColumn(record.Bool, kernel.IsConstant(arg))
	kernel.JoinNulls(out, arg)
	k.found.read(arg)
	to, n := out.Bits(), kernel.Stored(out)
	for i := range to {
		to[i] = k.found.word(i<<6, min(i<<6+64, n))
	}
	if k.hasNull {
		validity := out.AddValidity()
		for i := range to {
			validity[i] &= to[i]
		}
	}
	return out
}

type findNumber[T record.Number] struct{ set, values []T }

func newFindNumber[T record.Number](set []syntax.Value, number func(syntax.Value) T) finder {
	f := &findNumber[T]{}
	for _, v := range set {
		f.set = append(f.set, number(v))
	}
	slices.Sort(f.set)
	return f
}

func (f *findNumber[T]) read(c *record.Column) { f.values = record.Values[T](c) }

func (f *findNumber[T]) word(low, high int) (word uint64) {
	for i, v := range f.values[low:high] {
		_, found := slices.BinarySearch(f.set, v)
		word |= bit(found) << (i & 63)
	}
	return word
}

type findText struct {
	set    [][]byte
	values record.Strings
}

func (f *findText) read(c *record.Column) { f.values = c.Strings() }

func (f *findText) word(low, high int) (word uint64) {
	for i := low; i < high; i++ {
		_, found := slices.BinarySearchFunc(f.set, f.values.At(i), bytes.Compare)
		word |= bit(found) << (i & 63)
	}
	return word
}

type findDecimal struct{ set, values []record.Decimal }

func (f *findDecimal) read(c *record.Column) { f.values = c.Decimals() }

func (f *findDecimal) word(low, high int) (word uint64) {
	for i, v := range f.values[low:high] {
		_, found := slices.BinarySearchFunc(f.set, v, record.Decimal.Compare)
		word |= bit(found) << (i & 63)
	}
	return word
}
