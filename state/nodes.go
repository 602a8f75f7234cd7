package state

import (
	"fmt"
	"math/bits"
)

// nodes is the nodes of the trees of an ordering: arrays of 2 to maxEntries entries,
// with a pool for each capacity.
type nodes struct {
	pools [maxClass + 1]pool
	// climbed is the root that was found last, and from where. Where no node comes or
	// goes, no tree gets another root.
	climbed struct{ from, root nodeID }
	// last is the entry of a leaf that was found last. The row may be there no more.
	last struct {
		leaf nodeID
		at   int
	}
}

// nodeID is where a node is: its class (3 bits) and its number in the pool (28 bits).
// The class is the logarithm of the capacity and never 0. One more bit, the highest,
// is for who refers to the node.
type nodeID uint32

const (
	noNode      nodeID = 0
	maxClass           = 6
	maxEntries         = 1 << maxClass
	leafEntries        = 32 // as many as a leaf may have
	numberBits         = 28
	flagBit            = 1 << 31
)

func (id nodeID) class() uint32 { return uint32(id) >> numberBits & 7 }

func (id nodeID) number() uint32 { return uint32(id) & (1<<numberBits - 1) }

func (id nodeID) capacity() int { return 1 << id.class() }

// pool is nodes of one capacity. The entries of each stand side by side.
type pool struct {
	heads array[nodeHead]
	leads array[int64]
	refs  array[uint32]
	used  uint32 // nodes from here on were never used
	free  nodeID // the first of those that are free, each of which has the next one
}

// nodeHead is what there is of a node besides its entries.
type nodeHead struct {
	parent, prev, next nodeID
	n                  uint8 // entries
	level              uint8 // how many levels are below it: 0 of a leaf
}

func (o *nodes) head(id nodeID) *nodeHead { return o.pools[id.class()].heads.at(id.number()) }

// leads returns room for the leads of all entries.
func (o *nodes) leads(id nodeID) []int64 {
	return o.pools[id.class()].leads.piece(id.number()<<id.class(), 1<<id.class())
}

// refs returns room for what all entries refer to: rows of a leaf, other nodes else.
func (o *nodes) refs(id nodeID) []uint32 {
	return o.pools[id.class()].refs.piece(id.number()<<id.class(), 1<<id.class())
}

// take returns an empty node with room for so many entries.
func (o *nodes) take(entries int, level uint8) nodeID {
	o.climbed.from = noNode
	class := uint32(bits.Len(uint(entries - 1)))
	p := &o.pools[class]
	id := p.free
	if id == noNode {
		id = nodeID(class<<numberBits | p.used)
		p.extend(class)
	} else {
		p.free = p.heads.at(id.number()).next
	}
	*p.heads.at(id.number()) = nodeHead{level: level}
	return id
}

// extend makes room for a node that was never used.
func (p *pool) extend(class uint32) {
	if p.used++; p.used == 1<<numberBits {
		panic(fmt.Sprintf("state: a table has %d keys with some rows in order in one subtask; raise the parallelism of the step", p.used))
	}
	p.heads.grow(int(p.used))
	p.leads.grow(int(p.used) << class)
	p.refs.grow(int(p.used) << class)
}

// give makes a node free.
func (o *nodes) give(id nodeID) {
	o.climbed.from, o.last.leaf = noNode, noNode
	p := &o.pools[id.class()]
	p.heads.at(id.number()).next, p.free = p.free, id
}

func (o *nodes) bytes() (bytes int) {
	for i := range o.pools {
		p := &o.pools[i]
		bytes += p.heads.bytes() + p.leads.bytes() + p.refs.bytes()
	}
	return bytes
}
