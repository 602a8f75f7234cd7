package window

import (
	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
)

// opening is what windows are opened with.
type opening struct {
	*compiled
	stream.OperatorContext
}

// groups is a table whose rows are groups, and their aggregates.
type groups struct {
	table *state.Table
	sub   state.Int64s // the first sub-key column
	time  state.Int64s // by which groups are due
	*agg.Accumulators
}

// groups opens the groups of a table. The value columns of spec stand in front
// of those of the aggregates.
func (o opening) groups(spec state.TableSpec) (groups, error) {
	spec.Key = o.keyFields
	first := len(spec.Values)
	spec.Values = append(spec.Values, o.set.Values()...)
	spec.Former = o.set.Former()
	table, err := o.State.Table(spec)
	if err != nil {
		return groups{}, err
	}
	place := agg.Place{
		Backend: o.State, Pool: o.Pool, Table: table, First: first, Name: spec.Name, Keys: spec.Key,
		IDs: table.Sub(), Buckets: spec.Bucketed,
	}
	if spec.Multi {
		place.IDs = table.Number() // the sub-key of a session changes
	}
	acc, err := o.set.Open(place)
	g := groups{table, table.Sub(), table.Sub(), acc}
	if spec.Due != state.DueBySub {
		g.time = table.Int64(0)
	}
	return g, err
}

// each calls f for every group.
func (g groups) each(f func(state.RowID)) {
	for r := g.table.Scan(0); r != state.NoRow; r = g.table.Scan(r + 1) {
		f(r)
	}
}

// dropBuckets says that no group is left whose bucket is until or before.
func (g groups) dropBuckets(until int64) {
	g.table.DropBuckets(until)
	g.DropBuckets(until)
}

// drop deletes groups.
func (g groups) drop(rows []state.RowID) {
	g.Forget(rows)
	for _, r := range rows {
		g.table.Delete(r)
	}
}
