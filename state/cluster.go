package state

import (
	"fmt"

	"github.com/weirstream/weir/runtime/record"
)

// FindClusters finds a row of each cluster that the selected rows of a batch name, or
// NoRow: of those that have its key and, in the first columns of the sub-key, the values
// of within. Its other arguments are those of [Table.Find].
func (t *Table) FindClusters(hashes []uint64, keys, within []*record.Column, sel []int32, rows []RowID) {
	o := t.clustered()
	t.loadClusters(hashes, keys, within, sel)
	rows = rows[:len(hashes)]
	if t.cold != nil {
		t.bringClusters(len(keys) + len(within))
	}
	o.settleBatch()
	t.findIn(&o.heads, rows, len(keys)+len(within))
	if t.expiry == nil {
		return
	}
	for k, r := range rows {
		if r != NoRow && t.expired(r) {
			rows[k] = o.presentIn(r)
		}
	}
}

// loadClusters begins a batch that names clusters.
func (t *Table) loadClusters(hashes []uint64, keys, within []*record.Column, sel []int32) {
	if len(within) != t.spec.Within {
		panic(fmt.Sprintf("state: clusters of table %q have %d sub-key columns in common, not %d", t.spec.Name, t.spec.Within, len(within)))
	}
	t.loadKey(hashes, keys, sel)
	t.batch.load(len(keys), t.subs(), within, sel)
	t.batch.subs = t.subHashes(within, sel, len(hashes))
}

// presentIn returns a row of the cluster of a row that has not expired, or NoRow.
func (o *ordering) presentIn(r RowID) RowID {
	o.gone = o.members(o.gone[:0], r)
	for _, r := range o.gone {
		if !o.table.expired(r) {
			return r
		}
	}
	return NoRow
}

// AppendCluster appends all rows of the cluster of a row: in order, if the table has one.
func (t *Table) AppendCluster(rows []RowID, r RowID) []RowID {
	t.mustHave(r)
	had := len(rows)
	t.clustered().settleLike(r)
	t.bringOthers(r)
	rows = t.clustered().members(rows, r)
	if t.expiry != nil {
		rows = append(rows[:had], t.dropAmong(rows[had:])...)
	}
	return rows
}

// members appends all rows of the cluster of a row, those that have expired, too.
func (o *ordering) members(rows []RowID, r RowID) []RowID {
	if o.chained() {
		return o.appendChain(rows, r)
	}
	leaf := o.leafOf(r)
	if leaf == noNode {
		return append(rows, r)
	}
	return o.appendBelow(rows, o.rootOf(leaf))
}

// DeleteClusters removes the clusters that the selected rows of a batch name. Its arguments are
// those of [Table.FindClusters]. Clusters may be larger than memory: nothing comes up.
func (t *Table) DeleteClusters(hashes []uint64, keys, within []*record.Column, sel []int32) {
	o := t.clustered()
	t.loadClusters(hashes, keys, within, sel)
	t.aimBelow(len(keys) + len(within))
	for k := range hashes {
		if r := o.find(k, len(keys)+len(within)); r != NoRow {
			t.deleteMembers(r)
		}
	}
	t.buryBelow()
}

// deleteMembers removes the rows of the cluster of a row that are in memory.
func (t *Table) deleteMembers(r RowID) {
	o := t.order
	o.sought.k = nobody
	o.gone = o.members(o.gone[:0], r)
	if !o.chained() && len(o.gone) > 1 {
		o.giveTree(o.rootOf(o.leafOf(r)))
	}
	short := o.short(r)
	for _, r := range o.gone {
		if o.isHead(r) {
			o.heads.remove(short, r)
		}
		t.remove(r)
	}
}

// clustered returns the clusters, which a caller takes to be there.
func (t *Table) clustered() *ordering {
	if t.order == nil {
		panic(fmt.Sprintf("state: clusters of table %q, which is neither Ordered nor has columns that rows have in common", t.spec.Name))
	}
	return t.order
}

// appendBelow appends the rows below a node, in order.
func (o *ordering) appendBelow(rows []RowID, id nodeID) []RowID {
	h := o.nodes.head(id)
	for _, ref := range o.nodes.refs(id)[:h.n] {
		if h.level == 0 {
			rows = append(rows, RowID(ref))
		} else {
			rows = o.appendBelow(rows, nodeID(ref))
		}
	}
	return rows
}

// giveTree makes the nodes from a root on free.
func (o *ordering) giveTree(id nodeID) {
	if h := o.nodes.head(id); h.level > 0 {
		for _, child := range o.nodes.refs(id)[:h.n] {
			o.giveTree(nodeID(child))
		}
	}
	o.nodes.give(id)
}
