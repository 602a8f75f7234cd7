package badger

import (
	"encoding/binary"
	"fmt"
	"math"
)

// keyBytes is the length of a key: the number that the store has given the run, the
// chunk, the part of it.
const keyBytes = 8 + 4 + 2

func appendKey(key []byte, run uint64, chunk, part int) []byte {
	key = binary.BigEndian.AppendUint64(key, run)
	key = binary.BigEndian.AppendUint32(key, uint32(chunk))
	return binary.BigEndian.AppendUint16(key, uint16(part))
}

// parts returns how many parts a chunk of so many bytes has.
func parts(bytes int) int { return max((bytes+partBytes-1)/partBytes, 1) }

// entryBytes is what a part takes beside its bytes: key, head and CRC in the value log; key
// and place in a table.
const entryBytes = 110

// batch is chunks of one run that are written together.
type batch struct {
	first, chunks int
	bytes         int64 // that they take on disk
	entries       []entry
	keys, content []byte // what entries refer to
}

type entry struct{ key, value []byte }

// What a transaction takes depends on the table in memory; these are far below it.
const (
	mostEntries = 128  // of a batch
	mostParts   = 2048 // of a chunk
)

// fits reports whether the batch has room for a chunk.
func (b *batch) fits(content []byte) bool {
	return len(b.content)+len(content) <= batchBytes && len(b.entries) < mostEntries
}

// add adds the next chunk. One that would not fit an empty batch is not copied.
func (b *batch) add(run uint64, chunk int, content []byte) error {
	if uint64(chunk) > math.MaxUint32 || parts(len(content)) > mostParts {
		return fmt.Errorf("%d bytes as chunk %d are more than a database takes", len(content), chunk)
	}
	if b.chunks == 0 {
		b.first = chunk
	}
	if len(content) <= batchBytes {
		if b.content == nil {
			b.content = make([]byte, 0, batchBytes)
		}
		at := len(b.content)
		b.content = append(b.content, content...)
		content = b.content[at:]
	}
	for part := range parts(len(content)) {
		at := len(b.keys)
		b.keys = appendKey(b.keys, run, chunk, part)
		value := content[:min(len(content), partBytes)]
		content = content[len(value):]
		b.entries = append(b.entries, entry{b.keys[at:len(b.keys):len(b.keys)], value})
		b.bytes += int64(len(value)) + entryBytes
	}
	b.chunks++
	return nil
}

// reset empties the batch.
func (b *batch) reset() {
	clear(b.entries)
	b.entries, b.content, b.keys = b.entries[:0], b.content[:0], b.keys[:0]
	b.chunks, b.bytes = 0, 0
}
