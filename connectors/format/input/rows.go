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
	Columns []*record.Column // by the schema; none before Begin
	Len     int              // the rows that are complete; columns may hold more
	Most    int              // rows of a batch

	schema *record.Schema
	pool   *record.Pool
}

// NewRows returns no rows yet.
func NewRows(c stream.DecoderContext) Rows {
	return Rows{Most: cmp.Or(c.BatchRows, 1024), schema: c.Schema, pool: c.Pool}
}

// Begin makes the columns of a new batch, and reports that it did: it does
// nothing while there are columns.
func (r *Rows) Begin() bool {
	if len(r.Columns) > 0 {
		return false
	}
	for _, f := range r.schema.Fields() {
		r.Columns = append(r.Columns, r.pool.NewColumn(f.Type, r.Most))
	}
	return true
}

// Truncate takes back what stands in the columns behind the last complete row.
func (r *Rows) Truncate() {
	for _, c := range r.Columns {
		c.Truncate(r.Len)
	}
}

// Take returns the complete rows as a batch, nil where there are none.
func (r *Rows) Take() *record.Batch {
	if r.Len == 0 {
		for _, c := range r.Columns {
			c.Release()
		}
		r.Columns = r.Columns[:0]
		return nil
	}
	b := r.pool.NewBatch(r.schema, r.Len)
	b.Columns = append(b.Columns, r.Columns...)
	r.Columns, r.Len = r.Columns[:0], 0
	return b
}
