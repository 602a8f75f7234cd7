package memfs

import (
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
)

// block is how much of an unsynced tail is lost or kept together.
const block = 512

// Clone returns a copy with all that was done: what a killed process leaves.
// Faults and log stay with the original, and so do open files.
func (f *FS) Clone() *FS {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := cloner{nodes: map[*node]*node{}}
	clone := &FS{root: c.node(f.root), total: f.total}
	edits := map[*edit]*edit{}
	for _, e := range f.pending {
		edits[e] = &edit{dir: c.node(e.dir), name: e.name, node: c.node(e.node), needs: edits[e.needs]}
		clone.pending = append(clone.pending, edits[e])
	}
	return clone
}

// cloner copies nodes, each once: a file with two names stays one file.
type cloner struct {
	nodes map[*node]*node
}

func (c *cloner) node(n *node) *node {
	if n == nil {
		return nil
	}
	if copied, ok := c.nodes[n]; ok {
		return copied
	}
	// No byte of a file changes, so that two of them may share what is there already.
	copied := &node{isDir: n.isDir, content: n.shared(), appended: n.appended, cut: slices.Clone(n.cut)}
	c.nodes[n] = copied
	if n.isDir {
		copied.names, copied.durable = map[string]*node{}, map[string]*node{}
		for name, child := range n.names {
			copied.names[name] = c.node(child)
		}
		for name, child := range n.durable {
			copied.durable[name] = c.node(child)
		}
	}
	return copied
}

// shared returns the content for somebody else, who appends to a copy.
func (c content) shared() content { return content{slices.Clip(c.data), c.synced} }

// CrashClone returns the file system as it may be found after a power cut at
// this moment; random decides what survives of that which was not synced.
func (f *FS) CrashClone(random *rand.Rand) *FS {
	f.mu.Lock()
	defer f.mu.Unlock()
	survivors := map[*node]map[string]*node{}
	names := func(dir *node) map[string]*node {
		if survivors[dir] == nil {
			survivors[dir] = maps.Clone(dir.durable)
		}
		return survivors[dir]
	}
	kept := map[*edit]bool{}
	for _, e := range f.pending {
		rests := e.needs == nil || e.needs.durable || kept[e.needs]
		if random.IntN(2) == 0 || !rests {
			continue
		}
		kept[e] = true
		e.apply(names(e.dir))
	}
	c := crash{random: random, names: names, nodes: map[*node]*node{}}
	return &FS{root: c.node(f.root), total: f.total}
}

// crash builds what the medium holds.
type crash struct {
	random *rand.Rand
	names  func(dir *node) map[string]*node
	nodes  map[*node]*node
}

func (c *crash) node(n *node) *node {
	if survivor, ok := c.nodes[n]; ok {
		return survivor
	}
	survivor := &node{isDir: n.isDir}
	c.nodes[n] = survivor
	if !n.isDir {
		survivor.data, survivor.appended = c.left(n), n.appended
		survivor.synced = len(survivor.data)
		return survivor
	}
	survivor.names = map[string]*node{}
	names := c.names(n)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		survivor.names[name] = c.node(names[name])
	}
	survivor.durable = maps.Clone(survivor.names)
	return survivor
}

// left returns what is left of a file: as it is, or as it was before a Truncate that
// did not reach the medium.
func (c *crash) left(n *node) []byte {
	if len(n.cut) == 0 {
		return c.torn(n.content, n.appended)
	}
	which := c.random.IntN(len(n.cut) + 1)
	if which == len(n.cut) {
		return c.torn(n.content, n.appended)
	}
	data := c.torn(n.cut[which], true)
	// What was written where the file had been cut off may be there even so.
	for from, to := range c.blocks(n.synced, min(len(data), len(n.data))) {
		if c.random.IntN(4) == 0 {
			copy(data[from:to], n.data[from:to])
		}
	}
	return data
}

// torn returns all that was synced, then a tail cut off somewhere, in which blocks that
// did not reach the medium are zeros. Of a file that is appended to, the end of the tail may
// be anything.
func (c *crash) torn(was content, appended bool) []byte {
	tail := len(was.data) - was.synced
	if tail == 0 {
		return slices.Clone(was.data)
	}
	kept := 0
	switch c.random.IntN(3) {
	case 0: // nothing of the tail
	case 1:
		kept = tail
	case 2:
		kept = c.random.IntN(tail + 1)
	}
	data := slices.Clone(was.data[:was.synced+kept])
	for from, to := range c.blocks(was.synced, len(data)) {
		if c.random.IntN(4) == 0 {
			clear(data[from:to])
		}
	}
	if appended && kept > 0 {
		c.spoil(data[was.synced+c.random.IntN(kept):])
	}
	return data
}

// spoil makes garbage of the end of a tail, or zeros, or leaves it.
func (c *crash) spoil(end []byte) {
	switch c.random.IntN(4) {
	case 0:
		clear(end)
	case 1:
		for i := range end {
			end[i] = byte(c.random.Uint32())
		}
	}
}

// blocks returns the blocks between two places of a file.
func (c *crash) blocks(from, to int) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		for ; from < to && yield(from, min(from+block, to)); from += block {
		}
	}
}
