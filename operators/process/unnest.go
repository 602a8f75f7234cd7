package process

import (
	"fmt"
	"slices"

	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// UnnestConfig says what an [Unnest] does.
type UnnestConfig struct {
	Input *record.Schema
	// List is the list of each row; it has a value for every row.
	List *expr.Checked
	// Element is the name of the column of elements.
	Element string
	// Position is the name of the column of positions in the list, from 1; "" is
	// none.
	Position string
}

// Schema returns the schema of the result, or an error where List is no list, may
// fail, or two columns have one name.
func (c UnnestConfig) Schema() (*record.Schema, error) {
	switch {
	case c.List.Type().Kind != record.KindList:
		return nil, fmt.Errorf("%s is %v, not a list", c.List, c.List.Type())
	case c.List.Fails():
		return nil, fmt.Errorf("%s may fail for a row; select it in a step before, whose on_error then decides on the row", c.List)
	}
	fields := append(slices.Clone(c.Input.Fields()), record.Field{Name: c.Element, Type: c.List.Type().Element()})
	if c.Position != "" {
		fields = append(fields, record.Field{Name: c.Position, Type: record.Int64})
	}
	return record.NewSchema(fields...)
}

// NewUnnest returns the maker of an unnest's subtasks. The error is that of
// [UnnestConfig.Schema].
func NewUnnest(c UnnestConfig) (stream.NewOperator, error) {
	schema, err := c.Schema()
	if err != nil {
		return nil, err
	}
	return func(ctx stream.OperatorContext) (stream.Operator, error) {
		return &Unnest{config: c, schema: schema, ctx: ctx, list: c.List.Compile(ctx.Pool)}, nil
	}, nil
}

// Unnest makes a row of each element of a list.
//
//	Input:   rows in any order, without changelogs.
//	Output:  for each row, in the order of its list, one row per element: the
//	         columns of the input, the element, which may be NULL, and its
//	         position if wanted. A list that is NULL or empty gives none. Event
//	         time and row watermark are those of the input row. Columns of text
//	         and nested values are dictionaries of the input's: not copied.
//	State:   none. A batch whose rows do not fit the budget is held until all have
//	         left, and a barrier waits for that.
//	Errors:  none.
type Unnest struct {
	config UnnestConfig
	schema *record.Schema
	ctx    stream.OperatorContext
	list   *expr.Program

	held held
	// Of the rows that are being put out: positions of the input row and of the
	// element.
	rows, elements []int32
}

// held is a batch that has not been put out as a whole.
type held struct {
	batch *record.Batch  // nil: there is none
	list  *record.Column // plain
	rows  []int32        // of the batch
	done  int            // how many of them have been put out
	next  int32          // how many elements of the next one have been
}

// Step puts out the rows of a batch as far as the budget goes, and passes on all
// else.
func (u *Unnest) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	if e.Kind != stream.KindBatch {
		out.Emit(stream.Main, e)
		return nil
	}
	if err := u.hold(e.Batch); err != nil {
		return err
	}
	u.emit(out)
	return nil
}

func (u *Unnest) hold(b *record.Batch) error {
	rows := b.Selection()
	list, failed := u.list.Eval(b, rows)
	if len(failed) > 0 {
		list.Release()
		b.Release()
		return failure.Fatal(fmt.Errorf("unnest: %w", failed[0].Err))
	}
	u.held = held{batch: b, list: list.Gather(nil), rows: append(u.held.rows[:0], rows...)}
	list.Release()
	if rows == nil {
		for i := range b.Physical() {
			u.held.rows = append(u.held.rows, int32(i))
		}
	}
	u.ctx.Counters.In.Add(int64(b.Len()))
	u.ctx.Counters.Accepted.Add(int64(b.Len()))
	return nil
}

// Resume goes on with the batch that is held.
func (u *Unnest) Resume(out stream.Emitter) (bool, error) {
	if u.HoldsRows() {
		u.emit(out)
	}
	return u.HoldsRows(), nil
}

// HoldsRows implements [stream.Holder].
func (u *Unnest) HoldsRows() bool { return u.held.batch != nil }

// emit puts out what the budget allows of the batch that is held.
func (u *Unnest) emit(out stream.Emitter) {
	h := &u.held
	u.take(h)
	if len(u.rows) > 0 {
		result := u.result(h)
		u.ctx.Counters.Out.Add(int64(result.Len()))
		out.Emit(stream.Main, stream.BatchOf(result))
	}
	if h.done == len(h.rows) {
		u.release()
	}
}

// take notes the next rows of the result, at most the budget.
func (u *Unnest) take(h *held) {
	u.rows, u.elements = u.rows[:0], u.elements[:0]
	offsets := h.list.Offsets()
	for h.done < len(h.rows) && len(u.rows) < u.ctx.Budget {
		row := h.rows[h.done]
		from, to := offsets[row]+h.next, offsets[row+1]
		if h.list.IsNull(int(row)) {
			to = from
		}
		n := min(to-from, int32(u.ctx.Budget-len(u.rows)))
		for i := range n {
			u.rows, u.elements = append(u.rows, row), append(u.elements, from+i)
		}
		h.next += n
		if from+n == to {
			h.done, h.next = h.done+1, 0
		}
	}
}

// result returns the batch of the rows that were taken.
func (u *Unnest) result(h *held) *record.Batch {
	b := u.ctx.Pool.NewBatch(u.schema, len(u.rows))
	for _, c := range h.batch.Columns {
		b.Columns = append(b.Columns, spread(u.ctx.Pool, c, u.rows))
	}
	b.Columns = append(b.Columns, h.list.Elements().Gather(u.elements))
	if u.config.Position != "" {
		b.Columns = append(b.Columns, u.positions(h))
	}
	for _, slot := range []struct{ to, from **record.Column }{
		{&b.EventTime, &h.batch.EventTime}, {&b.RowWatermark, &h.batch.RowWatermark}, {&b.RowKinds, &h.batch.RowKinds},
	} {
		if *slot.from != nil {
			*slot.to = (*slot.from).Gather(u.rows)
		}
	}
	return b
}

func (u *Unnest) positions(h *held) *record.Column {
	c := u.ctx.Pool.NewColumn(record.Int64, len(u.rows))
	c.Resize(len(u.rows))
	offsets, to := h.list.Offsets(), c.Int64s()
	for i, row := range u.rows {
		to[i] = int64(u.elements[i]-offsets[row]) + 1
	}
	return c
}

func (u *Unnest) release() {
	u.held.list.Release()
	u.held.batch.Release()
	u.held.batch, u.held.list = nil, nil
}

// Snapshot has nothing to write: a barrier waits for what is held.
func (u *Unnest) Snapshot(stream.CheckpointID) error { return nil }

// Close releases what is held.
func (u *Unnest) Close() {
	if u.HoldsRows() {
		u.release()
	}
}

// spread returns the values of a column at rows, of which many may be the same.
// Values that may be large are not copied: the column becomes a dictionary.
func spread(pool *record.Pool, c *record.Column, rows []int32) *record.Column {
	switch t := c.Type(); {
	case t != record.String && t != record.Bytes && !t.IsNested():
		return c.Gather(rows)
	case c.Encoding() == record.Constant:
		one := c.Gather([]int32{0})
		defer one.Release()
		return codesInto(pool, one, c, rows)
	case c.Encoding() == record.Dictionary:
		return codesInto(pool, c.Dictionary(), c, rows)
	}
	return codesInto(pool, c, c, rows)
}

// codesInto returns a dictionary column of the rows of c, whose values are those
// of dict.
func codesInto(pool *record.Pool, dict, c *record.Column, rows []int32) *record.Column {
	out := pool.NewDictionary(dict.Retain(), len(rows))
	codes := out.Codes()
	for i, row := range rows {
		codes[i] = int32(c.ValueIndex(int(row)))
		if c.IsNull(int(row)) {
			out.SetNull(i)
		}
	}
	return out
}
