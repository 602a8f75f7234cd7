package state

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/weirstream/weir/state/runs"
)

// The keys of a cluster begin alike: with the hash, the key and the columns of the sub-key
// that its rows have in common. So it is a range of a run, and comes up as a whole before
// anybody looks at more than single rows of it. Rows that are inserted need no such look.

// bringSought brings the cluster that Seek is about up, of selected row k and the bound; where
// rows have nothing but their key in common, those of all keys of the batch.
func (t *Table) bringSought(k int) {
	c, o := t.cold, t.order
	switch {
	case c.isEmpty():
		return
	case t.spec.Within == 0:
		if !c.asked {
			t.bringClusters(len(t.spec.Key))
			c.asked = true
		}
		return
	}
	if c.isKnown(o.headOf(k)) {
		return
	}
	c.values = t.appendScalars(c.values[:0], k, len(t.spec.Key))
	c.values = append(c.values, o.bound.values[:t.spec.Within]...)
	t.bringCluster(t.batch.hashes[k])
	t.markWhole(o.headOf(k))
}

// bringOthers brings the other rows of the cluster of a row up.
func (t *Table) bringOthers(r RowID) {
	c := t.cold
	if c == nil || c.isEmpty() || c.whole.has(r) {
		return
	}
	c.values = c.values[:0]
	for i := range len(t.spec.Key) + t.spec.Within {
		c.values = append(c.values, t.keys[i].scalar(r))
	}
	t.bringCluster(t.hash.get(r))
	t.markWhole(t.order.headLike(r))
}

// bringCluster brings the cluster up that has a hash and the values of cold.
func (t *Table) bringCluster(hash uint64) {
	c := t.cold
	c.keys, c.sought = c.keys[:0], c.sought[:0]
	t.askFor(hash, 0)
	t.bringRanges()
}

// bringClusters brings the clusters up that the selected rows of the batch name by so many
// columns, as far as they are not in memory.
func (t *Table) bringClusters(columns int) {
	c, b := t.cold, &t.batch
	if c.isEmpty() {
		return
	}
	c.keys, c.sought = c.keys[:0], c.sought[:0]
	for k, hash := range b.hashes {
		if c.isKnown(t.order.find(k, columns)) {
			continue
		}
		c.values = t.appendScalars(c.values[:0], k, columns)
		t.askFor(hash, int32(k))
	}
	t.bringRanges()
	for _, s := range c.sought {
		t.markWhole(t.order.find(int(s.k), columns))
	}
}

// appendScalars appends the values of selected row k in so many of the first columns of key
// and sub-key.
func (t *Table) appendScalars(to []scalar, k, columns int) []scalar {
	for i := range columns {
		v := &t.batch.keys[i]
		switch {
		case v.isNull(k):
			to = append(to, scalar{null: true})
		case t.keys[i].heap != nil:
			to = append(to, scalar{text: v.text(k)})
		default:
			to = append(to, scalar{word: v.words[k]})
		}
	}
	return to
}

// askFor adds what the keys of a cluster begin with to what is looked for.
func (t *Table) askFor(hash uint64, k int32) {
	c, bucket := t.cold, t.layout.bucket
	at := len(c.keys)
	if bucket >= 0 {
		time := int64(noBucket)
		if v := c.values[bucket]; !v.null {
			time = int64(v.word)
		}
		c.keys = runs.AppendBucket(c.keys, time)
	}
	c.keys = binary.BigEndian.AppendUint64(c.keys, hash)
	for i, v := range c.values {
		switch {
		case i != bucket:
			c.keys = t.keys[i].appendScalar(c.keys, v)
		case v.null:
			c.keys = append(c.keys, nullValue)
		default:
			c.keys = append(c.keys, plainValue)
		}
	}
	c.sought = append(c.sought, soughtKey{int32(at), int32(len(c.keys)), k})
}

// sort puts what is looked for in order, each once.
func (c *cold) sort() {
	slices.SortFunc(c.sought, func(a, b soughtKey) int { return bytes.Compare(c.keyOf(a), c.keyOf(b)) })
	c.sought = slices.CompactFunc(c.sought, func(a, b soughtKey) bool { return bytes.Equal(c.keyOf(a), c.keyOf(b)) })
}

func (c *cold) keyOf(s soughtKey) []byte { return c.keys[s.at:s.end] }

// bringRanges takes up what runs have in the ranges that are looked for, in one pass for each,
// from the newest on.
func (t *Table) bringRanges() {
	c := t.cold
	c.sort()
	c.hidden.reset()
	through, drops := chain(nil).dropped()
	for i, r := range c.runs {
		for _, s := range c.sought {
			if from := c.keyOf(s); !drops || runs.Bucket(from) > through {
				t.takeRange(r, from, i == len(c.runs)-1)
			}
		}
		through, drops = chain(c.runs[:i+1]).dropped()
	}
}

// takeRange takes up what a run has of keys that begin alike.
func (t *Table) takeRange(run *coldRun, prefix []byte, isOldest bool) {
	c, it := t.cold, run.lookup
	for ok := it.FindPrefix(prefix); ok && bytes.HasPrefix(it.Key(), prefix); ok = it.Next() {
		switch {
		case !it.Deleted():
			if !c.hidden.has(it.Key()) {
				t.takeUp(it.Key(), it.Value(), false)
			}
		case !isOldest:
			c.hidden.add(it.Key())
		}
	}
	t.fail(it.Err())
}

// isKnown reports whether there is a head whose cluster is in memory with all its rows, and
// notes that somebody asked for it.
func (c *cold) isKnown(head RowID) bool {
	if head == NoRow || !c.whole.has(head) {
		return false
	}
	c.used.grow(int(head) + 1)
	c.used.set(head)
	return true
}

// markWhole notes that the cluster of a head is in memory with all its rows.
func (t *Table) markWhole(head RowID) {
	if head == NoRow {
		return
	}
	c := t.cold
	c.used.grow(int(t.limit))
	c.used.set(head)
	c.whole.grow(int(t.limit))
	c.rows = t.order.members(c.rows[:0], head)
	for _, r := range c.rows {
		c.whole.set(r)
	}
}

// inherit notes whether the cluster of a new row is in memory with all its rows: as another
// row of it says or, if there is none, as it is said here.
func (c *cold) inherit(r, one RowID, whole bool) {
	c.whole.grow(int(r) + 1)
	if one != NoRow {
		whole = c.whole.has(one)
	}
	if whole {
		c.whole.set(r)
	} else {
		c.whole.clear(r)
	}
}

// evictCluster takes the rows of a cluster, which is in memory with all of them, out of it as
// far as that is possible, unless somebody has asked for it lately. It returns how many.
func (t *Table) evictCluster(r RowID) (n int) {
	c, o := t.cold, t.order
	if c.used.has(o.headLike(r)) {
		return 0
	}
	c.rows = o.members(c.rows[:0], r)
	for _, r := range c.rows {
		c.whole.clear(r) // also of those that stay
	}
	for _, r := range c.rows {
		if t.clean(int(r>>6))>>(r&63)&1 != 0 && !c.rise.holds(t, r) {
			t.forget(r)
			n++
		}
	}
	return n
}
