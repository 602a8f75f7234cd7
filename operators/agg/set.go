package agg

import (
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// Set is the aggregates of one step. It never changes once compiled and serves
// any number of subtasks.
type Set struct {
	input   *record.Schema
	names   []string // what state calls the columns of input
	calls   []Call
	plans   []plan
	reads   [][]int // per call the parts that it reads
	parts   []part
	lanes   []laneSpec
	results []record.Field
}

// A part is a piece of state that calls share: a kind, fed by a lane.
type part struct {
	kind *kind
	lane int // position in Set.lanes
}

// A laneSpec is which values take part: those of a column that are not null,
// in rows that pass a filter. Either may be None.
type laneSpec struct{ column, filter int }

// A kind is a sort of part.
type kind struct {
	name    string
	columns []record.Field // value columns in the row of a group
	open    func(opening) (accumulator, error)
}

// An accumulator is a part over a table.
type accumulator interface {
	// update adds the values of a lane to their groups.
	update(l *lane)
	// merge adds groups from of an accumulator of the same kind, of this table or
	// another, to groups into.
	merge(into groups, source accumulator, from groups)
}

// groups are rows of a table whose rows are groups.
type groups = []state.RowID

// Compile checks calls against the schema of the input. An error names the call
// at fault; to learn what is wrong with each, compile them one by one.
func Compile(calls []Call, input *record.Schema) (*Set, error) {
	s := &Set{input: input, names: slices.Clone(input.Names()), calls: calls}
	for _, c := range calls {
		s.name(c.Column, c.Argument)
		s.name(c.Filter, c.Condition)
	}
	for _, c := range calls {
		p, err := c.resolve(input)
		if err != nil {
			return nil, err
		}
		lane := s.lane(laneSpec{c.Column, c.Filter})
		var reads []int
		for _, k := range p.parts {
			reads = append(reads, s.part(part{k, lane}))
		}
		s.plans = append(s.plans, p)
		s.reads = append(s.reads, reads)
		s.results = append(s.results, record.Field{Name: c.Name, Type: p.result})
	}
	return s, nil
}

func (s *Set) name(column int, text string) {
	if column != None && text != "" {
		s.names[column] = text
	}
}

func (s *Set) lane(l laneSpec) int {
	if at := slices.Index(s.lanes, l); at >= 0 {
		return at
	}
	s.lanes = append(s.lanes, l)
	return len(s.lanes) - 1
}

func (s *Set) part(p part) int {
	if at := slices.Index(s.parts, p); at >= 0 {
		return at
	}
	s.parts = append(s.parts, p)
	return len(s.parts) - 1
}

// Results returns the result columns, one a call, in the order of the calls.
func (s *Set) Results() []record.Field { return s.results }

// Values returns the value columns that the table of the groups must have, in
// this order and one behind the other.
func (s *Set) Values() []record.Field {
	var fields []record.Field
	for _, p := range s.parts {
		for _, c := range p.kind.columns {
			fields = append(fields, record.Field{Name: s.describe(p) + "." + c.Name, Type: c.Type})
		}
	}
	return fields
}

// Uses returns the names of the parts of the state that call i is computed from.
func (s *Set) Uses(i int) []string {
	names := make([]string, len(s.reads[i]))
	for k, part := range s.reads[i] {
		names[k] = s.describe(s.parts[part])
	}
	return names
}

// Former returns the names that the columns of [Set.Values] have in a checkpoint if arguments
// were of narrower types then, of which parts keep the same words.
func (s *Set) Former() (all []state.Former) {
	for _, p := range s.parts {
		former := s.formerly(p)
		for _, c := range p.kind.columns {
			f := state.Former{Column: s.describe(p) + "." + c.Name}
			for _, name := range former {
				f.Names = append(f.Names, name+"."+c.Name)
			}
			if former != nil {
				all = append(all, f)
			}
		}
	}
	return all
}

// FormerUses returns the names of [Set.Uses] that go with narrower arguments: of each, which
// others do as well.
func (s *Set) FormerUses(i int) [][]string {
	former := make([][]string, len(s.reads[i]))
	for k, part := range s.reads[i] {
		former[k] = s.formerly(s.parts[part])
	}
	return former
}

// formerly returns the names that a part has with narrower arguments, the widest first.
func (s *Set) formerly(p part) (names []string) {
	l := s.lanes[p.lane]
	if l.column == None || p.kind == distinctKind { // whose values are keys
		return nil
	}
	for _, t := range narrower(s.input.Field(l.column).Type) {
		names = append(names, p.kind.name+s.describeLaneOf(l, t))
	}
	return names
}

// narrower returns the types whose values are kept in the same words as those of a type, which
// holds all of them.
func narrower(t record.Type) (types []record.Type) {
	switch {
	case t == record.Int64:
		return []record.Type{record.Int32}
	case t.Kind == record.KindDecimal:
		for p := int(t.Precision) - 1; p >= max(int(t.Scale), 1); p-- {
			if less, err := record.DecimalOf(p, int(t.Scale)); err == nil {
				types = append(types, less)
			}
		}
	}
	return types
}

// Means says what call i computes, whatever its result is called: "sum(delay int64)
// filter late". Of two calls it is the same only if their results are, in any version
// of a job.
func (s *Set) Means(i int) string {
	c := s.calls[i]
	function := c.Function
	if c.Distinct {
		function += " distinct"
	}
	return function + s.describeLane(laneSpec{c.Column, c.Filter})
}

// describe names a part, by which it is found again in a checkpoint, whatever else the
// job aggregates: "sum(delay int64) filter late". The type is in it, since the same
// words mean something else of another.
func (s *Set) describe(p part) string {
	return p.kind.name + s.describeLane(s.lanes[p.lane])
}

func (s *Set) describeLane(l laneSpec) string {
	var t record.Type
	if l.column != None {
		t = s.input.Field(l.column).Type
	}
	return s.describeLaneOf(l, t)
}

// describeLaneOf describes a lane as if its argument were of a type.
func (s *Set) describeLaneOf(l laneSpec, t record.Type) string {
	argument, filter := "*", ""
	if l.column != None {
		argument = s.names[l.column] + " " + t.String()
	}
	if l.filter != None {
		filter = " filter " + s.names[l.filter]
	}
	return fmt.Sprintf("(%s)%s", argument, filter)
}
