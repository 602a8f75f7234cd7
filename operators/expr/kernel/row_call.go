package kernel

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// RowCall is what a [RowLoop] reads and where it leaves its results: for strings
// it appends to Text and calls Put; of other types it stores into Ints, Floats or
// Bits at the position of the row.
type RowCall struct {
	Args []RowArg

	Ints   []int64
	Floats []float64
	Bits   []uint64
	Text   []byte
	ends   []int32 // where the text of each row ends; nil unless the result is a string
	last   int     // where the last text ends

	valid    []uint64 // which results are not NULL; nil where all are
	words    []uint64 // memory of valid
	failures []Failure
	site     Site
}

// RowArg is one argument.
type RowArg struct {
	column *record.Column
	texts  record.Strings
	ints   []int64
	floats []float64
	step   int // 0 of a constant
}

// rowArgOf reads a flat column.
func rowArgOf(c *record.Column) RowArg {
	a := RowArg{column: c, step: Step(c)}
	switch c.Type() {
	case record.String, record.Bytes:
		a.texts = c.Strings()
	case record.Float64:
		a.floats = c.Float64s()
	case record.Int64, record.Timestamp:
		a.ints = c.Int64s()
	}
	return a
}

// Text returns the value of a row, of strings and bytes.
func (a *RowArg) Text(row int32) []byte { return a.texts.At(int(row) * a.step) }

// Int returns the value of a row, of what is computed as int64.
func (a *RowArg) Int(row int32) int64 { return a.ints[int(row)*a.step] }

// Float returns the value of a row, of float64.
func (a *RowArg) Float(row int32) float64 { return a.floats[int(row)*a.step] }

// IsNull reports whether the argument is NULL, for loops that see such rows.
func (a *RowArg) IsNull(row int32) bool { return a.column.IsNull(int(row)) }

// begin starts a call for n rows.
func (c *RowCall) begin(n int) {
	clear(c.failures)
	c.valid, c.failures = nil, c.failures[:0]
	c.words = slices.Grow(c.words[:0], record.Words(n))[:record.Words(n)]
}

// validity returns the bitmap of results that are not NULL, to clear bits of.
func (c *RowCall) validity() []uint64 {
	if c.valid == nil {
		c.valid = c.words
		record.FillBits(c.valid, 64*len(c.valid), true)
	}
	return c.valid
}

// joinValidity makes the results NULL for which an argument is.
func (c *RowCall) joinValidity(arg *record.Column) {
	if from := arg.Validity(); from != nil {
		to := c.validity()
		for i := range to {
			to[i] &= from[i]
		}
	}
}

// Current returns the text of the row so far.
func (c *RowCall) Current() []byte { return c.Text[c.last:] }

// Put ends the text of a row, which stands in Text behind that of the row before.
func (c *RowCall) Put(row int32) {
	if len(c.Text) > mostBatchText {
		c.Fail(row, errBatchText)
		return
	}
	c.last = len(c.Text)
	c.ends[row] = int32(c.last)
}

// Null makes the result of a row NULL.
func (c *RowCall) Null(row int32) {
	record.SetBit(c.validity(), int(row), false)
	c.skip(row)
}

// Fail records why a row has no result.
func (c *RowCall) Fail(row int32, err error) {
	c.failures = append(c.failures, Failure{row, c.site.wrap(err)})
	c.skip(row)
}

// skip drops what has been appended for a row.
func (c *RowCall) skip(row int32) {
	if c.ends != nil {
		c.Text = c.Text[:c.last]
		c.ends[row] = int32(c.last)
	}
}

// PutFound ends a row whose text is what was found, nil being nothing and NULL.
func (c *RowCall) PutFound(row int32, found []byte) {
	if found == nil {
		c.Null(row)
		return
	}
	c.Text = append(c.Text, found...)
	c.Put(row)
}
