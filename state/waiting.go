package state

import (
	"math/bits"
	"slices"
)

// Rows that are inserted wait at first: nobody has looked for them yet, and they have no place in
// order. They are chained with others of their short hash, until somebody looks for a cluster of
// it, or until they leave memory or are deleted. So rows that come and go unseen, as those of a
// side of a join that are written away before a partner comes, cost no place in a tree.

// waits is what leaves says of a row that waits: no node is named like this.
const waits nodeID = 1

// longestChain is how many rows of one short hash may wait.
const longestChain = 1024

// waiting is the rows of an ordering that wait.
type waiting struct {
	newest index // of each chain, whose links are those of the ordering
	count  int   // of rows
	shorts []uint32
	seen   uint64 // what touch has read, so that it is read
}

// canWait reports whether rows of the table may wait.
func (o *ordering) canWait() bool { return o.table.spec.Multi }

// wait has rows wait that selected rows have made.
func (o *ordering) wait(rows []RowID, made []int32) {
	o.sought.k = nobody
	o.links.grow(o.table.hash.len())
	w := &o.waiting
	w.shorts = slices.Grow(w.shorts[:0], len(made))[:len(made)]
	for i, k := range made {
		w.shorts[i] = o.short(rows[k])
		w.seen += w.newest.touch(w.shorts[i])
	}
	for i, k := range made {
		*o.leaves.at(uint32(rows[k])) = waits
		*o.links.at(uint32(rows[k])) = link{w.newest.swap(w.shorts[i], rows[k]), flagBit | 1}
	}
	w.count += len(made)
	isLong := false
	for _, k := range made {
		if l := o.links.at(uint32(rows[k])); l.next != NoRow && o.chainUp(rows[k], l) {
			isLong = true
		}
	}
	for i := 0; isLong && i < len(made); i++ {
		if r := rows[made[i]]; o.isWaiting(r) && o.links.at(uint32(r)).prev >= flagBit|longestChain {
			o.settle(w.shorts[i])
		}
	}
}

// chainUp has the row before the newest one of a chain know of it, and reports whether the chain
// is too long. The newest has, in place of one behind it, with flagBit how many rows the chain
// has had.
func (o *ordering) chainUp(r RowID, l *link) (isLong bool) {
	next := o.links.at(uint32(l.next))
	l.prev, next.prev = next.prev+1, r
	return l.prev >= flagBit|longestChain
}

// isWaiting reports whether a row waits.
func (o *ordering) isWaiting(r RowID) bool {
	return o.waiting.count > 0 && *o.leaves.at(uint32(r)) == waits
}

// unwait takes a row out of those that wait.
func (o *ordering) unwait(r RowID) {
	w, l := &o.waiting, *o.links.at(uint32(r))
	switch {
	case l.prev&flagBit == 0:
		o.links.at(uint32(l.prev)).next = l.next
	case l.next != NoRow:
		w.newest.replace(o.short(r), r, l.next)
	default:
		w.newest.remove(o.short(r), r)
	}
	if l.next != NoRow {
		o.links.at(uint32(l.next)).prev = l.prev
	}
	*o.leaves.at(uint32(r)) = noNode
	w.leave()
}

// leave notes that a row does not wait any more.
func (w *waiting) leave() {
	if w.count--; w.count == 0 && w.newest.bytes() > mostIdle {
		w.newest = newIndex(0)
	}
}

// mostIdle is how many bytes the index of what waits may take where nothing does.
const mostIdle = 256 << 10

// touch reads what is needed to have rows leave, of a word of them.
func (o *ordering) touch(word int, rows uint64) {
	for w := &o.waiting; w.count > 0 && rows != 0; rows &= rows - 1 {
		r := RowID(word<<6 + bits.TrailingZeros64(rows))
		w.seen += w.newest.touch(o.short(r))
	}
}

// settle puts the rows in order that wait and have a short hash: the oldest first, for trees are
// made for rows that come in order.
func (o *ordering) settle(short uint32) {
	w := &o.waiting
	if w.count == 0 {
		return
	}
	r, _ := w.newest.next(short, short)
	if r == NoRow {
		return
	}
	w.newest.remove(short, r)
	for next := o.links.at(uint32(r)).next; next != NoRow; next = o.links.at(uint32(r)).next {
		r = next
	}
	for more := true; more; {
		before := o.links.at(uint32(r)).prev
		w.leave()
		o.settleRow(r, short)
		r, more = before, before&flagBit == 0
	}
}

// settleRow puts a row in order that does not wait any more.
func (o *ordering) settleRow(r RowID, short uint32) {
	one := o.headAmong(r, short)
	o.add(r, one)
	if c := o.table.cold; c != nil {
		c.inherit(r, one, one == NoRow && c.isEmpty())
	}
}

// settleLike puts the rows in order that wait and have the short hash of a row.
func (o *ordering) settleLike(r RowID) {
	if o.waiting.count > 0 {
		o.settle(o.short(r))
	}
}

// settleBeside does so where a row that waits has others of its cluster in order, which may be
// said to be in memory as a whole: it may not leave without them.
func (o *ordering) settleBeside(r RowID) {
	if o.heads.rows == 0 || !o.isWaiting(r) {
		return
	}
	short := o.short(r)
	if head, _ := o.heads.next(short, short); head != NoRow {
		o.settle(short)
	}
}

// settleBatch puts the rows in order that the batch could look for.
func (o *ordering) settleBatch() {
	if o.waiting.count == 0 {
		return
	}
	for k := range o.table.batch.hashes {
		o.settle(o.table.batch.shortHash(k))
	}
}
