package runs

import (
	"bytes"
	"sort"
	"unsafe"

	"github.com/weirstream/weir/state/keyrange"
)

// Meta is what is known of a run without reading its chunks.
type Meta struct {
	head    metaHead
	encoded []byte
	index   []indexed
}

// indexed is one chunk; what it refers to lies in the encoded meta.
type indexed struct {
	offset      int64
	length, sum uint32
	separator   uint32 // where its separator begins,
	filter      uint32 // its filter, where the separator ends,
	end         uint32 // and where the filter ends
}

// Layout returns how the keys of the run are made.
func (m *Meta) Layout() Layout { return m.head.layout }

// Entries returns how many entries the run has, tombstones included.
func (m *Meta) Entries() uint64 { return m.head.entries }

// Tombstones returns how many entries are tombstones.
func (m *Meta) Tombstones() uint64 { return m.head.tombstones }

// Dropped returns up to which bucket the rows of older runs are gone, if any are.
func (m *Meta) Dropped() (until int64, ok bool) { return m.head.until, m.head.drops }

// Chunks returns the number of chunks.
func (m *Meta) Chunks() int { return len(m.index) }

// Chunk returns chunk n.
func (m *Meta) Chunk(n int) Chunk {
	c := &m.index[n]
	return Chunk{Number: n, Offset: c.offset, Length: int(c.length), Sum: c.sum}
}

// Bytes returns the length of all chunks together.
func (m *Meta) Bytes() int64 {
	if len(m.index) == 0 {
		return 0
	}
	last := m.index[len(m.index)-1]
	return last.offset + int64(last.length)
}

// Memory returns how many bytes of memory the meta takes.
func (m *Meta) Memory() int { return cap(m.encoded) + int(unsafe.Sizeof(indexed{}))*cap(m.index) }

// Encoded returns the bytes that [DecodeMeta] takes. The caller must not change them.
func (m *Meta) Encoded() []byte { return m.encoded }

// MayContain reports false where the run has no entry whose key begins with the first
// [Layout.KeyPrefix] bytes of key. Of a key that is shorter it knows nothing.
func (m *Meta) MayContain(key []byte) bool {
	if len(m.index) == 0 || len(key) < m.head.layout.KeyPrefix {
		return len(m.index) > 0
	}
	// Entries with this prefix can go on in later chunks, but begin in this one: where a
	// separator is longer than the prefix, so much of it is in the chunk before, too.
	prefix := key[:m.head.layout.KeyPrefix]
	return filterHas(m.filter(m.find(prefix)), filterHash(prefix))
}

// MayHold reports whether chunk n can have keys with hashes of a range.
func (m *Meta) MayHold(n int, keys keyrange.Range) bool {
	low, high := m.head.layout.boundOf(m.separator(n)), bound{^uint64(0), ^uint64(0)}
	if !m.head.layout.Bucketed {
		high.bucket = 0
	}
	if n+1 < len(m.index) {
		high = m.head.layout.boundOf(m.separator(n + 1))
	}
	return mayHold(low, high, keys)
}

// find returns the chunk that has the first key which does not lie before a given one,
// or ends before it; -1 in an empty run.
func (m *Meta) find(key []byte) int {
	behind := sort.Search(len(m.index), func(n int) bool { return bytes.Compare(m.separator(n), key) > 0 })
	return min(max(behind-1, 0), len(m.index)-1)
}

// findNear is find that begins at a chunk, which the one that is sought is not far behind.
func (m *Meta) findNear(key []byte, n int) int {
	if n < 0 || n >= len(m.index) || bytes.Compare(m.separator(n), key) > 0 {
		return m.find(key)
	}
	step := 1
	for n+step < len(m.index) && bytes.Compare(m.separator(n+step), key) <= 0 {
		n, step = n+step, 2*step
	}
	end := min(n+step, len(m.index))
	behind := sort.Search(end-n, func(i int) bool { return bytes.Compare(m.separator(n+i), key) > 0 })
	return n + behind - 1
}

// chunkMayContain is MayContain of a chunk, which is where the key would be.
func (m *Meta) chunkMayContain(n int, key []byte) bool {
	return len(key) < m.head.layout.KeyPrefix || filterHas(m.filter(n), filterHash(key[:m.head.layout.KeyPrefix]))
}

// separator returns a text that lies behind all keys of the chunks before n, and not
// behind any key of chunk n.
func (m *Meta) separator(n int) []byte {
	c := &m.index[n]
	return m.encoded[c.separator:c.filter]
}

func (m *Meta) filter(n int) []byte {
	c := &m.index[n]
	return m.encoded[c.filter:c.end]
}
