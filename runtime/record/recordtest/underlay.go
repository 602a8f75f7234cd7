package recordtest

import (
	"math/rand/v2"

	"github.com/weirstream/weir/runtime/record"
)

// Underlay returns a column that has the rows and the encoding of c, whose
// reference it takes over, and anything at all where nobody may look.
func Underlay(pool *record.Pool, random *rand.Rand, c *record.Column) *record.Column {
	defer c.Release()
	u := underlay{random}
	var out *record.Column
	switch c.Encoding() {
	case record.Constant:
		out = Constant(pool, random, c, c.Len())
	case record.Dictionary:
		out = u.dictionary(pool, c)
	default:
		out = pool.NewColumn(c.Type(), c.Len())
		for row := range c.Len() {
			u.copy(out, c, row)
		}
	}
	if random.IntN(2) == 0 {
		out.AddValidity() // in which nothing may be null
	}
	u.finish(out, end(out))
	return out
}

// end returns where the stored values of a column end.
func end(c *record.Column) int {
	if c.Encoding() == record.Constant {
		return 1
	}
	return c.Len()
}

// Constant returns a column of rows rows that have the first value of c, with
// anything beneath it where that is null.
func Constant(pool *record.Pool, random *rand.Rand, c *record.Column, rows int) *record.Column {
	out := pool.NewConstant(c.Type(), rows)
	underlay{random}.copy(out, c, 0)
	return out
}

// Dictionary returns the rows of a plain column at positions as a dictionary of its
// values.
func Dictionary(pool *record.Pool, c *record.Column, positions []int32) *record.Column {
	d := pool.NewDictionary(c.Retain(), len(positions))
	copy(d.Codes(), positions)
	for k, row := range positions {
		if c.IsNull(int(row)) {
			d.SetNull(k)
		}
	}
	return d
}

// UnderlayBatch is [Underlay] of all columns of a batch that nobody else holds.
func UnderlayBatch(random *rand.Rand, b *record.Batch) *record.Batch {
	for i, c := range b.Columns {
		b.Columns[i] = Underlay(b.Pool(), random, c)
	}
	return b
}

type underlay struct{ *rand.Rand }

// copy appends stored value i of a column that is no dictionary.
func (u underlay) copy(to, from *record.Column, i int) {
	if isNull(from, i) {
		u.null(to)
		return
	}
	switch from.Type().Kind {
	case record.KindBool:
		to.AppendBool(record.BitAt(from.Bits(), i))
	case record.KindInt32, record.KindDate:
		to.AppendInt32(from.Int32s()[i])
	case record.KindFloat64:
		to.AppendFloat64(from.Float64s()[i])
	case record.KindDecimal:
		to.AppendDecimal(from.Decimals()[i])
	case record.KindString, record.KindBytes:
		to.AppendString(from.Strings().At(i))
	case record.KindList:
		for e := from.Offsets()[i]; e < from.Offsets()[i+1]; e++ {
			u.copy(to.Elements(), from.Elements(), int(e))
		}
		to.AppendList()
	case record.KindStruct:
		for f := range from.Type().Fields() {
			u.copy(to.Child(f), from.Child(f), i)
		}
		to.AppendStruct()
	default:
		to.AppendInt64(from.Int64s()[i])
	}
}

// null appends a null with a value beneath.
func (u underlay) null(to *record.Column) {
	u.any(to)
	to.SetNull(end(to) - 1)
}

// dictionary returns a dictionary column with values more than c's, some of them
// null, to which nulls may refer.
func (u underlay) dictionary(pool *record.Pool, c *record.Column) *record.Column {
	had := c.Dictionary().Len()
	values := pool.NewColumn(c.Type(), had+2)
	for i := range had {
		u.copy(values, c.Dictionary(), i)
	}
	u.any(values)
	if u.IntN(2) == 0 {
		u.null(values)
	}
	u.finish(values, values.Len())
	out := pool.NewDictionary(values, c.Len())
	copy(out.Codes(), c.Codes())
	for row := range c.Len() {
		if c.IsNull(row) {
			out.Codes()[row] = int32(u.IntN(values.Len()))
			out.SetNull(row)
		}
	}
	return out
}

// finish fills the bits behind the last of n stored values.
func (u underlay) finish(c *record.Column, n int) {
	if c.HasNulls() {
		u.fill(c.Validity(), n)
	}
	if c.Encoding() == record.Dictionary {
		return
	}
	switch c.Type().Kind {
	case record.KindBool:
		u.fill(c.Bits(), n)
	case record.KindList:
		u.finish(c.Elements(), c.Elements().Len())
	case record.KindStruct:
		for f := range c.Type().Fields() {
			u.finish(c.Child(f), n)
		}
	}
}

func (u underlay) fill(bitmap []uint64, n int) {
	if rest := uint(n) & 63; rest != 0 {
		last := &bitmap[n>>6]
		*last = *last&(1<<rest-1) | u.Uint64()<<rest
	}
}
