package join

import (
	"math"
	"slices"

	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// side is the rows of one input that may have partners yet.
type side struct {
	Side
	table *state.Table // by key, in order of time
	time  state.Int64s
	// A row has partners whose time less its own is between these two.
	least, most int64
	values      []int // by column: which value of the table it is, or notValue of a key

	// Scratch: key columns, of a batch that came in and of one that leaves, the sub-key,
	// rows that a batch has made or that go.
	keys, out []*record.Column
	sub       [1]*record.Column
	rows      []state.RowID
}

const notValue = -1

// open opens the table of a side.
func (s Side) open(b *state.Backend, name string, least, most int64) (side, error) {
	spec := state.TableSpec{Name: name, Key: s.keyFields(), Multi: true, Ordered: state.Ascending,
		Sub: []record.Field{{Name: "time", Type: record.Timestamp}}, Due: state.DueBySub}
	values := make([]int, s.Schema.Len())
	for i, f := range s.Schema.Fields() {
		if slices.Contains(s.Keys, i) {
			values[i] = notValue
			continue
		}
		values[i] = len(spec.Values)
		spec.Values = append(spec.Values, f)
	}
	table, err := b.Table(spec)
	if err != nil {
		return side{}, err
	}
	return side{Side: s, table: table, time: table.Sub(), least: least, most: most, values: values,
		keys: make([]*record.Column, len(s.Keys)), out: make([]*record.Column, len(s.Keys))}, nil
}

func (s Side) keyFields() (fields []record.Field) {
	for _, k := range s.Keys {
		fields = append(fields, s.Schema.Field(k))
	}
	return fields
}

// keysOf sets to to the key columns among those of a batch, and returns it.
func (s *side) keysOf(columns, to []*record.Column) []*record.Column {
	for i, k := range s.Keys {
		to[i] = columns[k]
	}
	return to
}

// insert stores the rows of a dense batch, whose keys have these hashes.
func (s *side) insert(b *record.Batch, hashes []uint64) {
	s.rows = slices.Grow(s.rows[:0], b.Len())[:b.Len()]
	s.sub[0] = b.EventTime
	s.table.Insert(hashes, s.keysOf(b.Columns, s.keys), s.sub[:], nil, s.rows)
	for i, value := range s.values {
		if value != notValue {
			s.table.SetValues(value, s.rows, b.Columns[i])
		}
	}
}

// appendTo appends rows to columns of the side's schema.
func (s *side) appendTo(columns []*record.Column, rows []state.RowID) {
	s.table.AppendKeys(s.keysOf(columns, s.out), rows)
	for i, value := range s.values {
		if value != notValue {
			s.table.AppendValues(value, rows, columns[i])
		}
	}
}

// first and last return the times of the first and the last partner that a row of a
// time may have.
func (s *side) first(time int64) int64 { return ints.SaturatingAdd(time, s.least) }
func (s *side) last(time int64) int64  { return ints.SaturatingAdd(time, s.most) }

// over returns until which time rows have no partner to come, if the other side's
// watermark is this.
func (s *side) over(mark record.Time) int64 {
	if mark == record.MinTime || mark == record.MaxTime {
		return int64(mark)
	}
	return ints.SaturatingAdd(int64(mark), -s.most-1)
}

// clean deletes at most so many rows that no partner can come for, and reports whether
// there may be more.
func (s *side) clean(mark record.Time, most int) (more bool) {
	until := s.over(mark)
	if until == math.MinInt64 {
		return false
	}
	s.rows, more = s.table.Due(until, most, s.rows[:0])
	for _, r := range s.rows {
		s.table.Delete(r)
	}
	return more
}
