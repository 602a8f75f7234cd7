package expr

import (
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
)

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
