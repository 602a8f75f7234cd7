package runs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"math/bits"
)

// chunkBytes is what a chunk has at most, unless it is a single entry that takes more.
const chunkBytes = 4096

// maxEntry bounds an entry, so that the length of a chunk fits 32 bits.
const maxEntry = math.MaxUint32 - 2*binary.MaxVarintLen64

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Chunk says where a chunk of a run lies, and what its bytes must be.
type Chunk struct {
	Number int   // chunks of a run are numbered from 0
	Offset int64 // bytes of the chunks before it
	Length int
	Sum    uint32 // CRC-32C
}

// check makes sure that bytes are those of the chunk.
func (c Chunk) check(content []byte) error {
	if len(content) != c.Length {
		return fmt.Errorf("has %d bytes, not %d: cut off?", len(content), c.Length)
	}
	if sum := crc32.Checksum(content, castagnoli); sum != c.Sum {
		return fmt.Errorf("damaged: CRC-32C is %08x, not %08x", sum, c.Sum)
	}
	return nil
}

// ChunkWriter takes the chunks of one run.
type ChunkWriter interface {
	// WriteChunk is called once for each chunk, in order. The bytes are valid until
	// it returns. After an error the run is lost.
	WriteChunk(c Chunk, content []byte) error
}

// ChunkReader gives the chunks of one run.
type ChunkReader interface {
	// ReadChunk returns the bytes of a chunk, which are for reading only and may be
	// those of buffer, which has their length. They are valid until the next call. The
	// reader need not check them. An error says what is wrong; the caller adds which
	// chunk of which run it is.
	ReadChunk(c Chunk, buffer []byte) ([]byte, error)
}

// NowReader is a [ChunkReader] whose chunks may be in memory already.
type NowReader interface {
	ChunkReader
	// ReadNow fills buffer, which has the length of a chunk, with its bytes if that needs
	// no waiting. Otherwise it reports false; the chunk is then on its way, if the reader
	// can have several on their way at once, and ReadChunk waits for the rest of it. It
	// reports no errors: ReadChunk does.
	ReadNow(c Chunk, buffer []byte) bool
}

// appendEntry appends an entry to a chunk. Of a tombstone there is no value.
func appendEntry(chunk, key, value []byte, deleted bool) []byte {
	if deleted {
		chunk = binary.AppendUvarint(chunk, uint64(len(key))<<1|1)
		return append(chunk, key...)
	}
	chunk = binary.AppendUvarint(chunk, uint64(len(key))<<1)
	chunk = binary.AppendUvarint(chunk, uint64(len(value)))
	chunk = append(chunk, key...)
	return append(chunk, value...)
}

// entry is an entry of a chunk; it refers to the chunk's bytes.
type entry struct {
	key, value []byte
	deleted    bool
}

var errEntry = errors.New("claims more bytes than the chunk has left")

// read decodes the entry that b begins with and returns the bytes behind it.
func (e *entry) read(b []byte) (rest []byte, err error) {
	head, b, ok := cutNumber(b)
	keyBytes, valueBytes := head>>1, uint64(0)
	e.deleted = head&1 == 1
	if ok && !e.deleted {
		valueBytes, b, ok = cutNumber(b)
	}
	if !ok || keyBytes > uint64(len(b)) || valueBytes > uint64(len(b))-keyBytes {
		return nil, errEntry
	}
	end := keyBytes + valueBytes
	e.key, e.value = b[:keyBytes:keyBytes], b[keyBytes:end:end]
	return b[end:], nil
}

// cutNumber splits b behind the number that it begins with.
func cutNumber(b []byte) (number uint64, rest []byte, ok bool) {
	if len(b) > 0 && b[0] < 0x80 {
		return uint64(b[0]), b[1:], true
	}
	number, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, b, false
	}
	return number, b[n:], true
}

// entryBytes returns what an entry takes at most.
func entryBytes(key, value int) int { return numberBytes(key<<1) + numberBytes(value) + key + value }

func numberBytes(n int) int { return (bits.Len(uint(n)|1) + 6) / 7 }
