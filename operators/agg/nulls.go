package agg

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// A part that a job has had added is null in the groups that a checkpoint holds: what
// they have counted is not known to it. It stays null there, whatever is added to the
// group or merged with it, and so do the results that are computed from it. Groups
// that are made later have nothing to miss.

// inherit makes those groups into null that a null group is merged into.
func inherit(into state.Nulls, groups groups, from state.Nulls, others groups) {
	for k, g := range others {
		if from.Get(g) {
			into.Set(groups[k], true)
		}
	}
}

// final appends the results of a call.
func (a *Accumulators) final(call int, rows groups, to *record.Column) *RangeError {
	plan, parts := a.set.plans[call], a.reads[call]
	if !slices.ContainsFunc(a.set.reads[call], func(part int) bool { return a.nulls[part].Any() }) {
		return plan.final(parts, rows, to)
	}
	for len(rows) > 0 {
		n := slices.IndexFunc(rows, func(g state.RowID) bool { return a.isNull(call, g) })
		switch n {
		case 0:
			to.AppendNull()
			rows = rows[1:]
			continue
		case -1:
			n = len(rows)
		}
		if err := plan.final(parts, rows[:n], to); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// without returns the lane without the values of null groups, in memory of another.
func (l *lane) without(nulls state.Nulls, in *lane) *lane {
	in.spec, in.in, in.values = l.spec, l.in, l.values
	in.groups, in.at, in.row = in.groups[:0], in.at[:0], in.row[:0]
	for k, g := range l.groups {
		if !nulls.Get(g) {
			in.groups, in.at, in.row = append(in.groups, g), append(in.at, l.at[k]), append(in.row, l.row[k])
		}
	}
	return in
}

// isNull reports whether a part that a call reads is null in a group.
func (a *Accumulators) isNull(call int, g state.RowID) bool {
	return slices.ContainsFunc(a.set.reads[call], func(part int) bool { return a.nulls[part].Get(g) })
}
