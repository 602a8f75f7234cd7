package running

import (
	"math"
	"slices"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
)

// groups is a table whose rows are groups, and their aggregates.
type groups struct {
	table *state.Table
	*agg.Accumulators

	due       state.Int64s // the event time of the change that is to be emitted, or never
	watermark state.Int64s // the row watermark of that change
	emitted   state.Int64s // 1 if a result has been
	results   int          // the first of the value columns with the result that was emitted last
}

// never is due behind every change.
const never = math.MaxInt64

// open opens the groups.
func (c *compiled) open(ctx stream.OperatorContext) (g groups, err error) {
	spec := state.TableSpec{Name: "groups", Key: c.keyFields, Due: state.DueByValue(0), Values: []record.Field{
		{Name: "due", Type: record.Timestamp}, {Name: "row watermark", Type: record.Timestamp}, {Name: "is emitted", Type: record.Bool},
	}}
	isDistinct := func(call agg.Call) bool { return call.Distinct }
	if slices.ContainsFunc(c.Aggregates, isDistinct) {
		spec.Values = append(spec.Values, record.Field{Name: "group", Type: record.Int64}) // 0: a key has but one
	}
	g.results = len(spec.Values)
	spec.Values = c.addEmitted(spec.Values)
	place := agg.Place{Backend: ctx.State, Pool: ctx.Pool, First: len(spec.Values), Name: spec.Name, Keys: spec.Key}
	spec.Values = append(spec.Values, c.set.Values()...)
	if g.table, err = ctx.State.Table(spec); err != nil {
		return g, err
	}
	g.due, g.watermark, g.emitted = g.table.Int64(0), g.table.Int64(1), g.table.Int64(2)
	place.Table, place.IDs = g.table, g.table.Int64(g.results-1) // which only distinct counts read
	g.Accumulators, err = c.set.Open(place)
	return g, err
}

// addEmitted adds a column for each result. It is found again by what is computed, since
// jobs may give results other names; of several that are the same, each has its own.
func (c *compiled) addEmitted(fields []record.Field) []record.Field {
	for i, f := range c.set.Results() {
		f.Name = "emitted " + c.set.Means(i)
		for slices.ContainsFunc(fields, func(other record.Field) bool { return other.Name == f.Name }) {
			f.Name += "'"
		}
		fields = append(fields, f)
	}
	return fields
}

// note has a group be due because of a row, unless it is by a later one.
func (g *groups) note(group state.RowID, time, watermark int64) {
	time = min(time, never-1)
	if was := g.due.Get(group); was == never || time > was {
		g.table.SetDue(group, time)
		*g.watermark.Ptr(group) = watermark
	}
}
