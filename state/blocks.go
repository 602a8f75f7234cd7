package state

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"sync"
)

// blockBytes is the size of a block.
const blockBytes = 256 << 10

// blockPool is memory that the snapshots of a backend use one after the other, so that
// a checkpoint a second leaves next to nothing to collect: with a large heap the
// collector lets garbage pile up to a multiple of it. Several goroutines use it.
type blockPool struct {
	mu     sync.Mutex
	free   [][]byte
	least  int        // blocks that were free all the time since the last trim
	buffer *rowBuffer // that nobody uses
	idle   bool       // nobody has used it since the last trim
	held   *gauge     // of the tier; nil is none
}

// get returns an empty block, or memory of its own for more than a block holds.
func (p *blockPool) get(need int) []byte {
	if need > blockBytes {
		p.held.add(int64(need))
		return make([]byte, 0, need)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.free) - 1
	if n < 0 {
		p.held.add(blockBytes)
		return make([]byte, 0, blockBytes)
	}
	block := p.free[n]
	p.free, p.least = p.free[:n], min(p.least, n)
	return block
}

// put takes blocks back that nobody looks at any more.
func (p *blockPool) put(blocks [][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, block := range blocks {
		if cap(block) == blockBytes {
			p.free = append(p.free, block[:0])
		} else {
			p.held.add(-int64(cap(block)))
		}
	}
}

// trim gives up what nobody has needed since the last time.
func (p *blockPool) trim() {
	p.mu.Lock()
	defer p.mu.Unlock()
	kept := len(p.free) - p.least
	clear(p.free[kept:])
	p.held.add(-int64(len(p.free)-kept) * blockBytes)
	p.free, p.least = p.free[:kept], kept
	if p.idle && p.buffer != nil {
		p.held.add(-p.buffer.counted)
		p.buffer = nil
	}
	p.idle = true
}

// takeBuffer returns a buffer, which [blockPool.putBuffer] takes back.
func (p *blockPool) takeBuffer() *rowBuffer {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.buffer
	p.idle = false
	if p.buffer = nil; b == nil {
		b = &rowBuffer{pool: p}
	}
	return b
}

func (p *blockPool) putBuffer(b *rowBuffer) {
	b.reset()
	p.held.add(b.grown())
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.buffer != nil {
		p.held.add(-p.buffer.counted)
	}
	p.buffer = b
}

// rowLog is rows as a snapshot has them, in the order in which they came: the lengths
// of key and value, u32 each, the key and the value.
type rowLog struct {
	blocks [][]byte
	row    []byte // scratch
	err    error
}

const logHeader = 8

// add appends a row.
func (g *rowLog) add(p *blockPool, l layout, c *columns, r RowID) {
	g.row = l.appendKey(append(g.row[:0], make([]byte, logHeader)...), c, r)
	key := len(g.row) - logHeader
	g.row = l.appendValue(g.row, c, r)
	if g.err = cmp.Or(g.err, checkRow(len(g.row))); g.err != nil {
		return
	}
	binary.LittleEndian.PutUint32(g.row, uint32(key))
	binary.LittleEndian.PutUint32(g.row[4:], uint32(len(g.row)-logHeader-key))
	g.blocks = appendBlocks(g.blocks, p, g.row)
}

// appendBlocks appends bytes, which lie in one block.
func appendBlocks(blocks [][]byte, p *blockPool, content []byte) [][]byte {
	last := len(blocks) - 1
	if last < 0 || len(content) > cap(blocks[last])-len(blocks[last]) {
		blocks, last = append(blocks, p.get(len(content))), last+1
	}
	blocks[last] = append(blocks[last], content...)
	return blocks
}

// checkRow fails if a row is longer than lengths can say.
func checkRow(bytes int) error {
	if bytes >= math.MaxUint32 {
		return fmt.Errorf("a row of %d bytes is more than a snapshot can hold, 4 GiB; keep less in it", bytes)
	}
	return nil
}
