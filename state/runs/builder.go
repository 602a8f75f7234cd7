package runs

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"runtime"
)

// Builder makes a run of entries. It holds one chunk and the run's meta, nothing else.
// The same calls give the same bytes.
//
// After an error every further call returns it: the run is lost.
type Builder struct {
	name   string
	to     ChunkWriter
	layout Layout
	meta   metaWriter
	err    error

	chunk     []byte   // the chunk that is being filled
	separator []byte   // of that chunk
	prefixes  []uint64 // their filter hashes
	last      []byte   // the key before, in chunk or, while that is empty, in the chunk before
	taken     []byte   // last, of a chunk that was taken
}

// NewBuilder returns a builder that hands each chunk to a writer as soon as it is full.
// Messages call the run by its name, such as "run 7" or "table panes".
func NewBuilder(name string, to ChunkWriter, layout Layout) *Builder {
	b := &Builder{name: name, to: to, chunk: make([]byte, 0, chunkBytes)}
	layout, err := layout.normal()
	if err != nil {
		b.fail(err)
	}
	b.layout, b.meta = layout, newMetaWriter(layout)
	return b
}

// DropBuckets makes all rows of older runs whose bucket is at most until be gone. It
// comes before the first entry, at most once, and needs a run that is bucketed.
func (b *Builder) DropBuckets(until int64) error {
	switch {
	case b.err != nil:
	case !b.layout.Bucketed:
		b.fail(errors.New("buckets are dropped, but the run has none"))
	case b.last != nil || b.meta.head.drops:
		b.fail(errors.New("buckets are dropped after the first entry, or twice"))
	default:
		b.meta.head.drops, b.meta.head.until = true, until
	}
	return b.err
}

// Put adds a key and its value. Its key lies behind that of the entry before.
func (b *Builder) Put(key, value []byte) error { return b.add(key, value, false) }

// Delete adds a tombstone. Its key lies behind that of the entry before.
func (b *Builder) Delete(key []byte) error { return b.add(key, nil, true) }

func (b *Builder) add(key, value []byte, deleted bool) error {
	if b.err != nil || !b.fits(key, value) {
		return b.err
	}
	if len(b.chunk) == 0 {
		b.begin(key)
	}
	hash := filterHash(key[:min(len(key), b.layout.KeyPrefix)])
	if n := len(b.prefixes); n == 0 || b.prefixes[n-1] != hash {
		b.prefixes = append(b.prefixes, hash)
	}
	b.chunk = appendEntry(b.chunk, key, value, deleted)
	at := len(b.chunk) - len(value)
	b.last = b.chunk[at-len(key) : at]
	b.meta.head.count(deleted)
	return nil
}

// fits checks an entry, and makes room for it in a chunk.
func (b *Builder) fits(key, value []byte) bool {
	switch size := len(key) + len(value); {
	case bytes.Compare(key, b.last) <= 0:
		b.fail(fmt.Errorf("entry %d: key %x does not lie behind %x", b.meta.head.entries, key, b.last))
	case len(key) < b.layout.least():
		b.fail(fmt.Errorf("entry %d: key %x has less than %d bytes", b.meta.head.entries, key, b.layout.least()))
	case uint64(size) > maxEntry:
		b.fail(fmt.Errorf("entry %d: %d bytes are more than the format holds, %d", b.meta.head.entries, size, uint64(maxEntry)))
	case len(b.chunk) > 0 && len(b.chunk)+entryBytes(len(key), len(value)) > chunkBytes:
		b.flush()
	}
	return b.err == nil
}

// begin notes from which key on the chunk that begins has all keys: the shortest prefix
// of its first key that lies behind the last key of the chunk before.
func (b *Builder) begin(first []byte) {
	n := 0
	for n < len(b.last) && n < len(first)-1 && first[n] == b.last[n] {
		n++
	}
	b.separator = append(b.separator[:0], first[:n+1]...)
}

// turn is after how many chunks, some 0.3 ms, others have a turn.
const turn = 16

// flush ends the chunk. Runs are written beside work that somebody waits for, which has a turn
// now and then: otherwise it would wait until the scheduler takes the processor from the
// writer, 10 ms each time.
func (b *Builder) flush() {
	b.write(b.meta.add(len(b.chunk), crc32.Checksum(b.chunk, castagnoli), b.separator, b.prefixes), b.chunk)
	b.chunk, b.prefixes = b.chunk[:0], b.prefixes[:0]
}

// write writes a chunk.
func (b *Builder) write(c Chunk, content []byte) {
	if err := b.to.WriteChunk(c, content); err != nil {
		b.fail(fmt.Errorf("writing chunk %d at offset %d: %w", c.Number, c.Offset, err))
	}
	if c.Number%turn == 0 {
		runtime.Gosched()
	}
}

// fail keeps an error, with the name of the run.
func (b *Builder) fail(err error) { b.err = fmt.Errorf("runs: %s: %w", b.name, err) }

// Finish writes the last chunk and returns the run's meta. Nothing comes after it.
func (b *Builder) Finish() (*Meta, error) {
	if b.err == nil && len(b.chunk) > 0 {
		b.flush()
	}
	if b.err != nil {
		return nil, b.err
	}
	b.fail(errors.New("the run is finished"))
	return b.meta.finish()
}
