package probe

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// int64Fields returns fields of the given names.
func int64Fields(names ...string) []record.Field {
	fields := make([]record.Field, len(names))
	for i, name := range names {
		fields[i] = record.Field{Name: name, Type: record.Int64}
	}
	return fields
}

// changes keeps one result per key and tells of it as a changelog. Its table has
// each result twice: as it is, and as it was emitted last. The rows in which they
// differ are what is still to be emitted, so that a checkpoint may fall between
// any two of them, and a result that changes often in a batch leaves once.
//
// The result of a row is there if its column 0 is not 0.
type changes struct {
	stream.OperatorContext
	schema  *record.Schema // the key, then the columns of the result but the first
	table   *state.Table
	now     []state.Int64s
	emitted []state.Int64s

	hashes []uint64
	rows   []state.RowID
	dirty  []state.RowID // may stand twice
}

func newChanges(c stream.OperatorContext, schema *record.Schema) (*changes, error) {
	fields := schema.Fields()
	values := []record.Field{{Name: "there", Type: record.Int64}}
	values = append(values, fields[1:]...)
	for _, f := range values {
		values = append(values, record.Field{Name: "emitted_" + f.Name, Type: f.Type})
	}
	table, err := c.State.Table(state.TableSpec{Name: "results", Key: fields[:1], Values: values})
	if err != nil {
		return nil, err
	}
	o := &changes{OperatorContext: c, schema: schema, table: table}
	for i := range fields {
		o.now = append(o.now, table.Int64(i))
		o.emitted = append(o.emitted, table.Int64(len(fields)+i))
	}
	for r := table.Scan(0); r != state.NoRow; r = table.Scan(r + 1) {
		if o.differs(r) {
			o.dirty = append(o.dirty, r)
		}
	}
	return o, nil
}

// find returns the rows of a key column, which are made where they are missing.
func (o *changes) find(key *record.Column) []state.RowID {
	keys := []*record.Column{key}
	o.hashes = keyrange.Hash(o.hashes[:0], keys, nil, key.Len())
	if cap(o.rows) < key.Len() {
		o.rows = make([]state.RowID, key.Len())
	}
	o.rows = o.rows[:key.Len()]
	o.table.Upsert(o.hashes, keys, nil, nil, o.rows, nil)
	return o.rows
}

func (o *changes) differs(r state.RowID) bool {
	if o.now[0].Get(r) == 0 && o.emitted[0].Get(r) == 0 {
		return false
	}
	for i := range o.now {
		if o.now[i].Get(r) != o.emitted[i].Get(r) {
			return true
		}
	}
	return false
}

// Resume emits a budget of changes. The two rows of an update stay together.
func (o *changes) Resume(out stream.Emitter) (pending bool, err error) {
	if len(o.dirty) == 0 {
		return false, nil
	}
	b := o.begin()
	done := 0
	for ; done < len(o.dirty) && b.rows < o.Budget; done++ {
		r := o.dirty[done]
		if o.differs(r) {
			o.change(b, r)
		}
	}
	o.dirty = append(o.dirty[:0], o.dirty[done:]...)
	out.Emit(stream.Main, stream.BatchOf(b.end(o.schema)))
	return len(o.dirty) > 0, nil
}

func (o *changes) change(b *builder, r state.RowID) {
	was, is := o.emitted[0].Get(r) != 0, o.now[0].Get(r) != 0
	switch {
	case was && is:
		o.append(b, r, record.UpdateBefore, o.emitted)
		o.append(b, r, record.UpdateAfter, o.now)
	case is:
		o.append(b, r, record.Insert, o.now)
	default:
		o.append(b, r, record.Delete, o.emitted)
	}
	for i := range o.now {
		*o.emitted[i].Ptr(r) = o.now[i].Get(r)
	}
}

func (o *changes) append(b *builder, r state.RowID, kind record.RowKind, values []state.Int64s) {
	o.table.AppendKeys(b.columns[:1], []state.RowID{r})
	for i, c := range b.columns[1:] {
		c.AppendInt64(values[i+1].Get(r))
	}
	b.kinds.AppendRowKind(kind)
	b.rows++
}

func (o *changes) begin() *builder { return newBuilder(o.Pool, o.schema, true) }

func (o *changes) Snapshot(stream.CheckpointID) error { return nil }
func (o *changes) Close()                             {}

// accept counts a batch and makes it dense.
func accept(c stream.OperatorContext, b *record.Batch) *record.Batch {
	c.Counters.In.Add(int64(b.Len()))
	c.Counters.Accepted.Add(int64(b.Len()))
	return b.Dense()
}

// kindOf returns the row kind of row i.
func kindOf(b *record.Batch, i int) record.RowKind {
	if b.RowKinds == nil {
		return record.Insert
	}
	return b.RowKinds.RowKinds()[i]
}

// builder is a batch of integers in the making.
type builder struct {
	pool    *record.Pool
	columns []*record.Column
	kinds   *record.Column
	rows    int
}

func newBuilder(pool *record.Pool, schema *record.Schema, changelog bool) *builder {
	b := &builder{pool: pool}
	for _, f := range schema.Fields() {
		b.columns = append(b.columns, pool.NewColumn(f.Type, 16))
	}
	if changelog {
		b.kinds = pool.NewColumn(record.Type{Kind: record.KindRowKind}, 16)
	}
	return b
}

func (b *builder) end(schema *record.Schema) *record.Batch {
	batch := b.pool.NewBatch(schema, b.rows)
	batch.Columns, batch.RowKinds = append(batch.Columns, b.columns...), b.kinds
	return batch
}

// best keeps the best bid of each auction: that of the highest price, the
// earliest of those. Input: the pairs of a join. Output: a changelog of winners.
type best struct{ *changes }

var winnerSchema = record.MustSchema(int64Fields("auction", "category", "bidder", "price", "at")...)

func newBest(c stream.OperatorContext) (stream.Operator, error) {
	o, err := newChanges(c, winnerSchema)
	return best{o}, err
}

func (o best) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	if e.Kind != stream.KindBatch {
		out.Emit(stream.Main, e)
		return nil
	}
	b := accept(o.OperatorContext, e.Batch)
	defer b.Release()
	for i, r := range o.find(b.Columns[0]) {
		price, at := b.Columns[3].Int64s()[i], b.Columns[4].Int64s()[i]
		if o.now[0].Get(r) != 0 && (price < o.now[3].Get(r) || price == o.now[3].Get(r) && at >= o.now[4].Get(r)) {
			continue
		}
		*o.now[0].Ptr(r) = 1
		for k := 1; k < len(o.now); k++ {
			*o.now[k].Ptr(r) = b.Columns[k].Int64s()[i]
		}
		o.dirty = append(o.dirty, r)
	}
	return nil
}

// total keeps, per category, how many auctions have a winner and the sum of what
// they pay. Input: a changelog of winners. Output: a changelog of totals.
type total struct{ *changes }

var totalSchema = record.MustSchema(int64Fields("category", "auctions", "sum")...)

func newTotal(c stream.OperatorContext) (stream.Operator, error) {
	o, err := newChanges(c, totalSchema)
	return total{o}, err
}

func (o total) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	if e.Kind != stream.KindBatch {
		out.Emit(stream.Main, e)
		return nil
	}
	b := accept(o.OperatorContext, e.Batch)
	defer b.Release()
	for i, r := range o.find(b.Columns[1]) {
		sign := int64(1)
		if kind := kindOf(b, i); kind == record.UpdateBefore || kind == record.Delete {
			sign = -1
		}
		*o.now[1].Ptr(r) += sign
		*o.now[2].Ptr(r) += sign * b.Columns[3].Int64s()[i]
		*o.now[0].Ptr(r) = min(1, o.now[1].Get(r))
		o.dirty = append(o.dirty, r)
	}
	return nil
}
