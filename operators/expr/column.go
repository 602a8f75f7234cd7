package expr

import "github.com/weirstream/weir/runtime/record"

func isConstant(c *record.Column) bool { return c.Encoding() == record.Constant }

func isNullConstant(c *record.Column) bool { return isConstant(c) && c.HasNulls() && c.IsNull(0) }

// stored returns how many values a column stores, unless it is a dictionary.
func stored(c *record.Column) int {
	if isConstant(c) {
		return 1
	}
	return c.Len()
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

// valuesOf returns the column that [record.Column.ValueIndex] points into.
func valuesOf(c *record.Column) *record.Column {
	if c.Encoding() == record.Dictionary {
		return c.Dictionary()
	}
	return c
}

func step(c *record.Column) int {
	if isConstant(c) {
		return 0
	}
	return 1
}

// storedType returns the type of the columns that hold values of type t.
func storedType(t record.Type) record.Type {
	switch t {
	case record.Local, record.Interval, record.Months:
		return record.Int64
	}
	return t
}
