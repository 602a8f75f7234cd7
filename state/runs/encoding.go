package runs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
)

// The sizes of an encoded meta's head, of an index entry without separator and filter, and
// of the CRC at its end.
const (
	headBytes  = 32
	indexBytes = 16
	sumBytes   = 4
)

// maxPrefix bounds [Layout.KeyPrefix], which is stored in 16 bits.
const maxPrefix = math.MaxUint16

// The flags of a meta.
const (
	flagBucketed = 1 << 0
	flagDrops    = 1 << 1
)

// metaHead is a meta without its index.
type metaHead struct {
	layout              Layout
	entries, tombstones uint64
	until               int64
	drops               bool
}

func (h *metaHead) count(deleted bool) {
	h.entries++
	if deleted {
		h.tombstones++
	}
}

func (h *metaHead) flags() (f uint16) {
	if h.layout.Bucketed {
		f |= flagBucketed
	}
	if h.drops {
		f |= flagDrops
	}
	return f
}

// put writes the head of a meta with so many chunks.
func (h *metaHead) put(b []byte, chunks int) {
	binary.LittleEndian.PutUint64(b, h.entries)
	binary.LittleEndian.PutUint64(b[8:], h.tombstones)
	binary.LittleEndian.PutUint64(b[16:], uint64(h.until))
	binary.LittleEndian.PutUint32(b[24:], uint32(chunks))
	binary.LittleEndian.PutUint16(b[28:], uint16(h.layout.KeyPrefix))
	binary.LittleEndian.PutUint16(b[30:], h.flags())
}

// read reads a head and how many chunks follow.
func (h *metaHead) read(b []byte) (chunks int, err error) {
	flags := binary.LittleEndian.Uint16(b[30:])
	*h = metaHead{
		layout: Layout{
			Bucketed:  flags&flagBucketed != 0,
			KeyPrefix: int(binary.LittleEndian.Uint16(b[28:])),
		},
		entries:    binary.LittleEndian.Uint64(b),
		tombstones: binary.LittleEndian.Uint64(b[8:]),
		until:      int64(binary.LittleEndian.Uint64(b[16:])),
		drops:      flags&flagDrops != 0,
	}
	switch normal, err := h.layout.normal(); {
	case flags != h.flags():
		return 0, fmt.Errorf("has flags %04x, of which this weir knows %04x: written by a later version?", flags, h.flags())
	case err != nil || normal != h.layout:
		return 0, fmt.Errorf("its filter cannot go by the first %d bytes of keys", h.layout.KeyPrefix)
	case h.tombstones > h.entries || h.drops && !h.layout.Bucketed || !h.drops && h.until != 0:
		return 0, errors.New("its head contradicts itself")
	}
	return int(binary.LittleEndian.Uint32(b[24:])), nil
}

// metaWriter encodes the meta of a run as its chunks come: in blocks, which are put together at its
// end, so that a large one is not copied again and again.
type metaWriter struct {
	head   metaHead
	full   [][]byte // but for the last block
	block  []byte
	chunks int
	offset int64
}

// metaBlock is how long a block is at least, behind the first.
const metaBlock = 64 << 10

func newMetaWriter(layout Layout) metaWriter { return metaWriter{head: metaHead{layout: layout}} }

// add adds a chunk, and makes its filter.
func (w *metaWriter) add(length int, sum uint32, separator []byte, prefixes []uint64) Chunk {
	return w.put(length, sum, separator, 2*len(prefixes), func(b []byte) []byte { return appendFilter(b, prefixes) })
}

// addRaw adds a chunk that has a filter.
func (w *metaWriter) addRaw(length int, sum uint32, separator, filter []byte) Chunk {
	return w.put(length, sum, separator, len(filter), func(b []byte) []byte { return append(b, filter...) })
}

// put adds a chunk, and has its filter appended, which takes about so many bytes.
func (w *metaWriter) put(length int, sum uint32, separator []byte, filterBytes int, appendFilter func([]byte) []byte) Chunk {
	c := Chunk{Number: w.chunks, Offset: w.offset, Length: length, Sum: sum}
	if need := indexBytes + len(separator) + filterBytes; need > cap(w.block)-len(w.block) {
		w.begin(need)
	}
	at := len(w.block)
	b := extend(w.block, indexBytes)
	b = append(b, separator...)
	filter := len(b)
	b = appendFilter(b)
	binary.LittleEndian.PutUint32(b[at:], uint32(length))
	binary.LittleEndian.PutUint32(b[at+4:], sum)
	binary.LittleEndian.PutUint32(b[at+8:], uint32(len(separator)))
	binary.LittleEndian.PutUint32(b[at+12:], uint32(len(b)-filter))
	w.block, w.chunks, w.offset = b, w.chunks+1, w.offset+int64(length)
	return c
}

// begin begins a block that has room for so much.
func (w *metaWriter) begin(need int) {
	if len(w.block) > 0 {
		w.full = append(w.full, w.block)
	}
	w.block = make([]byte, 0, max(need, min(2*cap(w.block), metaBlock)))
}

// extend appends n zeros, which take no memory beside.
func extend(b []byte, n int) []byte {
	had := len(b)
	b = slices.Grow(b, n)[:had+n]
	clear(b[had:])
	return b
}

// finish returns the meta, read back from its encoding: there is one way to make one.
func (w *metaWriter) finish() (*Meta, error) {
	bytes := headBytes + len(w.block) + sumBytes
	for _, block := range w.full {
		bytes += len(block)
	}
	encoded := make([]byte, headBytes, bytes)
	w.head.put(encoded, w.chunks)
	for _, block := range append(w.full, w.block) {
		encoded = append(encoded, block...)
	}
	encoded = binary.LittleEndian.AppendUint32(encoded, crc32.Checksum(encoded, castagnoli))
	return DecodeMeta(encoded)
}
