package runs

import (
	"fmt"
	"io"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/state/keyrange"
)

// section reads chunks that lie one behind the other, each by itself.
type section struct {
	from io.ReaderAt
	base int64         // where the first chunk begins
	now  env.NowReader // nil if from cannot do that
}

func newSection(from io.ReaderAt, base int64) section {
	now, _ := from.(env.NowReader)
	return section{from, base, now}
}

// NewReader returns a reader of the chunks of a run that lie in from, one behind the other,
// from offset base on. It reads them one by one, and several goroutines may use it.
func NewReader(from io.ReaderAt, base int64) ChunkReader { return newSection(from, base) }

// ReadChunk implements [ChunkReader].
func (s section) ReadChunk(c Chunk, buffer []byte) ([]byte, error) {
	return buffer, s.read(buffer, c.Offset)
}

// ReadNow implements [NowReader].
func (s section) ReadNow(c Chunk, buffer []byte) bool {
	return s.now != nil && s.now.ReadNow(buffer, s.base+c.Offset)
}

func (s section) read(buffer []byte, offset int64) error {
	n, err := s.from.ReadAt(buffer, s.base+offset)
	switch {
	case n == len(buffer):
		return nil
	case err == io.EOF:
		return fmt.Errorf("%d of %d bytes are there: cut off?", n, len(buffer))
	}
	return err
}

// aheadBytes is how much is read at once.
const aheadBytes = 256 << 10

// ahead reads chunks that will be asked for in order.
type ahead struct {
	section
	meta   *Meta
	keys   keyrange.Range
	buffer []byte
	start  int64 // the offset of what buffer holds
}

// NewReadAhead returns a reader like that of [NewReader], for one iterator over a range of
// hashes: with a chunk it reads those behind it that the iterator will want, up to the
// first one that it will not, or to 256 KiB.
func NewReadAhead(from io.ReaderAt, base int64, meta *Meta, keys keyrange.Range) ChunkReader {
	return &ahead{section: newSection(from, base), meta: meta, keys: keys}
}

// ReadChunk implements [ChunkReader], with the bytes of a buffer of its own.
func (a *ahead) ReadChunk(c Chunk, _ []byte) ([]byte, error) {
	if c.Offset < a.start || c.Offset+int64(c.Length) > a.start+int64(len(a.buffer)) {
		if err := a.fetch(c); err != nil {
			return nil, err
		}
	}
	return a.buffer[c.Offset-a.start:][:c.Length], nil
}

// fetch fills the buffer with a chunk and those behind it.
func (a *ahead) fetch(c Chunk) error {
	length := c.Length
	for n := c.Number + 1; n < a.meta.Chunks() && a.meta.MayHold(n, a.keys); n++ {
		next := a.meta.Chunk(n).Length
		if length+next > aheadBytes {
			break
		}
		length += next
	}
	if cap(a.buffer) < length {
		a.buffer = make([]byte, length)
	}
	a.buffer, a.start = a.buffer[:length], c.Offset
	return a.read(a.buffer, c.Offset)
}
