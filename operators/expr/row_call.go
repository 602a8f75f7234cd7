package expr

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// rowCall is what a [rowLoop] reads and where it leaves its results: for strings
// it appends to text and calls put; of other types it stores into ints, floats
// or bits at the position of the row.
type rowCall struct {
	site
	args []rowArg

	ints   []int64
	floats []float64
	bits   []uint64
	text   []byte
	ends   []int32 // where the text of each row ends; nil unless the result is a string
	last   int     // where the last text ends

	valid    []uint64 // which results are not NULL; nil where all are
	words    []uint64 // memory of valid
	failures []Failure
}

// rowArg is one argument.
type rowArg struct {
	column *record.Column
	texts  record.Strings
	ints   []int64
	floats []float64
	step   int // 0 of a constant
}

// rowArgOf reads a flat column.
func rowArgOf(c *record.Column) rowArg {
	a := rowArg{column: c, step: step(c)}
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

func (a *rowArg) text(row int32) []byte { return a.texts.At(int(row) * a.step) }

func (a *rowArg) int(row int32) int64 { return a.ints[int(row)*a.step] }

func (a *rowArg) float(row int32) float64 { return a.floats[int(row)*a.step] }

// isNull reports whether the argument is NULL, for loops that see such rows.
func (a *rowArg) isNull(row int32) bool { return a.column.IsNull(int(row)) }

// begin starts a call for n rows.
func (c *rowCall) begin(n int) {
	clear(c.failures)
	c.valid, c.failures = nil, c.failures[:0]
	c.words = slices.Grow(c.words[:0], record.Words(n))[:record.Words(n)]
}

// validity returns the bitmap of results that are not NULL, to clear bits of.
func (c *rowCall) validity() []uint64 {
	if c.valid == nil {
		c.valid = c.words
		record.FillBits(c.valid, 64*len(c.valid), true)
	}
	return c.valid
}

// joinValidity makes the results NULL for which an argument is.
func (c *rowCall) joinValidity(arg *record.Column) {
	if from := arg.Validity(); from != nil {
		to := c.validity()
		for i := range to {
			to[i] &= from[i]
		}
	}
}

// put ends the text of a row, which stands in c.text behind that of the row before.
func (c *rowCall) put(row int32) {
	if len(c.text) > mostBatchText {
		c.fail(row, errBatchText)
		return
	}
	c.last = len(c.text)
	c.ends[row] = int32(c.last)
}

// null makes the result of a row NULL.
func (c *rowCall) null(row int32) {
	record.SetBit(c.validity(), int(row), false)
	c.skip(row)
}

// fail records why a row has no result.
func (c *rowCall) fail(row int32, err error) {
	c.failures = append(c.failures, Failure{row, c.wrap(err)})
	c.skip(row)
}

// skip drops what has been appended for a row.
func (c *rowCall) skip(row int32) {
	if c.ends != nil {
		c.text = c.text[:c.last]
		c.ends[row] = int32(c.last)
	}
}

// putFound ends a row whose text is what was found, nil being nothing and NULL.
func (c *rowCall) putFound(row int32, found []byte) {
	if found == nil {
		c.null(row)
		return
	}
	c.text = append(c.text, found...)
	c.put(row)
}
