package running

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
)

// changes makes batches of groups that are due. All is scratch, and counts for one batch.
type changes struct {
	groups []state.RowID // that are due
	// stacks has a column for each result: those that were emitted of all groups, and
	// behind them those there are now.
	stacks  []*record.Column
	differs []bool // by group
	values  []bool // likewise, of one result

	rows    []int32 // the rows of the batch, as rows of stacks
	of      []state.RowID
	changed []state.RowID
	news    []int32 // the rows of stacks that they have now
}

// emit puts out the changes of the groups that are due.
func (o *operator) emit(out stream.Emitter) error {
	c := &o.changes
	if len(c.groups) == 0 {
		return nil
	}
	if err := o.stack(); err != nil {
		return err
	}
	o.compare()
	if len(c.changed) > 0 {
		b := o.batch()
		for i, s := range c.stacks {
			news := s.Gather(c.news)
			o.groups.table.SetValues(o.groups.results+i, c.changed, news)
			news.Release()
		}
		o.Counters.Out.Add(int64(b.Len()))
		out.Emit(stream.Main, stream.BatchOf(b))
	}
	for _, r := range c.groups {
		o.groups.table.SetDue(r, never)
	}
	c.release()
	return nil
}

// stack sets stacks.
func (o *operator) stack() error {
	c := &o.changes
	for i, f := range o.set.Results() {
		s := o.Pool.NewColumn(f.Type, 2*len(c.groups))
		o.groups.table.AppendValues(o.groups.results+i, c.groups, s)
		c.stacks = append(c.stacks, s)
	}
	err := o.groups.Final(c.groups, c.stacks)
	if err != nil {
		c.release()
	}
	return err
}

func (c *changes) release() {
	for _, s := range c.stacks {
		s.Release()
	}
	c.stacks = c.stacks[:0]
}

// compare finds the rows that tell of groups whose result is not the one emitted.
func (o *operator) compare() {
	c, n := &o.changes, len(o.changes.groups)
	c.differs, c.values = slices.Grow(c.differs[:0], n)[:n], slices.Grow(c.values[:0], n)[:n]
	clear(c.differs)
	for _, s := range c.stacks {
		compare(s, c.values)
		for k, differs := range c.values {
			c.differs[k] = c.differs[k] || differs
		}
	}
	c.rows, c.of, c.changed, c.news = c.rows[:0], c.of[:0], c.changed[:0], c.news[:0]
	for k, r := range c.groups {
		before, after := int32(k), int32(n+k)
		isFirst := o.groups.emitted.Get(r) == 0
		if !isFirst && !c.differs[k] {
			continue
		}
		if !isFirst {
			c.rows, c.of = append(c.rows, before), append(c.of, r)
		}
		c.rows, c.of = append(c.rows, after), append(c.of, r)
		c.changed, c.news = append(c.changed, r), append(c.news, after)
	}
}

// batch makes the rows a batch, and notes that their groups have been emitted.
func (o *operator) batch() *record.Batch {
	c, n := &o.changes, len(o.changes.rows)
	b := o.Pool.NewBatch(o.output, n)
	for _, f := range o.keyFields {
		b.Columns = append(b.Columns, o.Pool.NewColumn(f.Type, n))
	}
	o.groups.table.AppendKeys(b.Columns, c.of)
	for _, s := range c.stacks {
		b.Columns = append(b.Columns, s.Gather(c.rows))
	}
	b.RowKinds = o.Pool.NewColumn(record.Type{Kind: record.KindRowKind}, n)
	b.RowKinds.Resize(n)
	kinds, after := b.RowKinds.RowKinds(), int32(len(c.groups))
	for i, r := range c.of {
		switch {
		case c.rows[i] < after:
			kinds[i] = record.UpdateBefore
		case o.groups.emitted.Get(r) == 0:
			kinds[i] = record.Insert
		default:
			kinds[i] = record.UpdateAfter
		}
	}
	for _, r := range c.changed {
		*o.groups.emitted.Ptr(r) = 1
	}
	o.stamp(b)
	return b
}

// stamp sets event times and, if a row is behind its own, row watermarks.
func (o *operator) stamp(b *record.Batch) {
	of := o.changes.of
	b.EventTime = o.Pool.NewColumn(record.Timestamp, len(of))
	b.EventTime.Resize(len(of))
	isBehind := false
	for i, r := range of {
		b.EventTime.Int64s()[i] = o.groups.due.Get(r)
		isBehind = isBehind || o.groups.due.Get(r) < o.groups.watermark.Get(r)
	}
	if !isBehind {
		return
	}
	b.RowWatermark = o.Pool.NewColumn(record.Timestamp, len(of))
	b.RowWatermark.Resize(len(of))
	for i, r := range of {
		b.RowWatermark.Int64s()[i] = o.groups.watermark.Get(r)
	}
}
