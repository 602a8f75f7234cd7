package optest

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state/keyrange"
)

// stepRows brings rows to the subtasks that they belong to.
func (r *run) stepRows(in stream.InputID, rows []Row) error {
	r.fed += int64(len(rows))
	for i, rows := range r.divide(in, rows) {
		if len(rows) == 0 {
			continue
		}
		b := recordtest.UnderlayBatch(r.random, Batch(r.pool, r.c.Inputs[in].Schema, rows))
		if r.way.disguised {
			b = Disguise(b, r.random)
		}
		s := r.subtasks[i]
		if err := s.call(len(rows), func() error { return s.operator.Step(in, stream.BatchOf(b), s) }); err != nil {
			return err
		}
	}
	return nil
}

// divide spreads rows over subtasks by key.
func (r *run) divide(in stream.InputID, rows []Row) [][]Row {
	n := len(r.subtasks)
	divided := make([][]Row, n)
	b := Batch(r.pool, r.c.Inputs[in].Schema, rows)
	var keys []*record.Column
	for _, k := range r.c.Inputs[in].Keys {
		keys = append(keys, b.Columns[k])
	}
	for i, h := range keyrange.Hash(nil, keys, nil, len(rows)) {
		to := keyrange.Subtask(h, n)
		divided[to] = append(divided[to], rows[i])
	}
	b.Release()
	return divided
}
