package exchange

import "github.com/weirstream/weir/runtime/record"

// gatherer makes full batches of the rows that go to one channel.
type gatherer struct {
	pool      *record.Pool
	positions []int32 // scratch: the rows of the batch at hand
	schema    *record.Schema
	rows      int
	columns   []*record.Column
	slots     [3]*record.Column // event time, row watermark, row kinds; nil until a batch has them
}

// slotFill is what an absent slot is filled with.
var slotFill = [3]func(*record.Column){
	func(c *record.Column) { c.AppendTime(record.MinTime) },   // event time
	func(c *record.Column) { c.AppendTime(record.MinTime) },   // row watermark: the row is behind none
	func(c *record.Column) { c.AppendRowKind(record.Insert) }, // row kind
}

// append adds the rows of b at g.positions, whose kinds are kinds.
func (g *gatherer) append(b *record.Batch, kinds *record.Column) {
	if len(g.positions) == 0 {
		return
	}
	if g.columns == nil {
		g.schema = b.Schema
		for _, c := range b.Columns {
			g.columns = append(g.columns, g.pool.NewColumn(c.Type(), len(g.positions)))
		}
	}
	for i, c := range b.Columns {
		g.columns[i].AppendRows(c, g.positions)
	}
	for i, from := range [3]*record.Column{b.EventTime, b.RowWatermark, kinds} {
		g.appendSlot(i, from)
	}
	g.rows += len(g.positions)
	g.positions = g.positions[:0]
}

func (g *gatherer) appendSlot(i int, from *record.Column) {
	if from == nil && g.slots[i] == nil {
		return
	}
	if g.slots[i] == nil {
		g.slots[i] = g.pool.NewColumn(from.Type(), g.rows+len(g.positions))
		for range g.rows {
			slotFill[i](g.slots[i])
		}
	}
	if from != nil {
		g.slots[i].AppendRows(from, g.positions)
		return
	}
	for range g.positions {
		slotFill[i](g.slots[i])
	}
}

// take returns the gathered rows as a batch, nil where there are none.
func (g *gatherer) take() *record.Batch {
	if g.rows == 0 {
		return nil
	}
	b := g.pool.NewBatch(g.schema, g.rows)
	b.Columns = append(b.Columns, g.columns...)
	b.EventTime, b.RowWatermark, b.RowKinds = g.slots[0], g.slots[1], g.slots[2]
	g.rows, g.columns, g.slots = 0, nil, [3]*record.Column{}
	return b
}
