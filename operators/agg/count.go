package agg

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// count(*) counts rows, count(x) those where x is not null.
var countFunction = function{
	name: "count", takes: countedKinds, star: true,
	summary:  "The number of rows, of rows in which x is not NULL, or of distinct values of x that are not NULL.",
	examples: [][2]string{{"count(*)"}, {"count(*) FILTER (WHERE delay > 15)"}, {"count(DISTINCT user)"}},
	plan: func(record.Type) plan {
		return plan{record.Int64, []*kind{countKind}, finalCount}
	},
}

var countKind = &kind{
	name:    "count",
	columns: []record.Field{{Name: "n", Type: record.Int64}},
	open: func(o opening) (accumulator, error) {
		return &count{o.Table.Int64(o.column)}, nil
	},
}

// count counts values. The functions that are null without values read it, too.
type count struct{ n state.Int64s }

func (c *count) update(l *lane) {
	for _, g := range l.groups {
		*c.n.Ptr(g)++
	}
}

func (c *count) merge(into groups, source accumulator, from groups) {
	s := source.(*count)
	for k, g := range into {
		n := s.n.Get(from[k])
		*c.n.Ptr(g) += n
	}
}

func finalCount(parts []accumulator, rows groups, to *record.Column) *RangeError {
	n, had := parts[0].(*count).n, to.Len()
	to.Resize(had + len(rows))
	values := to.Int64s()[had:]
	for k, g := range rows {
		values[k] = n.Get(g)
	}
	return nil
}
