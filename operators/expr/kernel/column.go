package kernel

import "github.com/weirstream/weir/runtime/record"

// IsConstant reports whether a column repeats one value.
func IsConstant(c *record.Column) bool { return c.Encoding() == record.Constant }

// IsNullConstant reports whether a column repeats NULL: what is strict need not look
// at its other arguments then.
func IsNullConstant(c *record.Column) bool { return IsConstant(c) && c.HasNulls() && c.IsNull(0) }

// Stored returns how many values a column stores, unless it is a dictionary.
func Stored(c *record.Column) int {
	if IsConstant(c) {
		return 1
	}
	return c.Len()
}

// IsVaried reports whether values are of different sizes or consist of others, so
// that a column of them is filled from its first row to its last.
func IsVaried(t record.Type) bool {
	return t == record.String || t == record.Bytes || t.IsNested()
}

// JoinNulls makes out, whose values are stored, null where a flat argument is.
// No argument is a null constant.
func JoinNulls(out *record.Column, args ...*record.Column) {
	for _, a := range args {
		from := a.Validity()
		if from == nil || IsConstant(a) {
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

// ValuesOf returns the column that [record.Column.ValueIndex] points into.
func ValuesOf(c *record.Column) *record.Column {
	if c.Encoding() == record.Dictionary {
		return c.Dictionary()
	}
	return c
}

// Step returns how far it is from the value of a row to that of the next: 0 in a
// constant, else 1.
func Step(c *record.Column) int {
	if IsConstant(c) {
		return 0
	}
	return 1
}

// StoredType returns the type of the columns that values of type t are computed in:
// times of clocks and lengths of time are int64.
func StoredType(t record.Type) record.Type {
	switch t {
	case record.Local, record.Interval, record.Months:
		return record.Int64
	}
	return t
}

// Flat evaluates a kernel and returns its column as plain or constant.
func (r *Run) Flat(k Kernel, rows []int32) *record.Column {
	c := k.Eval(r, rows)
	if c.Encoding() != record.Dictionary {
		return c
	}
	plain := c.Gather(nil)
	c.Release()
	return plain
}

// Plain evaluates a kernel and returns its column as plain.
func (r *Run) Plain(k Kernel, rows []int32) *record.Column {
	c := k.Eval(r, rows)
	plain := c.Gather(nil)
	c.Release()
	return plain
}

// Null returns a constant that is null.
func (r *Run) Null(t record.Type) *record.Column {
	c := r.Pool.NewConstant(t, r.Batch.Physical())
	c.AppendNull()
	return c
}

// NewColumn returns a column whose values are still to be stored: a constant with
// one of them, or a plain one with all.
func (r *Run) NewColumn(t record.Type, constant bool) *record.Column {
	if constant {
		c := r.Pool.NewConstant(t, r.Batch.Physical())
		c.AppendZero()
		return c
	}
	c := r.Pool.NewColumn(t, r.Batch.Physical())
	if !IsVaried(t) {
		c.Resize(r.Batch.Physical())
	}
	return c
}
