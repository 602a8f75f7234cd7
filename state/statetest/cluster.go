package statetest

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// checkClusters holds the clusters that a batch names to the model, and deletes some of
// them.
func (d *driver) checkClusters(s *subtask, table int, hashes []uint64, keys, sub []*record.Column, sel []int32) {
	t, within := s.tables[table], tables[table].Within
	if len(hashes) > 0 && d.random.IntN(8) == 0 {
		k := d.random.IntN(len(hashes))
		d.deleteUnseen(s, table, hashes[k], keys, sub[:within], position(sel, k))
	}
	some := make([]state.RowID, len(hashes))
	t.FindClusters(hashes, keys, sub[:within], sel, some)
	for k := 0; k < len(some); k += 1 + d.random.IntN(20) {
		r, named := some[k], d.rowOf(table, keys, sub, position(sel, k))
		want := d.ofKey(table, named.key, named.sub[:within])
		if len(want) == 0 && r == state.NoRow {
			continue
		}
		if r == state.NoRow || len(want) == 0 {
			d.fatalf("%s: FindClusters gives row %d for a cluster of %d rows", tables[table].Name, r, len(want))
		}
		d.checkCluster(s, table, r, want)
		if d.random.IntN(10) == 0 {
			d.deleteCluster(s, table, r, hashes[k], keys, sub[:within], position(sel, k))
			t.FindClusters(hashes, keys, sub[:within], sel, some)
		}
	}
}

// checkCluster holds the rows of a cluster to those of the model.
func (d *driver) checkCluster(s *subtask, table int, r state.RowID, want []row) {
	t := s.tables[table]
	rows := t.AppendCluster([]state.RowID{state.NoRow}, r)[1:]
	if other := t.AppendCluster(nil, rows[d.random.IntN(len(rows))]); len(other) != len(rows) {
		d.fatalf("%s: a cluster has %d rows from one of them and %d from another", tables[table].Name, len(rows), len(other))
	}
	var got []string
	for _, r := range rows {
		got = append(got, d.read(t, r).String())
	}
	lines := drawn(want)
	if tables[table].Ordered == state.Unordered {
		slices.Sort(got)
		slices.Sort(lines)
	}
	if diff := difference(got, lines); diff != "" {
		d.fatalf("%s: the cluster of row %d: %s", tables[table].Name, r, diff)
	}
}

// deleteCluster deletes the cluster that row i of a batch names, of which r is a row.
func (d *driver) deleteCluster(s *subtask, table int, r state.RowID, hash uint64, keys, within []*record.Column, i int) {
	t := s.tables[table]
	for _, r := range t.AppendCluster(nil, r) {
		d.forget(table, d.read(t, r))
		s.deleted[table] = append(s.deleted[table], r)
	}
	t.DeleteClusters([]uint64{hash}, keys, within, []int32{int32(i)})
}

// deleteUnseen deletes the cluster that row i of a batch names without a look at it.
func (d *driver) deleteUnseen(s *subtask, table int, hash uint64, keys, within []*record.Column, i int) {
	named := d.rowOf(table, keys, within, i)
	for _, r := range d.ofKey(table, named.key, named.sub) {
		d.forget(table, r)
	}
	s.tables[table].DeleteClusters([]uint64{hash}, keys, within, []int32{int32(i)})
}

// checkAllClusters makes sure that each row is in one cluster, and no row that was
// deleted.
func (d *driver) checkAllClusters() {
	for i, spec := range tables {
		for _, s := range d.subtasks {
			if hasClusters(spec) {
				d.checkMembers(s.tables[i])
			}
		}
	}
}

func hasClusters(spec state.TableSpec) bool {
	return spec.Multi || spec.Ordered != state.Unordered || spec.Within > 0
}

func (d *driver) checkMembers(t *state.Table) {
	seen, rows := map[state.RowID]bool{}, 0
	for r := t.Scan(0); r != state.NoRow; r = t.Scan(r + 1) {
		if rows++; seen[r] {
			continue
		}
		for _, other := range t.AppendCluster(nil, r) {
			if seen[other] {
				d.fatalf("%s: row %d is in two clusters", t.Spec().Name, other)
			}
			seen[other] = true
		}
	}
	if len(seen) != rows {
		d.fatalf("%s: clusters have %d rows of %d", t.Spec().Name, len(seen), rows)
	}
}
