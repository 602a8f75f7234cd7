package kernel

import (
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
)

// Column returns the builder of a kernel that is a column of the batch.
func Column(index int) Builder {
	return func(Site, []Kernel) Kernel { return readColumn(index) }
}

type readColumn int

func (k readColumn) Eval(r *Run, _ []int32) *record.Column {
	return r.Batch.Columns[k].Retain()
}

// Literal returns the builder of a kernel that is a constant.
func Literal(v syntax.Value) Builder {
	v.Type = StoredType(v.Type)
	return func(Site, []Kernel) Kernel { return &readLiteral{v, []byte(v.Text)} }
}

type readLiteral struct {
	value syntax.Value
	text  []byte
}

func (k *readLiteral) Eval(r *Run, _ []int32) *record.Column {
	if k.value.IsNull() {
		return r.Null(k.value.Type)
	}
	c := r.Pool.NewConstant(k.value.Type, r.Batch.Physical())
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

// Let returns the builder of a kernel that computes its first argument once and
// then its second, in which the first stands as often as it is wanted: as a [Slot].
func Let(slot int) Builder {
	return func(_ Site, args []Kernel) Kernel { return &let{slot, args[0], args[1]} }
}

type let struct {
	slot       int
	value, use Kernel
}

func (k *let) Eval(r *Run, rows []int32) *record.Column {
	r.slots[k.slot] = k.value.Eval(r, rows)
	c := k.use.Eval(r, rows)
	r.slots[k.slot].Release()
	r.slots[k.slot] = nil
	return c
}

// Slot returns the builder of a kernel that is the value of the [Let] around it.
func Slot(slot int) Builder {
	return func(Site, []Kernel) Kernel { return readSlot(slot) }
}

type readSlot int

func (k readSlot) Eval(r *Run, _ []int32) *record.Column { return r.slots[k].Retain() }
