package input

import (
	"cmp"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// BatchBytes is how much text a batch is made of at the most, but for its last
// record, so that long records do not make huge batches.
const BatchBytes = 4 << 20

// Rows is the batch that a decoder is filling.
type Rows struct {
	Columns []*record.Column // of what is read, by the schema; none before Begin
	Len     int              // the rows that are complete; columns may hold more
	Most    int              // rows of a batch

	schema *record.Schema
	read   []int // the places of Columns in the schema
	pool   *record.Pool
	begun  bool
}

// NewRows returns no rows yet.
func NewRows(c stream.DecoderContext) Rows {
	_, read := c.Read.Of(c.Schema)
	return Rows{Most: cmp.Or(c.BatchRows, 1024), schema: c.Schema, read: read, pool: c.Pool}
}

// Begin makes the columns of a new batch, and reports that it did: it does
// nothing while there are columns.
func (r *Rows) Begin() bool {
	if r.begun {
		return false
	}
	for _, i := range r.read {
		r.Columns = append(r.Columns, r.pool.NewColumn(r.schema.Field(i).Type, r.Most))
	}
	r.begun = true
	return true
}

// Truncate takes back what stands in the columns behind the last complete row.
func (r *Rows) Truncate() {
	for _, c := range r.Columns {
		c.Truncate(r.Len)
	}
}

// Take returns the complete rows as a batch, nil where there are none. Columns that
// nobody reads are null.
func (r *Rows) Take() *record.Batch {
	r.begun = false
	if r.Len == 0 {
		for _, c := range r.Columns {
			c.Release()
		}
		r.Columns = r.Columns[:0]
		return nil
	}
	b := r.pool.NewBatch(r.schema, r.Len)
	read := r.Columns
	for i, f := range r.schema.Fields() {
		if len(read) > 0 && r.read[len(r.read)-len(read)] == i {
			b.Columns, read = append(b.Columns, read[0]), read[1:]
		} else {
			b.Columns = append(b.Columns, r.pool.NewNull(f.Type, r.Len))
		}
	}
	r.Columns, r.Len = r.Columns[:0], 0
	return b
}
