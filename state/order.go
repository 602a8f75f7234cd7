package state

import (
	"cmp"
	"math"
)

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

// ordering is the rows of each key in order: a search tree for each, balanced by
// random priorities (R. Seidel and C. Aragon, Randomized search trees, 1996). The
// priority of a row is a hash of its id.
//
// It follows from the rows and is never part of a snapshot.
type ordering struct {
	table *Table
	heads index // the root of each tree, by the hash of its key and of what it is within
	nodes nodes
	bound bound   // of the Seek that is under way
	first *column // by which rows are ordered, if there is one
	whole bool    // the lead of its values is all of them, nulls aside
}

// node is the neighbours of a row in the tree of its key, each of which may be NoRow.
type node struct {
	lead                int64 // [column.lead] of the first column of the order
	left, right, parent RowID
}

// nodes is a node per row, in pages like those of columns.
type nodes struct{ pages [][]node }

func (n *nodes) at(r RowID) *node { return &n.pages[r>>pageShift][r&pageMask] }

// grow makes room for n nodes.
func (n *nodes) grow(rows int) {
	if len(n.pages) > 0 && len(n.pages[0]) < min(rows, pageWords) {
		first := make([]node, firstPageWords(rows, 2*len(n.pages[0])))
		copy(first, n.pages[0])
		n.pages[0] = first
	}
	for len(n.pages)<<pageShift < rows {
		size := pageWords
		if len(n.pages) == 0 {
			size = firstPageWords(rows, firstWords)
		}
		n.pages = append(n.pages, make([]node, size))
	}
}

func (n *nodes) bytes() (bytes int) {
	for _, p := range n.pages {
		bytes += 24 * len(p)
	}
	return bytes
}

// openOrder puts the rows that there are in order.
func (t *Table) openOrder() {
	t.order = nil
	if t.spec.Ordered == Unordered {
		return
	}
	t.order = &ordering{table: t, heads: newIndex(0)}
	t.order.nodes.grow(t.hash.len())
	t.order.bound.values = make([]scalar, len(t.spec.Sub))
	if t.spec.Within < len(t.spec.Sub) {
		t.order.first = &t.subs()[t.spec.Within]
		t.order.whole = t.order.first.isInteger()
	}
	for r := t.live.next(0); r != NoRow; r = t.live.next(r + 1) {
		t.order.attach(r, t.order.headLike(r))
	}
}

// head returns the root of the rows whose key is that of the batch, of one row, and
// which the bound is among, or NoRow.
func (o *ordering) head() RowID {
	t := o.table
	short := shortHash(t.batch.hashes[0], o.bound.hash(t))
	for r, at := o.heads.next(short, short); r != NoRow; r, at = o.heads.next(short, at) {
		if t.matches(r, 0, len(t.spec.Key)) && o.bound.isWithin(t, r) {
			return r
		}
	}
	return NoRow
}

// headLike returns the root of the rows that row r belongs to, or NoRow.
func (o *ordering) headLike(r RowID) RowID {
	short := o.short(r)
	for q, at := o.heads.next(short, short); q != NoRow; q, at = o.heads.next(short, at) {
		if o.table.sameKey(q, r) {
			return q
		}
	}
	return NoRow
}

func (o *ordering) short(r RowID) uint32 {
	return shortHash(o.table.hash.get(r), o.table.hashOf(r, o.table.spec.Within))
}

// attach puts row r among the rows of its key, whose root is given or NoRow.
func (o *ordering) attach(r, root RowID) {
	*o.nodes.at(r) = node{o.lead(r), NoRow, NoRow, NoRow}
	if root == NoRow {
		o.heads.add(o.short(r), r)
		return
	}
	o.addLeaf(r, root)
	for n := o.nodes.at(r); n.parent != NoRow && priority(r) < priority(n.parent); {
		o.rotate(r)
	}
}

// addLeaf puts row r below all rows of the tree of a root.
func (o *ordering) addLeaf(r, root RowID) {
	for p := root; ; {
		child := &o.nodes.at(p).right
		if o.table.compare(r, p) < 0 {
			child = &o.nodes.at(p).left
		}
		if *child == NoRow {
			*child, o.nodes.at(r).parent = r, p
			return
		}
		p = *child
	}
}

// lead returns what most comparisons of row r need.
func (o *ordering) lead(r RowID) int64 {
	if o.first == nil {
		return 0
	}
	return o.table.directedLead(o.first.lead(o.first.scalar(r)))
}

func priority(r RowID) uint32 {
	x := uint64(r+1) * 0x9E3779B97F4A7C15
	return uint32(x>>32 ^ x>>7)
}

// rotate has row r and its parent change places. REQUIRES: it has one.
func (o *ordering) rotate(r RowID) {
	n := o.nodes.at(r)
	p := n.parent
	parent := o.nodes.at(p)
	moves := &n.right // the subtree between r and p
	if parent.left == r {
		parent.left = n.right
	} else {
		moves = &n.left
		parent.right = n.left
	}
	if *moves != NoRow {
		o.nodes.at(*moves).parent = p
	}
	*moves, n.parent = p, parent.parent
	parent.parent = r
	o.reparent(p, n.parent, r)
}

// reparent has what referred to row old, its parent or the head, refer to row r.
func (o *ordering) reparent(old, parent, r RowID) {
	switch {
	case parent == NoRow:
		o.heads.replace(o.short(old), old, r)
	case o.nodes.at(parent).left == old:
		o.nodes.at(parent).left = r
	default:
		o.nodes.at(parent).right = r
	}
}

// detach takes row r out of the rows of its key.
func (o *ordering) detach(r RowID) {
	n := o.nodes.at(r)
	for n.left != NoRow && n.right != NoRow {
		if priority(n.left) < priority(n.right) {
			o.rotate(n.left)
		} else {
			o.rotate(n.right)
		}
	}
	child := n.left
	if child == NoRow {
		child = n.right
	}
	if child == NoRow && n.parent == NoRow {
		o.heads.remove(o.short(r), r)
		return
	}
	if child != NoRow {
		o.nodes.at(child).parent = n.parent
	}
	o.reparent(r, n.parent, child)
}

// reattach puts row r where it belongs after the first column of its sub-key, a
// number, has changed.
func (o *ordering) reattach(r RowID) {
	n := o.nodes.at(r)
	was := n.lead
	n.lead = o.lead(r)
	forward := n.lead >= was
	root := o.neighbour(r, forward)
	if root == NoRow || o.table.compare(r, root) < 0 == forward {
		return
	}
	o.detach(r)
	for p := o.nodes.at(root).parent; p != NoRow; p = o.nodes.at(root).parent {
		root = p
	}
	o.attach(r, root)
}

// neighbour returns the row of the key of r just behind it, or just before it.
func (o *ordering) neighbour(r RowID, behind bool) RowID {
	n := o.nodes.at(r)
	if below := n.side(behind); below != NoRow {
		for q := below; q != NoRow; q = o.nodes.at(q).side(!behind) {
			below = q
		}
		return below
	}
	for p := n.parent; p != NoRow; r, p = p, o.nodes.at(p).parent {
		if o.nodes.at(p).side(behind) != r {
			return p
		}
	}
	return NoRow
}

func (n *node) side(right bool) RowID {
	if right {
		return n.right
	}
	return n.left
}

func (o *ordering) bytes() int { return o.heads.bytes() + o.nodes.bytes() }

// compare compares two rows of a key: their sub-keys, then the order in which they
// were made.
func (t *Table) compare(r, q RowID) int {
	if a, b := t.order.nodes.at(r).lead, t.order.nodes.at(q).lead; a != b {
		return cmp.Compare(a, b)
	}
	subs := t.subs()
	for i := t.spec.Within + t.order.leadsOver(r); i < len(subs); i++ {
		if c := subs[i].compareRows(r, q); c != 0 {
			return t.directed(c)
		}
	}
	if !t.spec.Multi || r == q {
		return 0
	}
	return cmp.Compare(t.number.get(r), t.number.get(q))
}

// directed is the result of a comparison in the order of the table.
func (t *Table) directed(c int) int {
	if t.spec.Ordered == Descending {
		return -c
	}
	return c
}

// leadsOver returns how many columns of the sub-keys of two rows are equal if their
// leads are: the first, unless its values have more to them.
func (o *ordering) leadsOver(r RowID) int {
	if lead := o.nodes.at(r).lead; o.whole && lead != math.MaxInt64 && lead != math.MinInt64 { // those are nulls, perhaps
		return 1
	}
	return 0
}

func (t *Table) directedLead(lead int64) int64 {
	if t.spec.Ordered == Descending {
		return ^lead
	}
	return lead
}

// scalar is one value of a column: a word, or a text.
type scalar struct {
	word uint64
	text []byte
	null bool
}

func (c *column) scalar(r RowID) scalar {
	if c.isNull(r) {
		return scalar{null: true}
	}
	if c.heap != nil {
		return scalar{text: c.heap.get(c.words.get(r))}
	}
	return scalar{word: c.words.get(r)}
}
