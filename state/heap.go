package state

import (
	"encoding/binary"
	"fmt"
	"unsafe"

	"github.com/weirstream/weir/runtime/record"
)

// heap holds the strings of a column in pages of at most 64 KiB. Strings are
// appended and never changed; one that is dropped is garbage until its page is
// empty or the column is compacted.
//
// A reference to a string is a word: its page (31 bits), offset (16) and length
// (16). A string longer than a quarter of a page has a page of its own, and ownPage
// for its length. A string of at most shortBytes takes no room: it is the reference,
// which has the highest bit set, unless it is empty and the reference 0. So most
// codes and names are compared without a look at the heap.
type heap struct {
	pages []heapPage
	tail  int   // the page appended to, or -1
	free  []int // pages without memory; the last is used next
	used  int   // bytes of all strings, garbage included
	live  int   // bytes of strings that were not dropped
}

type heapPage struct {
	data []byte
	live int // bytes of its strings that were not dropped
}

const (
	maxShared  = pageBytes / 4 // longest string that shares a page
	ownPage    = 0xFFFF
	firstBytes = 128 // what the first page begins with; it doubles
)

const (
	shortBit  = 1 << 63
	longText  = ^uint64(0) // what shortText returns for others; never a reference
	lengthPos = 56         // of a short text, whose first byte is the lowest
)

// shortBytes is the longest text that is its own reference: none on a machine that has
// the highest byte first, where the memory of the word does not read as the text.
var shortBytes = 7 * int(binary.NativeEndian.Uint16([]byte{1, 0})&1)

// shortText returns the reference that is a text itself.
func shortText(v []byte) (ref uint64) {
	switch n := len(v); {
	case n == 0:
		return 0
	case n > shortBytes:
		return longText
	case n >= 4: // the first and the last four bytes, which may have some in common
		ref = uint64(binary.LittleEndian.Uint32(v)) | uint64(binary.LittleEndian.Uint32(v[n-4:]))<<(8*(n-4))
	default: // likewise the first, the middle and the last one
		ref = uint64(v[0]) | uint64(v[n/2])<<(8*(n/2)) | uint64(v[n-1])<<(8*(n-1))
	}
	return ref | shortMark[len(v)&7]
}

// shortMark is what a reference has besides the text itself, by its length.
var shortMark = [8]uint64{
	0, shortBit | 1<<lengthPos, shortBit | 2<<lengthPos, shortBit | 3<<lengthPos,
	shortBit | 4<<lengthPos, shortBit | 5<<lengthPos, shortBit | 6<<lengthPos, shortBit | 7<<lengthPos,
}

// isShort reports whether a reference is the text itself, which is not empty.
func isShort(ref uint64) bool { return int64(ref) < 0 }

// inPages reports whether the string of a reference is in a page.
func inPages(ref uint64) bool { return int64(ref) > 0 }

func reference(page, offset, length int) uint64 {
	return uint64(page)<<32 | uint64(offset)<<16 | uint64(length)
}

func newHeap() *heap { return &heap{tail: -1} }

// text returns the string of a reference: a view that is valid until either changes.
func (h *heap) text(ref *uint64) []byte {
	switch {
	case *ref == 0:
		return nil
	case isShort(*ref):
		n := *ref >> lengthPos &^ (shortBit >> lengthPos)
		return unsafe.Slice((*byte)(unsafe.Pointer(ref)), n)[:n:n]
	}
	return h.get(*ref)
}

// get returns the string of a reference that is neither empty nor short.
func (h *heap) get(ref uint64) []byte {
	data, length := h.pages[ref>>32].data, ref&0xFFFF
	if length == ownPage {
		return data
	}
	offset := ref >> 16 & 0xFFFF
	return data[offset : offset+length : offset+length]
}

// add stores a copy of v and returns its reference.
func (h *heap) add(v []byte) uint64 {
	switch {
	case len(v) <= shortBytes:
		return shortText(v)
	case len(v) > record.MaxStringBytes:
		panic(fmt.Sprintf("state: a string of %d bytes exceeds %d, the most that a column can hold", len(v), record.MaxStringBytes))
	case len(v) > maxShared:
		return h.addOwn(v)
	}
	p := h.room(len(v))
	page := &h.pages[p]
	offset := len(page.data)
	page.data = append(page.data, v...)
	page.live += len(v)
	h.used, h.live = h.used+len(v), h.live+len(v)
	return reference(p, offset, len(v))
}

func (h *heap) addOwn(v []byte) uint64 {
	p := h.newPage()
	h.pages[p].data = append(h.pages[p].data, v...)
	h.pages[p].live = len(v)
	h.used, h.live = h.used+len(v), h.live+len(v)
	return reference(p, 0, ownPage)
}

// room returns the page that has room for n bytes more.
func (h *heap) room(n int) int {
	if h.tail < 0 || len(h.pages[h.tail].data)+n > pageBytes {
		h.tail = h.newPage()
	}
	page := &h.pages[h.tail]
	if need := len(page.data) + n; need > cap(page.data) {
		page.data = append(make([]byte, 0, h.capacity(need, cap(page.data))), page.data...)
	}
	return h.tail
}

// capacity returns the size of memory for a page that must hold need bytes and
// had room for had: as much as the heap uses so far, so that a small one stays small.
func (h *heap) capacity(need, had int) int {
	size := max(firstBytes, min(2*had, pageBytes))
	for size < pageBytes && (size < need || size < h.used) {
		size *= 2
	}
	return size
}

// newPage returns the number of an empty page.
func (h *heap) newPage() int {
	p := len(h.pages)
	if n := len(h.free); n > 0 {
		p, h.free = h.free[n-1], h.free[:n-1]
	} else {
		h.pages = append(h.pages, heapPage{})
	}
	h.pages[p] = heapPage{}
	return p
}

// drop makes the string of a reference garbage; its page goes with the last one.
func (h *heap) drop(ref uint64) {
	if !inPages(ref) {
		return
	}
	p, n := int(ref>>32), len(h.get(ref))
	h.live -= n
	h.pages[p].live -= n
	if h.pages[p].live == 0 {
		h.empty(p)
	}
}

// empty gives up a page of garbage. The page appended to keeps its memory, so that a
// table that empties and fills again allocates nothing. Whoever still reads rows as they
// were has none left in it: a row is saved before its string is dropped.
func (h *heap) empty(p int) {
	page := &h.pages[p]
	h.used -= len(page.data)
	page.live = 0
	if p == h.tail {
		page.data = page.data[:0]
		return
	}
	page.data = nil
	h.free = append(h.free, p)
}

// wasteful reports whether so much is garbage that the column be compacted.
func (h *heap) wasteful() bool {
	garbage := h.used - h.live
	return garbage > pageBytes && garbage > h.used/2
}

// evacuate returns, per page, whether its strings should move: those with more
// than a quarter of garbage. It also makes sure that nothing is added to them.
func (h *heap) evacuate() (leave []bool) {
	leave = make([]bool, len(h.pages))
	for p := range h.pages {
		page := &h.pages[p]
		leave[p] = len(page.data)-page.live > len(page.data)/4
	}
	if h.tail >= 0 && leave[h.tail] {
		h.tail = -1
	}
	return leave
}

// move stores the string of a reference that is in a page once more and drops the old
// one.
func (h *heap) move(ref uint64) uint64 {
	moved := h.add(h.get(ref))
	h.drop(ref)
	return moved
}

func (h *heap) bytes() int {
	n := 0
	for p := range h.pages {
		n += cap(h.pages[p].data)
	}
	return n
}
