package agg

import (
	"fmt"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// count(DISTINCT x) counts the different values of x that are not null.
var distinctPlan = plan{record.Int64, []*kind{distinctKind}, finalDistinct}

var distinctKind = &kind{
	name:    "distinct",
	columns: []record.Field{{Name: "n", Type: record.Int64}},
	open:    openDistinct,
}

// distinct keeps the values of each group once, in a table of their own, and
// their number in the row of the group.
type distinct struct {
	pool   *record.Pool
	groups *state.Table
	ids    state.Int64s // by group
	n      state.Int64s // by group
	values *state.Table // key: the group's key columns, the value, the group's id
	types  []record.Type

	// The values of a group are a list: first by group, next by value.
	first, next []state.RowID

	// Scratch of update and merge.
	hashes  []uint64
	spread  []uint64
	rows    []state.RowID
	made    []state.RowID
	moved   []state.RowID
	targets groups
	columns []*record.Column
	sub     [1]*record.Column
}

func openDistinct(o opening) (accumulator, error) {
	d := &distinct{pool: o.Pool, groups: o.Table, ids: o.Table.Int64(o.ids), n: o.Table.Int64(o.column)}
	spec := state.TableSpec{Name: fmt.Sprintf("%s.distinct%d", o.Name, o.number), Sub: []record.Field{{Name: "spread", Type: record.Int64}}}
	for _, f := range o.Keys {
		spec.Key = append(spec.Key, record.Field{Name: "key." + f.Name, Type: f.Type})
	}
	spec.Key = append(spec.Key,
		record.Field{Name: "value", Type: o.argument}, record.Field{Name: "group_id", Type: record.Int64})
	for _, f := range spec.Key {
		d.types = append(d.types, f.Type)
	}
	var err error
	d.values, err = o.Backend.Table(spec)
	return d, err
}

func (d *distinct) update(l *lane) {
	ids := d.pool.NewColumn(record.Int64, l.in.Batch.Physical())
	ids.Resize(l.in.Batch.Physical())
	d.hashes = d.hashes[:0]
	for k, i := range l.at {
		ids.Int64s()[i] = d.ids.Get(l.groups[k])
		d.hashes = append(d.hashes, l.in.Hashes[l.row[k]])
	}
	d.columns = append(append(d.columns[:0], l.in.Keys...), l.values, ids)
	d.insert(l.at, l.in.Batch.Physical(), l.groups)
	ids.Release()
}

// insert adds values to groups. columns are the key columns of the table of
// values, of physical rows each; at says which rows are wanted, hashes are theirs.
func (d *distinct) insert(at []int32, physical int, into groups) {
	if len(at) == 0 {
		return // no selection at all would mean all rows
	}
	value := len(d.columns) - 2
	d.spread = keyrange.Hash(d.spread[:0], d.columns[value:], at, physical)
	d.sub[0] = d.pool.NewColumn(record.Int64, physical)
	d.sub[0].Resize(physical)
	order := d.sub[0].Int64s()
	for k, h := range d.spread {
		order[at[k]] = int64(h)
	}
	rows := grow(&d.rows, len(at))
	d.made = d.values.Upsert(d.hashes, d.columns, d.sub[:], at, rows, d.made[:0])
	d.sub[0].Release()
	d.next = lengthen(d.next, int(d.values.Limit()))
	d.first = lengthen(d.first, int(d.groups.Limit()))
	for _, r := range d.made {
		d.next[r] = unlinked
	}
	for k, r := range rows {
		if d.next[r] == unlinked {
			d.link(into[k], r)
			*d.n.Ptr(into[k])++
		}
	}
}

// unlinked marks a value that was just made and is in no list yet.
const unlinked = state.NoRow - 1

func (d *distinct) link(g, value state.RowID) {
	d.next[value], d.first[g] = d.first[g], value
}

// lengthen adds empty lists up to n.
func lengthen(lists []state.RowID, n int) []state.RowID {
	for len(lists) < n {
		lists = append(lists, state.NoRow)
	}
	return lists
}

// batchValues is how many values merge and restore move at a time.
const batchValues = 1024

func (d *distinct) merge(into groups, source accumulator, from groups) {
	other := source.(*distinct)
	d.moved, d.targets = d.moved[:0], d.targets[:0]
	for k, g := range from {
		for v := other.firstOf(g); v != state.NoRow; v = other.next[v] {
			d.moved, d.targets = append(d.moved, v), append(d.targets, into[k])
			if len(d.moved) == batchValues {
				d.take(other)
			}
		}
	}
	d.take(other)
}

func (d *distinct) firstOf(g state.RowID) state.RowID {
	if int(g) >= len(d.first) {
		return state.NoRow
	}
	return d.first[g]
}

// take adds the moved values of other to their targets.
func (d *distinct) take(other *distinct) {
	n := len(d.moved)
	if n == 0 {
		return
	}
	d.columns = other.gather(d.columns[:0], d.moved)
	ids := d.columns[len(d.columns)-1].Int64s()
	d.hashes = d.hashes[:0]
	for k, v := range d.moved {
		ids[k] = d.ids.Get(d.targets[k])
		d.hashes = append(d.hashes, other.values.Hash(v))
	}
	d.insert(firstPositions[:n], n, d.targets)
	release(d.columns)
	d.moved, d.targets = d.moved[:0], d.targets[:0]
}

// gather appends the key columns of values, which the caller releases.
func (d *distinct) gather(columns []*record.Column, values []state.RowID) []*record.Column {
	for _, t := range d.types {
		columns = append(columns, d.pool.NewColumn(t, len(values)))
	}
	d.values.AppendKeys(columns, values)
	return columns
}

func release(columns []*record.Column) {
	for _, c := range columns {
		c.Release()
	}
}

// firstPositions is 0, 1, 2, …
var firstPositions = func() (p [batchValues]int32) {
	for i := range p {
		p[i] = int32(i)
	}
	return p
}()

// forget deletes the values of groups.
func (d *distinct) forget(rows groups) {
	for _, g := range rows {
		for v := d.firstOf(g); v != state.NoRow; {
			next := d.next[v]
			d.values.Delete(v)
			v = next
		}
		if int(g) < len(d.first) {
			d.first[g] = state.NoRow
		}
	}
}

// restore rebuilds the lists.
func (d *distinct) restore(find Find) {
	d.next = lengthen(nil, int(d.values.Limit()))
	d.first = lengthen(nil, int(d.groups.Limit()))
	values := d.moved[:0]
	for v := d.values.Scan(0); v != state.NoRow; v = d.values.Scan(v + 1) {
		if values = append(values, v); len(values) == batchValues {
			d.relink(values, find)
			values = values[:0]
		}
	}
	d.relink(values, find)
	d.moved = values[:0]
}

func (d *distinct) relink(values []state.RowID, find Find) {
	columns := d.gather(d.columns[:0], values)
	d.columns, d.hashes = columns, d.hashes[:0]
	for _, v := range values {
		d.hashes = append(d.hashes, d.values.Hash(v))
	}
	key := len(columns) - 2
	rows := grow(&d.rows, len(values))
	find(d.hashes, columns[:key], columns[key+1], rows)
	for k, v := range values {
		d.link(rows[k], v)
	}
	release(columns)
}

func finalDistinct(parts []accumulator, rows groups, to *record.Column) *RangeError {
	n := parts[0].(*distinct).n
	for _, g := range rows {
		to.AppendInt64(n.Get(g))
	}
	return nil
}
