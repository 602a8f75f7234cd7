package state

import (
	"math"
	"math/bits"
)

// A tree is the rows of a cluster in order, if there are several: a B+-tree (D. Comer, The
// ubiquitous B-tree, 1979). Leaves have rows and are linked; the entries of other nodes
// are nodes. A leaf alone is as small as its rows allow. Where there are more, leaves have
// room for leafEntries and other nodes for maxEntries, and are a quarter full at least
// once they have lost an entry.
//
// The lead of an entry that is a node is not above those of the rows below it, nor
// below those of the rows before them. That of a node's first entry does not count:
// there is nothing before it that it would have to be told from.

// target is what is looked for in a tree: a row, or the bound if that is NoRow.
type target struct {
	lead int64
	row  RowID
}

// isBehind reports whether a target is behind row r of the same lead.
func (o *ordering) isBehind(t target, r RowID) bool {
	if t.row == NoRow {
		return o.bound.isBehind(o.table, r)
	}
	return o.compareTied(r, t.row, t.lead) < 0
}

// rootOf returns the root of the tree of a node.
func (o *ordering) rootOf(id nodeID) nodeID {
	last := &o.nodes.climbed
	if id == last.from {
		return last.root
	}
	last.from, last.root = id, id
	for parent := o.nodes.head(id).parent; parent != noNode; parent = o.nodes.head(parent).parent {
		last.root = parent
	}
	return last.root
}

// locate returns the leaf in which a target is, and how many of its rows are before it.
func (o *ordering) locate(root nodeID, t target) (leaf nodeID, at int) {
	for id := root; ; {
		h := o.nodes.head(id)
		if h.level == 0 {
			return id, o.search(id, 0, int(h.n), t)
		}
		id = nodeID(o.nodes.refs(id)[o.search(id, 1, int(h.n), t)-1])
	}
}

// search returns the first entry from one on, of n, that a target is not behind. A node
// is where its first row is.
func (o *ordering) search(id nodeID, from, n int, t target) int {
	leads := o.nodes.leads(id)[:n]
	at := from + countBelow(leads[from:], t.lead)
	if at == n || leads[at] != t.lead {
		return at
	}
	end := n
	if t.lead != math.MaxInt64 {
		end = at + countBelow(leads[at:], t.lead+1)
	}
	for refs := o.nodes.refs(id); at < end; {
		middle := (at + end) / 2
		if o.isBehind(t, o.firstRow(id, refs[middle])) {
			at = middle + 1
		} else {
			end = middle
		}
	}
	return at
}

// countBelow returns how many of some rising numbers are below v. It first looks at
// each line of the cache once: no look waits for another one, as those of a binary
// search do, and no branch depends on one.
func countBelow(rising []int64, v int64) int {
	const line = 8
	lines := 0
	for i := line - 1; i < len(rising); i += line {
		lines += below(rising[i], v)
	}
	n := lines * line
	for _, number := range rising[n:min(n+line, len(rising))] {
		n += below(number, v)
	}
	return n
}

// below returns 1 if a is below b, or 0.
func below(a, b int64) int {
	_, borrow := bits.Sub64(biased(a), biased(b), 0)
	return int(borrow)
}

// firstRow returns the first row of an entry of node id.
func (o *ordering) firstRow(id nodeID, ref uint32) RowID {
	for level := o.nodes.head(id).level; level > 0; level-- {
		ref = o.nodes.refs(nodeID(ref))[0]
	}
	return RowID(ref)
}

// insert puts an entry into a node.
func (o *ordering) insert(id nodeID, at int, lead int64, ref uint32) {
	if int(o.nodes.head(id).n) == id.capacity() {
		id, at = o.makeRoom(id, at)
	}
	h, leads, refs := o.nodes.head(id), o.nodes.leads(id), o.nodes.refs(id)
	copy(leads[at+1:], leads[at:h.n])
	copy(refs[at+1:], refs[at:h.n])
	leads[at], refs[at] = lead, ref
	h.n++
	o.adopt(id, at, at+1)
}

// adopt has what entries of a node refer to, from one up to another, know of it.
func (o *ordering) adopt(id nodeID, from, until int) {
	refs := o.nodes.refs(id)[from:until]
	if o.nodes.head(id).level > 0 {
		for _, child := range refs {
			o.nodes.head(nodeID(child)).parent = id
		}
		return
	}
	for _, r := range refs {
		leaf := o.leaves.at(r)
		*leaf = *leaf&flagBit | id
	}
}

// makeRoom enlarges or splits a node that is full, and returns where its entry at,
// which is yet to come, belongs then.
func (o *ordering) makeRoom(id nodeID, at int) (nodeID, int) {
	full := id.capacity()
	if full < leafEntries {
		return o.resize(id, 2*full), at
	}
	h := o.nodes.head(id)
	keep := full / 2
	if at == full && h.next == noNode { // rows come in order, as a rule
		keep = full - 1
	}
	right := o.nodes.take(full, h.level)
	h = o.nodes.head(id)
	o.link(id, right, h.next)
	if h.parent == noNode {
		root := o.nodes.take(maxEntries, h.level+1)
		o.insert(root, 0, math.MinInt64, uint32(id))
	}
	h = o.nodes.head(id)
	lead := o.nodes.leads(id)[keep]
	o.moveRight(id, right, full-keep)
	o.insert(h.parent, o.position(h.parent, uint32(id))+1, lead, uint32(right))
	if at > keep {
		return right, at - keep
	}
	return id, at
}

// link puts a node between two neighbours, which may be none.
func (o *ordering) link(left, id, right nodeID) {
	o.nodes.head(id).prev, o.nodes.head(id).next = left, right
	o.nodes.head(left).next = id
	if right != noNode {
		o.nodes.head(right).prev = id
	}
}

// unlink has the neighbours of a node, which is not the first, be neighbours.
func (o *ordering) unlink(id nodeID) {
	h := o.nodes.head(id)
	o.nodes.head(h.prev).next = h.next
	if h.next != noNode {
		o.nodes.head(h.next).prev = h.prev
	}
}

// resize gives the only leaf of a tree another capacity.
func (o *ordering) resize(id nodeID, entries int) nodeID {
	to := o.nodes.take(entries, 0)
	o.moveLeft(to, id, int(o.nodes.head(id).n))
	o.nodes.give(id)
	return to
}

// position returns which entry of a node refers to something.
func (o *ordering) position(id nodeID, ref uint32) int {
	refs := o.nodes.refs(id)
	for at := range refs {
		if refs[at] == ref {
			return at
		}
	}
	panic("state: a node of an order lacks what is said to be in it")
}

// moveRight moves the last k entries of a node to the front of the next one.
func (o *ordering) moveRight(left, right nodeID, k int) {
	l, r := o.nodes.head(left), o.nodes.head(right)
	leads, refs := o.nodes.leads(right), o.nodes.refs(right)
	copy(leads[k:], leads[:r.n])
	copy(refs[k:], refs[:r.n])
	rest := int(l.n) - k
	copy(leads, o.nodes.leads(left)[rest:l.n])
	copy(refs, o.nodes.refs(left)[rest:l.n])
	l.n, r.n = uint8(rest), r.n+uint8(k)
	o.adopt(right, 0, k)
}

// moveLeft moves the first k entries of a node to the end of the one before it.
func (o *ordering) moveLeft(left, right nodeID, k int) {
	l, r := o.nodes.head(left), o.nodes.head(right)
	leads, refs, had := o.nodes.leads(right), o.nodes.refs(right), int(l.n)
	copy(o.nodes.leads(left)[had:], leads[:k])
	copy(o.nodes.refs(left)[had:], refs[:k])
	copy(leads, leads[k:r.n])
	copy(refs, refs[k:r.n])
	l.n, r.n = uint8(had+k), r.n-uint8(k)
	o.adopt(left, had, had+k)
}

// remove takes an entry out of a node, which leaves at least one.
func (o *ordering) remove(id nodeID, at int) {
	h, leads, refs := o.nodes.head(id), o.nodes.leads(id), o.nodes.refs(id)
	copy(leads[at:], leads[at+1:h.n])
	copy(refs[at:], refs[at+1:h.n])
	h.n--
	switch {
	case h.parent != noNode && int(h.n) <= id.capacity()/4:
		o.fill(id, h.parent)
	case h.parent != noNode:
	case h.level > 0 && h.n == 1:
		o.nodes.head(nodeID(refs[0])).parent = noNode
		o.nodes.give(id)
	case h.level == 0 && h.n == 1:
		*o.leaves.at(refs[0]) = flagBit
		o.nodes.give(id)
	case h.level == 0 && int(h.n) <= id.capacity()/4:
		o.resize(id, id.capacity()/2)
	}
}

// fill joins a node that has few entries with a neighbour of the same parent, or has
// both have about as many if together they would nearly fill one.
func (o *ordering) fill(id, parent nodeID) {
	siblings := o.nodes.refs(parent)
	at := max(1, o.position(parent, uint32(id)))
	left, right := nodeID(siblings[at-1]), nodeID(siblings[at])
	l, r := o.nodes.head(left), o.nodes.head(right)
	separator := &o.nodes.leads(parent)[at]
	if l.level > 0 {
		o.nodes.leads(right)[0] = *separator
	}
	n, m := int(l.n), int(r.n)
	switch {
	case n+m <= id.capacity()/4*3:
		o.moveLeft(left, right, m)
		o.unlink(right)
		o.nodes.give(right)
		o.remove(parent, at)
		return
	case n < m:
		o.moveLeft(left, right, (m-n)/2)
	default:
		o.moveRight(left, right, (n-m)/2)
	}
	*separator = o.nodes.leads(right)[0]
}
