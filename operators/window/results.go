package window

import (
	"fmt"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// batchRows is the most rows of a batch of results.
const batchRows = 1024

// results are groups whose aggregates are to be put out, and their windows.
type results struct {
	groups     groups
	rows       []state.RowID
	start, end []int64
}

func (r *results) add(group state.RowID, start, end int64) {
	r.rows = append(r.rows, group) // one by one, or Go writes the pointers each time
	r.start = append(r.start, start)
	r.end = append(r.end, end)
}

func (r *results) reset() {
	r.rows, r.start, r.end = r.rows[:0], r.start[:0], r.end[:0]
}

// batch makes the results rows of a step's output. The caller owns the batch.
func (r *results) batch(c *compiled, pool *record.Pool) (*record.Batch, error) {
	b := pool.NewBatch(c.output, len(r.rows))
	for _, f := range c.output.Fields() {
		b.Columns = append(b.Columns, pool.NewColumn(f.Type, len(r.rows)))
	}
	keys := len(c.keyFields)
	r.groups.table.AppendKeys(b.Columns[:keys], r.rows)
	b.EventTime = pool.NewColumn(record.Timestamp, len(r.rows))
	setTimes(b.Columns[keys], r.start, 0)
	setTimes(b.Columns[keys+1], r.end, 0)
	setTimes(b.EventTime, r.end, -1)
	if err := r.groups.Final(r.rows, b.Columns[keys+2:]); err != nil {
		b.Release()
		return nil, r.locate(err)
	}
	return b, nil
}

// setTimes makes times, plus some microseconds, the values of an empty column.
func setTimes(c *record.Column, times []int64, plus int64) {
	c.Resize(len(times))
	values := c.Int64s()
	for k, t := range times {
		values[k] = t + plus
	}
}

// locate adds the window to an error that a group is at fault for.
func (r *results) locate(err error) error {
	outside, ok := err.(*agg.RangeError)
	if !ok {
		return err
	}
	for k, group := range r.rows {
		if group == outside.Group {
			return fmt.Errorf("window [%v, %v): %w", record.Time(r.start[k]), record.Time(r.end[k]), err)
		}
	}
	return err
}
