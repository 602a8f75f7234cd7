package agg

import (
	"fmt"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// Accumulators is a [Set] over a table whose rows are groups.
type Accumulators struct {
	set       *Set
	parts     []accumulator
	nulls     []state.Nulls   // per part: the groups that had begun before the job had it
	reads     [][]accumulator // per call
	lanes     []lane
	identity  []int32
	distincts []*distinct
}

// Place says where the state of accumulators lies.
type Place struct {
	Backend *state.Backend
	Pool    *record.Pool
	Table   *state.Table   // its rows are the groups
	First   int            // the first of Set.Values among the table's value columns
	Name    string         // of the table: the tables of distinct counts are named after it
	Keys    []record.Field // the table's key columns
	IDs     state.Int64s   // by group: tells those of equal keys apart for as long as they live
	Buckets bool           // IDs are the buckets of the groups
}

// opening is what a part is opened with.
type opening struct {
	Place
	column   int         // the first value column of the part
	argument record.Type // zero without an argument
	part     string      // the name of the part
}

// Open returns the set's accumulators at a place.
func (s *Set) Open(p Place) (*Accumulators, error) {
	a := &Accumulators{set: s}
	o := opening{Place: p, column: p.First}
	for _, part := range s.parts {
		o.part, o.argument = s.describe(part), record.Type{}
		if column := s.lanes[part.lane].column; column != None {
			o.argument = s.input.Field(column).Type
		}
		acc, err := part.kind.open(o)
		if err != nil {
			return nil, err
		}
		if d, ok := acc.(*distinct); ok {
			a.distincts = append(a.distincts, d)
		}
		a.parts, a.nulls = append(a.parts, acc), append(a.nulls, p.Table.Nulls(o.column))
		o.column += len(part.kind.columns)
	}
	for _, reads := range s.reads {
		var parts []accumulator
		for _, i := range reads {
			parts = append(parts, a.parts[i])
		}
		a.reads = append(a.reads, parts)
	}
	for _, spec := range s.lanes {
		a.lanes = append(a.lanes, lane{spec: spec})
	}
	return a, nil
}

// Update adds rows to their groups.
func (a *Accumulators) Update(in *Input) {
	for n := len(a.identity); n < in.Len(); n++ {
		a.identity = append(a.identity, int32(n))
	}
	for i := range a.lanes {
		a.lanes[i].fill(in, a.identity)
	}
	for i, p := range a.set.parts {
		a.parts[i].update(&a.lanes[p.lane])
	}
	for i := range a.lanes {
		a.lanes[i].release()
	}
}

// Merge adds group from[k] of source, which is of the same set, to group
// into[k], whose key is the same. It leaves the groups of source as they are.
func (a *Accumulators) Merge(into groups, source *Accumulators, from groups) {
	for i, p := range a.parts {
		p.merge(into, source.parts[i], from)
		if theirs := source.nulls[i]; theirs.Any() {
			inherit(a.nulls[i], into, theirs, from)
		}
	}
}

// Forget gives up what is kept outside the rows of groups. It must be called
// before the rows are deleted.
func (a *Accumulators) Forget(rows groups) {
	for _, d := range a.distincts {
		d.forget(rows)
	}
}

// DropBuckets says that no group is left whose bucket is until or before, where IDs are
// buckets.
func (a *Accumulators) DropBuckets(until int64) {
	for _, d := range a.distincts {
		d.values.DropBuckets(until)
	}
}

// Weight returns about how many rows' work merging or forgetting a group is: 1,
// and 1 for each value of its distinct counts.
func (a *Accumulators) Weight(group state.RowID) int {
	n := 1
	for _, d := range a.distincts {
		n += int(d.n.Get(group))
	}
	return n
}

// Final appends the results of groups to the columns to, one a call.
func (a *Accumulators) Final(rows groups, to []*record.Column) error {
	for i := range a.set.plans {
		if err := a.final(i, rows, to[i]); err != nil {
			err.Aggregate = a.set.calls[i].Name
			return err
		}
	}
	return nil
}

// RangeError reports a result that its type cannot hold.
type RangeError struct {
	Aggregate string      // the name of the result column
	Value     string      // the exact sum
	Type      record.Type // of the result
	Group     state.RowID // whose result it is
}

// Error says which aggregate and what to do; the caller adds step and window.
func (e *RangeError) Error() string {
	return fmt.Sprintf("aggregate %q: the sum %s exceeds the range of %v; sum CAST(x AS float64), or choose a smaller group",
		e.Aggregate, e.Value, e.Type)
}
