package memfs

import (
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
	clone := &FS{root: c.node(f.root)}
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
	// Files only grow, so that two of them may share what is there already.
	copied := &node{isDir: n.isDir, data: n.data[:len(n.data):len(n.data)], synced: n.synced}
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
	return &FS{root: c.node(f.root)}
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
		survivor.data = c.content(n)
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

// content returns what is left of a file: all that was synced, then a tail cut
// off somewhere, in which blocks that did not reach the medium are zeros.
func (c *crash) content(n *node) []byte {
	tail := len(n.data) - n.synced
	if tail == 0 {
		return slices.Clone(n.data)
	}
	kept := 0
	switch c.random.IntN(3) {
	case 0: // nothing of the tail
	case 1:
		kept = tail
	case 2:
		kept = c.random.IntN(tail + 1)
	}
	data := slices.Clone(n.data[:n.synced+kept])
	for at := n.synced; at < len(data); at += block {
		if c.random.IntN(4) == 0 {
			clear(data[at:min(at+block, len(data))])
		}
	}
	return data
}
