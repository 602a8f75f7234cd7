package runs

import (
	"encoding/binary"

	"github.com/weirstream/weir/state/keyrange"
)

// Meta is what is known of a run without reading its chunks.
type Meta struct {
	head    metaHead
	encoded []byte
	offsets []int64  // of the chunks, and where the last one ends
	entries []uint32 // where the index entries of the chunks begin in encoded, and where the last one ends
	index   index
}

// Layout returns how the keys of the run are made.
func (m *Meta) Layout() Layout { return m.head.layout }

// Entries returns how many entries the run has, tombstones included.
func (m *Meta) Entries() uint64 { return m.head.entries }

// Tombstones returns how many entries are tombstones.
func (m *Meta) Tombstones() uint64 { return m.head.tombstones }

// Dropped returns up to which bucket the rows of older runs are gone, if any are.
func (m *Meta) Dropped() (until int64, ok bool) { return m.head.until, m.head.drops }

// WithoutDrop returns the meta of the run as one that leaves the rows of older runs alone,
// for whoever has seen to it that what it dropped does not show. Encoded is as it was.
func (m *Meta) WithoutDrop() *Meta {
	if !m.head.drops {
		return m
	}
	keeps := *m
	keeps.head.drops, keeps.head.until = false, 0
	return &keeps
}

// Chunks returns the number of chunks.
func (m *Meta) Chunks() int { return len(m.index.hashes) }

// Chunk returns chunk n.
func (m *Meta) Chunk(n int) Chunk {
	return Chunk{
		Number: n,
		Offset: m.offsets[n],
		Length: int(m.offsets[n+1] - m.offsets[n]),
		Sum:    binary.LittleEndian.Uint32(m.encoded[m.entries[n]+4:]),
	}
}

// Bytes returns the length of all chunks together.
func (m *Meta) Bytes() int64 { return m.offsets[m.Chunks()] }

// Memory returns how many bytes of memory the meta takes.
func (m *Meta) Memory() int {
	return cap(m.encoded) + 8*cap(m.offsets) + 4*cap(m.entries) + m.index.memory()
}

// Encoded returns the bytes that [DecodeMeta] takes. The caller must not change them.
func (m *Meta) Encoded() []byte { return m.encoded }

// MayContain reports false where the run has no entry whose key begins with the first
// [Layout.KeyPrefix] bytes of key. Of a key that is shorter it knows nothing.
func (m *Meta) MayContain(key []byte) bool {
	if m.Chunks() == 0 || len(key) < m.head.layout.KeyPrefix {
		return m.Chunks() > 0
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
	if n+1 < m.Chunks() {
		high = m.head.layout.boundOf(m.separator(n + 1))
	}
	return mayHold(low, high, keys)
}

// find returns the chunk that has the first key which does not lie before a given one,
// or ends before it; -1 in an empty run.
func (m *Meta) find(key []byte) int {
	return m.index.find(m.head.layout.boundOf(key), key, m)
}

// chunkMayBegin reports whether keys that begin with a prefix may begin in a chunk, which is
// where the prefix would be.
func (m *Meta) chunkMayBegin(n int, prefix []byte) bool {
	return len(prefix) < m.head.layout.KeyPrefix || filterHas(m.filter(n), filterHash(prefix[:m.head.layout.KeyPrefix]))
}

// separator returns a text that lies behind all keys of the chunks before n, and not
// behind any key of chunk n.
func (m *Meta) separator(n int) []byte {
	b := m.encoded[m.entries[n]:]
	return b[indexBytes : indexBytes+binary.LittleEndian.Uint32(b[8:])]
}

func (m *Meta) filter(n int) []byte {
	b := m.encoded[m.entries[n]:m.entries[n+1]]
	return b[indexBytes+binary.LittleEndian.Uint32(b[8:]):]
}
