package state

import "cmp"

// Order says whether the rows of a key are found in the order of their sub-keys.
//
// Sub-keys compare column by column: numbers, times and decimals by value, with NaN
// greater than all others and −0.0 equal to 0.0, false before true, text and bytes by
// their bytes. A null is greater than everything, NaN included, so that it comes last
// in ascending order and first in descending order. Rows of equal sub-key, which a
// Multi table may have, are in the order in which they were made, either way.
type Order int

const (
	Unordered  Order = iota // Seek, Next and Prev are not for use
	Ascending               // the least sub-key first
	Descending              // the greatest sub-key first
)

// ordering is the rows of each cluster: those of one key and, in a table that has them,
// of equal values in the columns of the sub-key that rows have in common. They are in
// order, in a tree for each cluster of several rows, or else chained in a ring.
//
// It follows from the rows and is never part of a snapshot.
type ordering struct {
	table *Table
	heads index       // a row of each cluster, its head, by the hash of what rows have in common
	links array[link] // of a table without an order, or of rows that wait
	// leaves is the leaf that has a row, noNode if it is the only one of its cluster;
	// with flagBit if the row is a head.
	leaves  array[nodeID]
	nodes   nodes
	waiting waiting
	bound   bound   // of the Seek that is under way
	first   *column // by which rows are ordered, if there is one
	whole   bool    // the lead of its values is all of them, nulls aside
	// sought is a row of the cluster, or NoRow, that Seek was last about, and for which
	// selected row: nobody if it may have gone, or one may have come.
	sought struct {
		k   int32
		one RowID
	}
	gone []RowID // scratch of DeleteCluster
}

const nobody = -1

// openOrder puts the rows that there are in order.
func (t *Table) openOrder() {
	t.order = nil
	if t.spec.Ordered == Unordered && t.spec.Within == 0 {
		return
	}
	o := &ordering{table: t, heads: newIndex(0), waiting: waiting{newest: newIndex(0)}}
	o.sought.k = nobody
	t.order = o
	o.grow(t.hash.len())
	o.bound.values = make([]scalar, len(t.spec.Sub))
	if t.spec.Within < len(t.spec.Sub) {
		o.first = &t.subs()[t.spec.Within]
		o.whole = o.first.isInteger()
	}
	for r := t.live.next(0); r != NoRow; r = t.live.next(r + 1) {
		o.add(r, o.headLike(r))
	}
}

// grow makes room for n rows.
func (o *ordering) grow(n int) {
	if o.chained() {
		o.links.grow(n)
	} else {
		o.leaves.grow(n)
	}
}

func (o *ordering) chained() bool { return o.table.spec.Ordered == Unordered }

// headOf returns the head of the cluster that has the key of selected row k and is the
// one of the bound, or NoRow.
func (o *ordering) headOf(k int) RowID {
	t := o.table
	short := shortHash(t.batch.hashes[k], o.bound.hash(t))
	o.settle(short)
	for r, at := o.heads.next(short, short); r != NoRow; r, at = o.heads.next(short, at) {
		if t.matches(r, k, len(t.spec.Key)) && o.bound.isWithin(t, r) {
			return r
		}
	}
	return NoRow
}

// headLike returns the head of the cluster of row r, or NoRow.
func (o *ordering) headLike(r RowID) RowID {
	short := o.short(r)
	o.settle(short)
	return o.headAmong(r, short)
}

// headAmong returns the head of the cluster of a row among those of a short hash, or NoRow.
func (o *ordering) headAmong(r RowID, short uint32) RowID {
	for q, at := o.heads.next(short, short); q != NoRow; q, at = o.heads.next(short, at) {
		if o.table.sameKey(q, r) {
			return q
		}
	}
	return NoRow
}

// find returns the head of the cluster that has the values of selected row k in so many of the
// first columns of key and sub-key, or NoRow.
func (o *ordering) find(k, columns int) RowID {
	short := o.table.batch.shortHash(k)
	o.settle(short)
	return o.table.find(&o.heads, short, k, columns)
}

// short returns what heads has row r by, if it is one.
func (o *ordering) short(r RowID) uint32 {
	return shortHash(o.table.hash.get(r), o.table.hashOf(r, o.table.spec.Within))
}

// add puts row r into a cluster, of which a row is given, or NoRow if it has none yet.
func (o *ordering) add(r, one RowID) {
	o.sought.k = nobody
	switch {
	case one == NoRow && o.chained():
		*o.links.at(uint32(r)) = link{r, r | flagBit}
		o.heads.add(o.short(r), r)
	case one == NoRow:
		*o.leaves.at(uint32(r)) = flagBit
		o.heads.add(o.short(r), r)
	case o.chained():
		o.chain(r, one)
	default:
		o.attach(r, one)
	}
}

// attach puts row r where it belongs in the tree of another row.
func (o *ordering) attach(r, one RowID) {
	leaf := o.leafOf(one)
	if leaf == noNode {
		leaf = o.nodes.take(2, 0)
		o.insert(leaf, 0, o.lead(one), uint32(one))
	}
	*o.leaves.at(uint32(r)) = noNode
	lead := o.lead(r)
	leaf, at := o.locate(o.rootOf(leaf), target{lead, r})
	o.insert(leaf, at, lead, uint32(r))
}

// leafOf returns the leaf that has a row, or noNode.
func (o *ordering) leafOf(r RowID) nodeID { return *o.leaves.at(uint32(r)) &^ flagBit }

func (o *ordering) isHead(r RowID) bool {
	if o.chained() {
		return o.links.at(uint32(r)).prev&flagBit != 0
	}
	return *o.leaves.at(uint32(r))&flagBit != 0
}

// isAlone reports whether a row is the only one of its cluster.
func (o *ordering) isAlone(r RowID) bool {
	if o.chained() {
		return o.links.at(uint32(r)).next == r
	}
	return o.leafOf(r) == noNode
}

// drop takes row r out of its cluster.
func (o *ordering) drop(r RowID) {
	o.sought.k = nobody
	switch {
	case o.isWaiting(r):
		o.unwait(r)
	case o.isAlone(r):
		o.heads.remove(o.short(r), r)
	case o.chained():
		o.unchain(r)
	default:
		o.detach(r)
	}
}

// detach takes row r out of its tree.
func (o *ordering) detach(r RowID) {
	leaf, at := o.entryOf(r)
	if o.isHead(r) {
		o.passOn(r, leaf, at)
	}
	o.remove(leaf, at)
}

// passOn has another row of the leaf of a head, which is its entry at, be the head.
func (o *ordering) passOn(head RowID, leaf nodeID, at int) {
	last := int(o.nodes.head(leaf).n) - 1 // as the first ones go first, as a rule
	if last == at {
		last = 0
	}
	r := RowID(o.nodes.refs(leaf)[last])
	o.heads.replace(o.short(head), head, r)
	*o.leaves.at(uint32(r)) |= flagBit
}

// entryOf returns the leaf that has a row, and which of its entries the row is; noNode if
// the row is alone.
func (o *ordering) entryOf(r RowID) (leaf nodeID, at int) {
	if l := &o.nodes.last; l.leaf != noNode && l.at < int(o.nodes.head(l.leaf).n) && o.nodes.refs(l.leaf)[l.at] == uint32(r) {
		return l.leaf, l.at
	}
	if leaf = o.leafOf(r); leaf == noNode {
		return noNode, 0
	}
	return leaf, o.position(leaf, uint32(r))
}

// reattach puts row r where it belongs after the first column of its sub-key, a
// number, has changed.
func (o *ordering) reattach(r RowID) {
	if o.isWaiting(r) {
		return
	}
	leaf, at := o.entryOf(r)
	if leaf == noNode || o.move(r, leaf, at) {
		return
	}
	other := o.neighbour(r, true)
	if other == NoRow {
		other = o.neighbour(r, false)
	}
	o.detach(r)
	o.attach(r, other)
}

// move gives a row, which is entry at of a leaf, its new lead, and reports whether it
// still is where it belongs for sure.
func (o *ordering) move(r RowID, leaf nodeID, at int) bool {
	h, leads, refs := o.nodes.head(leaf), o.nodes.leads(leaf), o.nodes.refs(leaf)
	was, lead, last := leads[at], o.lead(r), int(h.n)-1
	leads[at] = lead
	isBefore := at == 0 && (h.prev == noNode || lead > was) || at > 0 && o.compare(leads, refs, at-1, at) < 0
	return isBefore && (at == last && (h.next == noNode || lead < was) || at < last && o.compare(leads, refs, at, at+1) < 0)
}

// compare compares two entries of a leaf.
func (o *ordering) compare(leads []int64, refs []uint32, a, b int) int {
	if c := cmp.Compare(leads[a], leads[b]); c != 0 {
		return c
	}
	return o.compareTied(RowID(refs[a]), RowID(refs[b]), leads[a])
}

// neighbour returns the row of the key of r just behind it, or just before it.
func (o *ordering) neighbour(r RowID, behind bool) RowID {
	leaf, at := o.entryOf(r)
	switch {
	case leaf == noNode:
		return NoRow
	case behind:
		return o.rowAt(leaf, at+1)
	}
	return o.rowAt(leaf, at-1)
}

// rowAt returns an entry of a leaf, or the last of the leaf before it, the first of the
// one behind it, or NoRow.
func (o *ordering) rowAt(leaf nodeID, at int) RowID {
	switch h := o.nodes.head(leaf); {
	case at < 0:
		if leaf = h.prev; leaf != noNode {
			at = int(o.nodes.head(leaf).n) - 1
		}
	case at == int(h.n):
		leaf, at = h.next, 0
	}
	if leaf == noNode {
		return NoRow
	}
	o.nodes.last.leaf, o.nodes.last.at = leaf, at
	return RowID(o.nodes.refs(leaf)[at])
}

func (o *ordering) bytes() int {
	return o.heads.bytes() + o.links.bytes() + o.leaves.bytes() + o.nodes.bytes() + o.waiting.newest.bytes() + 4*cap(o.gone)
}
