package record

import (
	"fmt"
	"math/bits"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/apache/arrow/go/v15/arrow/memory"
)

// Buffers come in powers of two between these sizes; larger ones are not kept.
const (
	minClass = 6  // 64 bytes
	maxClass = 24 // 16 MiB
)

// keepPerClass bounds how much idle memory a class may hold on to.
const keepPerClass = 16 << 20

// Pool lends columns, batches and raw buffers and takes them back, so that a
// job in steady state allocates nothing per batch. It is safe for concurrent
// use and is an Arrow allocator, for readers and writers of Arrow's own.
//
// A checked pool is for tests: what it lends is filled with what no one expects,
// released memory is overwritten at once and never lent again, a second release
// panics, and [Pool.Check] finds what was written or kept after its release.
type Pool struct {
	checked bool

	mu      sync.Mutex
	free    [maxClass + 1][][]byte
	columns []*Column
	batches []*Batch
	// quarantine holds what a checked pool took back.
	quarantine [][]byte

	heldBytes   atomic.Int64 // what is lent or kept
	mostBytes   atomic.Int64 // the most that was held
	liveBytes   atomic.Int64
	liveColumns atomic.Int64
	liveBatches atomic.Int64
}

var _ memory.Allocator = (*Pool)(nil)

// NewPool returns an empty pool.
func NewPool() *Pool { return &Pool{} }

// NewCheckedPool returns a pool that finds misuse, at the price of speed and of
// never freeing memory.
func NewCheckedPool() *Pool { return &Pool{checked: true} }

// Checked reports whether the pool finds misuse: what else can be checked in a test
// is then, too.
func (p *Pool) Checked() bool { return p.checked }

// Check reports, as an error, columns and batches that were never released
// and, in a checked pool, memory written after its release.
func (p *Pool) Check() error {
	if c, b := p.liveColumns.Load(), p.liveBatches.Load(); c != 0 || b != 0 || p.liveBytes.Load() != 0 {
		return fmt.Errorf("record pool: %d columns, %d batches and %d bytes were not released", c, b, p.liveBytes.Load())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, buf := range p.quarantine {
		for i, v := range buf {
			if v != poison {
				return fmt.Errorf("record pool: byte %d of a buffer of %d was written after its release", i, len(buf))
			}
		}
	}
	return nil
}

// poison fills the buffers that a checked pool lends and those that it took back:
// as an int64 or an offset it is far out of any plausible range.
const poison = 0xDB

func fillWithPoison(b []byte) {
	b[0] = poison
	for n := 1; n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
}

// Allocate returns a buffer of size bytes with unspecified content.
func (p *Pool) Allocate(size int) []byte {
	if size == 0 {
		return nil
	}
	class := classOf(size)
	p.liveBytes.Add(int64(capOf(class, size)))
	if class <= maxClass && !p.checked {
		if buf := p.take(class); buf != nil {
			return buf[:size]
		}
	}
	buf := newAligned(capOf(class, size))
	p.hold(int64(len(buf)))
	if p.checked {
		fillWithPoison(buf)
	}
	return buf[:size]
}

// Reallocate returns a buffer of size bytes that starts with the content of b
// and takes b back.
func (p *Pool) Reallocate(size int, b []byte) []byte {
	if size <= cap(b) && cap(b) > 0 {
		return b[:size]
	}
	grown := p.Allocate(size)
	copy(grown, b)
	p.Free(b)
	return grown
}

// Free takes back a buffer that Allocate or Reallocate returned.
func (p *Pool) Free(b []byte) {
	if cap(b) == 0 {
		return
	}
	b = b[:cap(b)]
	p.liveBytes.Add(int64(-len(b)))
	if p.checked {
		fillWithPoison(b)
		p.mu.Lock()
		p.quarantine = append(p.quarantine, b)
		p.mu.Unlock()
		return
	}
	if class := classOf(len(b)); class > maxClass || !p.keep(class, b) {
		p.heldBytes.Add(int64(-len(b)))
	}
}

// keep keeps a buffer to lend it again, unless there are enough of its class.
func (p *Pool) keep(class int, b []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free[class])<<class >= keepPerClass {
		return false
	}
	p.free[class] = append(p.free[class], b)
	return true
}

// hold notes that the pool has taken so many bytes more.
func (p *Pool) hold(bytes int64) {
	for held := p.heldBytes.Add(bytes); ; {
		most := p.mostBytes.Load()
		if held <= most || p.mostBytes.CompareAndSwap(most, held) {
			return
		}
	}
}

// Held returns how many bytes the buffers take that are lent, and those that the pool keeps to
// lend them again; and how many they took at most.
func (p *Pool) Held() (now, most int64) { return p.heldBytes.Load(), p.mostBytes.Load() }

func (p *Pool) take(class int) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := p.free[class]
	if len(list) == 0 {
		return nil
	}
	buf := list[len(list)-1]
	p.free[class] = list[:len(list)-1]
	return buf
}

func classOf(size int) int { return max(minClass, bits.Len(uint(size-1))) }

// capOf returns the capacity given to a request: its class, or for huge ones
// the size rounded up to whole words.
func capOf(class, size int) int {
	if class > maxClass {
		return (size + 7) &^ 7
	}
	return 1 << class
}

// newAligned returns bytes that may be read as 8-byte values.
func newAligned(size int) []byte {
	words := make([]uint64, (size+7)/8)
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), len(words)*8)[:size:size]
}
