package agg

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
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
	nulls  state.Nulls  // groups whose values are not kept, for some are not known
	values *state.Table // key: that of the group; sub-key: the group's id, the value
	types  []record.Type

	// Scratch of update, merge and forget.
	hashes  []uint64
	rows    []state.RowID
	made    []state.RowID
	some    []state.RowID // a value of each group, or NoRow
	cluster []state.RowID
	moved   []state.RowID
	origins []int32 // of moved: the position of the group that each is of
	targets groups
	columns []*record.Column
	keys    []*record.Column
	known   lane
}

func openDistinct(o opening) (accumulator, error) {
	d := &distinct{pool: o.Pool, groups: o.Table, ids: o.IDs, n: o.Table.Int64(o.column), nulls: o.Table.Nulls(o.column)}
	spec := state.TableSpec{
		Name: o.Name + "." + o.part, Key: o.Keys, Within: 1, Bucketed: o.Buckets,
		Sub: []record.Field{{Name: "group", Type: record.Int64}, {Name: "value", Type: o.argument}},
	}
	for _, f := range spec.Key {
		d.types = append(d.types, f.Type)
	}
	d.types = append(d.types, record.Int64, o.argument)
	var err error
	d.values, err = o.Backend.Table(spec)
	return d, err
}

func (d *distinct) update(l *lane) {
	if d.nulls.Any() {
		l = l.without(d.nulls, &d.known)
	}
	physical := l.in.Batch.Physical()
	ids := d.pool.NewColumn(record.Int64, physical)
	ids.Resize(physical)
	d.hashes = d.hashes[:0]
	for k, i := range l.at {
		ids.Int64s()[i] = d.ids.Get(l.groups[k])
		d.hashes = append(d.hashes, l.in.Hashes[l.row[k]])
	}
	d.columns = append(append(d.columns[:0], l.in.Keys...), ids, l.values)
	if len(l.at) > 0 { // no selection at all would mean all rows
		d.insert(l.at, l.groups)
	}
	ids.Release()
}

// insert adds values to groups. columns are those of the table of values, and at
// says which of their rows are wanted, whose hashes are there.
func (d *distinct) insert(at []int32, into groups) {
	key, rows := len(d.types)-2, grow(&d.rows, len(d.hashes))
	d.made = d.values.Upsert(d.hashes, d.columns[:key], d.columns[key:], at, rows, d.made[:0])
	for _, k := range d.values.Made() {
		*d.n.Ptr(into[k])++
	}
}

// batchValues is how many values merge moves at a time.
const batchValues = 1024

func (d *distinct) merge(into groups, source accumulator, from groups) {
	other := source.(*distinct)
	keys := other.find(from)
	d.moved, d.origins, d.targets = d.moved[:0], d.origins[:0], d.targets[:0]
	for k, v := range other.some {
		if v == state.NoRow || d.nulls.Get(into[k]) {
			continue
		}
		d.cluster = other.values.AppendCluster(d.cluster[:0], v)
		for _, v := range d.cluster {
			d.moved, d.origins, d.targets = append(d.moved, v), append(d.origins, int32(k)), append(d.targets, into[k])
			if len(d.moved) == batchValues {
				d.take(other, keys)
			}
		}
	}
	d.take(other, keys)
	release(keys)
}

// find sets some to a value of each group, and returns the keys of the groups
// and their ids, which the caller releases.
func (d *distinct) find(of groups) (keys []*record.Column) {
	id := len(d.types) - 2
	keys = d.keysOf(of)
	d.values.FindClusters(d.hashes, keys[:id], keys[id:], nil, grow(&d.some, len(of)))
	return keys
}

// keysOf returns the keys of groups and their ids, which the caller releases, and sets hashes.
func (d *distinct) keysOf(of groups) (keys []*record.Column) {
	id := len(d.types) - 2
	d.keys = d.newColumns(d.keys[:0], d.types[:id+1], len(of))
	d.groups.AppendKeys(d.keys[:id], of)
	d.hashes = d.hashes[:0]
	for _, g := range of {
		d.keys[id].AppendInt64(d.ids.Get(g))
		d.hashes = append(d.hashes, d.groups.Hash(g))
	}
	return d.keys
}

// take adds the moved values of other to their targets. keys are those of the groups
// that they are of.
func (d *distinct) take(other *distinct, keys []*record.Column) {
	n, id := len(d.moved), len(d.types)-2
	if n == 0 {
		return
	}
	d.columns = d.columns[:0]
	for _, key := range keys[:id] {
		d.columns = append(d.columns, d.choose(key, d.origins))
	}
	d.columns = d.newColumns(d.columns, d.types[id:], n)
	other.values.AppendSubs(d.columns[id:], d.moved)
	ids := d.columns[id].Int64s()
	d.hashes = d.hashes[:0]
	for k, v := range d.moved {
		ids[k] = d.ids.Get(d.targets[k])
		d.hashes = append(d.hashes, other.values.Hash(v))
	}
	d.insert(nil, d.targets)
	release(d.columns)
	d.moved, d.origins, d.targets = d.moved[:0], d.origins[:0], d.targets[:0]
}

// choose returns a column of values of a plain one, by position.
func (d *distinct) choose(from *record.Column, at []int32) *record.Column {
	c := d.pool.NewDictionary(from.Retain(), len(at))
	copy(c.Codes(), at)
	for k, i := range at {
		if from.IsNull(int(i)) {
			c.SetNull(k)
		}
	}
	return c
}

// newColumns appends empty columns, which the caller releases.
func (d *distinct) newColumns(to []*record.Column, types []record.Type, rows int) []*record.Column {
	for _, t := range types {
		to = append(to, d.pool.NewColumn(t, rows))
	}
	return to
}

func release(columns []*record.Column) {
	for _, c := range columns {
		c.Release()
	}
}

// forget deletes the values of groups.
func (d *distinct) forget(rows groups) {
	keys, id := d.keysOf(rows), len(d.types)-2
	d.values.DeleteClusters(d.hashes, keys[:id], keys[id:], nil)
	release(keys)
}

func finalDistinct(parts []accumulator, rows groups, to *record.Column) *RangeError {
	n := parts[0].(*distinct).n
	for _, g := range rows {
		to.AppendInt64(n.Get(g))
	}
	return nil
}
