package record

import "sync/atomic"

// Batch is rows of a stream: columns of equal length, and hidden slots that
// every operator keeps along with the rows.
//
// A batch may carry a selection: the positions of the rows that count, in
// ascending order. Columns and slots always have all Physical rows; Len counts
// those that are selected.
type Batch struct {
	Schema  *Schema
	Columns []*Column

	// EventTime is the event time of each row; nil in a stream without one. It
	// may be one of Columns. It is plain and holds no nulls.
	EventTime *Column
	// RowWatermark is, per row, the watermark of the row's own split before the
	// row: what lateness is decided by. It is nil unless some row of the batch
	// is behind its split's watermark.
	RowWatermark *Column
	// RowKinds is, per row, what a changelog row does; nil means all inserts.
	RowKinds *Column

	rows      int
	selected  bool
	selection []int32

	pool *Pool
	refs atomic.Int32
}

// NewBatch returns a batch of rows rows without columns; the caller appends to
// Columns as the schema says and fills the slots.
func (p *Pool) NewBatch(schema *Schema, rows int) *Batch {
	var b *Batch
	p.mu.Lock()
	if n := len(p.batches); n > 0 {
		b, p.batches = p.batches[n-1], p.batches[:n-1]
	}
	p.mu.Unlock()
	if b == nil {
		b = &Batch{pool: p}
	}
	b.Schema, b.rows = schema, rows
	b.refs.Store(1)
	p.liveBatches.Add(1)
	return b
}

// Retain adds a reference and returns the batch.
func (b *Batch) Retain() *Batch {
	if b.refs.Add(1) <= 1 {
		panic("record: batch retained after its release")
	}
	return b
}

// Release gives up one reference; the last one releases columns and slots.
func (b *Batch) Release() {
	switch refs := b.refs.Add(-1); {
	case refs > 0:
		return
	case refs < 0:
		panic("record: batch released more often than retained")
	}
	for i, c := range b.Columns {
		if c != nil {
			c.Release()
		}
		b.Columns[i] = nil
	}
	for _, slot := range []**Column{&b.EventTime, &b.RowWatermark, &b.RowKinds} {
		if *slot != nil {
			(*slot).Release()
			*slot = nil
		}
	}
	b.Columns = b.Columns[:0]
	b.Schema, b.selected, b.selection = nil, false, b.selection[:0]
	p := b.pool
	p.liveBatches.Add(-1)
	if p.checked {
		return
	}
	p.mu.Lock()
	p.batches = append(p.batches, b)
	p.mu.Unlock()
}

// Pool returns the pool that the batch came from.
func (b *Batch) Pool() *Pool { return b.pool }

// Len returns the number of rows that count.
func (b *Batch) Len() int {
	if b.selected {
		return len(b.selection)
	}
	return b.rows
}

// Physical returns the length of the columns, rows that are not selected included.
func (b *Batch) Physical() int { return b.rows }

// Selection returns the positions of the selected rows, or nil when all rows
// are. An empty selection is not nil.
func (b *Batch) Selection() []int32 {
	if !b.selected {
		return nil
	}
	return b.selection
}

// Select returns a batch of the same columns in which only the rows at
// positions count. It copies positions, takes over the caller's reference of b
// and changes b in place where nobody else holds it.
func (b *Batch) Select(positions []int32) *Batch {
	if b.refs.Load() == 1 {
		b.setSelection(positions)
		return b
	}
	s := b.pool.NewBatch(b.Schema, b.rows)
	for _, c := range b.Columns {
		s.Columns = append(s.Columns, c.Retain())
	}
	s.ShareSlots(b)
	s.setSelection(positions)
	b.Release()
	return s
}

func (b *Batch) setSelection(positions []int32) {
	b.selected = true
	if b.selection = append(b.selection[:0], positions...); b.selection == nil {
		b.selection = []int32{}
	}
}

// ShareSlots makes b, whose rows correspond to those of from one to one, carry
// from's hidden slots and selection.
func (b *Batch) ShareSlots(from *Batch) {
	if from.EventTime != nil {
		b.EventTime = from.EventTime.Retain()
	}
	if from.RowWatermark != nil {
		b.RowWatermark = from.RowWatermark.Retain()
	}
	if from.RowKinds != nil {
		b.RowKinds = from.RowKinds.Retain()
	}
	if from.selected {
		b.setSelection(from.selection)
	}
}

// Bytes returns the memory that the columns and slots hold on to. Columns that
// stand twice in the batch count twice.
func (b *Batch) Bytes() int {
	n := 0
	for _, c := range b.Columns {
		n += c.Bytes()
	}
	for _, c := range []*Column{b.EventTime, b.RowWatermark, b.RowKinds} {
		if c != nil {
			n += c.Bytes()
		}
	}
	return n
}

// Dense returns a batch of the selected rows only, all columns plain. It takes
// over the caller's reference of b, and returns b itself where b is dense.
func (b *Batch) Dense() *Batch {
	if !b.selected && b.allPlain() {
		return b
	}
	d := b.pool.NewBatch(b.Schema, b.Len())
	for _, c := range b.Columns {
		d.Columns = append(d.Columns, c.Gather(b.Selection()))
	}
	for _, slot := range []struct {
		to   **Column
		from *Column
	}{{&d.EventTime, b.EventTime}, {&d.RowWatermark, b.RowWatermark}, {&d.RowKinds, b.RowKinds}} {
		if slot.from != nil {
			*slot.to = slot.from.Gather(b.Selection())
		}
	}
	b.Release()
	return d
}

func (b *Batch) allPlain() bool {
	for _, c := range b.Columns {
		if c.encoding != Plain {
			return false
		}
	}
	return true
}
