package expr

import (
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
)

// kernel computes a piece of an expression. It belongs to one program, so it
// may keep scratch memory.
type kernel interface {
	// eval returns the values of rows, at their physical positions; nil is all
	// rows. Other positions hold anything that is safe to read. Only rows may
	// fail. The caller owns the column.
	eval(r *run, rows []int32) *record.Column
}

// builder returns a new kernel for a piece of an expression from those of its
// arguments. A strict function evaluates them all and is null where one is; a
// lazy one evaluates an argument only for the rows that need it.
type builder func(s site, args []kernel) kernel

// site is what a kernel knows of its place in the expression.
type site struct {
	text string      // as written, for messages
	typ  record.Type // of the result
	args []argument
}

// argument is what a kernel knows of one of its arguments.
type argument struct {
	typ   record.Type
	fails bool // for some rows, so that laziness shows
}

// flat evaluates a kernel and returns its column as plain or constant.
func (r *run) flat(k kernel, rows []int32) *record.Column {
	c := k.eval(r, rows)
	if c.Encoding() != record.Dictionary {
		return c
	}
	plain := c.Gather(nil)
	c.Release()
	return plain
}

// plain evaluates a kernel and returns its column as plain.
func (r *run) plain(k kernel, rows []int32) *record.Column {
	c := k.eval(r, rows)
	plain := c.Gather(nil)
	c.Release()
	return plain
}

func isConstant(c *record.Column) bool { return c.Encoding() == record.Constant }

func isNullConstant(c *record.Column) bool { return isConstant(c) && c.HasNulls() && c.IsNull(0) }

// stored returns how many values a column stores, unless it is a dictionary.
func stored(c *record.Column) int {
	if isConstant(c) {
		return 1
	}
	return c.Len()
}

// null returns a constant that is null.
func (r *run) null(t record.Type) *record.Column {
	c := r.pool.NewConstant(t, r.batch.Physical())
	c.AppendNull()
	return c
}

// column returns a column whose values are still to be stored: a constant with
// one of them, or a plain one with all.
func (r *run) column(t record.Type, constant bool) *record.Column {
	if constant {
		c := r.pool.NewConstant(t, r.batch.Physical())
		c.AppendZero()
		return c
	}
	c := r.pool.NewColumn(t, r.batch.Physical())
	if !isVaried(t) {
		c.Resize(r.batch.Physical())
	}
	return c
}

// isVaried reports whether values are of different sizes or consist of others, so
// that a column of them is filled from its first row to its last.
func isVaried(t record.Type) bool {
	return t == record.String || t == record.Bytes || t.IsNested()
}

// joinNulls makes out, whose values are stored, null where a flat argument is.
// No argument is a null constant.
func joinNulls(out *record.Column, args ...*record.Column) {
	for _, a := range args {
		from := a.Validity()
		if from == nil || isConstant(a) {
			continue
		}
		if !out.HasNulls() {
			copy(out.AddValidity(), from)
			continue
		}
		to := out.Validity()
		for i := range to {
			to[i] &= from[i]
		}
	}
}

// lanes reads a flat column 64 values at a time, so that a loop over them fills
// one word of a bitmap. A constant reads as a column that repeats it, and so
// each kernel has a single loop for columns and constants.
type lanes[T record.Fixed] struct {
	values []T // nil of a constant
	fill   [64]T
}

func (l *lanes[T]) read(c *record.Column) {
	l.values = record.Values[T](c)
	if !isConstant(c) {
		return
	}
	v := l.values[0]
	l.values = nil
	for i := range l.fill {
		l.fill[i] = v
	}
}

// from returns the values of rows [low, high), which lie in one word.
func (l *lanes[T]) from(low, high int) []T {
	if l.values == nil {
		return l.fill[:high-low]
	}
	return l.values[low:high]
}

// columnKernel is a column of the batch.
func columnKernel(index int) builder {
	return func(site, []kernel) kernel { return readColumn(index) }
}

type readColumn int

func (k readColumn) eval(r *run, _ []int32) *record.Column {
	return r.batch.Columns[k].Retain()
}

// literalKernel is a constant.
func literalKernel(v syntax.Value) builder {
	v.Type = storedType(v.Type)
	return func(site, []kernel) kernel { return &readLiteral{v, []byte(v.Text)} }
}

type readLiteral struct {
	value syntax.Value
	text  []byte
}

func (k *readLiteral) eval(r *run, _ []int32) *record.Column {
	if k.value.IsNull() {
		return r.null(k.value.Type)
	}
	c := r.pool.NewConstant(k.value.Type, r.batch.Physical())
	switch v := k.value; v.Type.Kind {
	case record.KindBool:
		c.AppendBool(v.Int != 0)
	case record.KindInt32, record.KindDate:
		c.AppendInt32(int32(v.Int))
	case record.KindFloat64:
		c.AppendFloat64(v.Float)
	case record.KindDecimal:
		c.AppendDecimal(v.Decimal)
	case record.KindString, record.KindBytes:
		c.AppendString(k.text)
	default:
		c.AppendInt64(v.Int)
	}
	return c
}

// letKernel computes its first argument once and its second, which reads the
// first from a slot.
func letKernel(slot int) builder {
	return func(_ site, args []kernel) kernel { return &let{slot, args[0], args[1]} }
}

type let struct {
	slot       int
	value, use kernel
}

func (k *let) eval(r *run, rows []int32) *record.Column {
	r.slots[k.slot] = k.value.eval(r, rows)
	c := k.use.eval(r, rows)
	r.slots[k.slot].Release()
	r.slots[k.slot] = nil
	return c
}

func slotKernel(slot int) builder {
	return func(site, []kernel) kernel { return readSlot(slot) }
}

type readSlot int

func (k readSlot) eval(r *run, _ []int32) *record.Column { return r.slots[k].Retain() }
