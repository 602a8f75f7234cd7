package runs

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"runtime"
)

// decodedATurn is after how many chunks of a meta, some 0.1 ms, others have a turn (see turn).
const decodedATurn = 2048

// DecodeMeta checks and reads what [Meta.Encoded] returned. The meta keeps the bytes.
func DecodeMeta(encoded []byte) (*Meta, error) {
	m := &Meta{encoded: encoded}
	if err := m.decode(); err != nil {
		return nil, fmt.Errorf("runs: meta of %d bytes: %w", len(encoded), err)
	}
	return m, nil
}

func (m *Meta) decode() error {
	if len(m.encoded) < headBytes+sumBytes || uint64(len(m.encoded)) > math.MaxUint32 {
		return errors.New("cannot have so many bytes: cut off?")
	}
	end := len(m.encoded) - sumBytes
	sum, want := crc32.Checksum(m.encoded[:end], castagnoli), binary.LittleEndian.Uint32(m.encoded[end:])
	if sum != want {
		return fmt.Errorf("damaged: CRC-32C is %08x, not %08x", sum, want)
	}
	chunks, err := m.head.read(m.encoded)
	if err != nil {
		return err
	}
	if chunks > (end-headBytes)/indexBytes {
		return fmt.Errorf("claims %d chunks, more than its bytes can hold", chunks)
	}
	m.offsets, m.entries = make([]int64, chunks+1), make([]uint32, chunks+1)
	m.entries[0] = headBytes
	m.index = newIndex(chunks)
	for n := range chunks {
		if err := m.decodeChunk(n, end); err != nil {
			return fmt.Errorf("chunk %d: %w", n, err)
		}
		m.index.add(n, m.head.layout.boundOf(m.separator(n)))
		if n%decodedATurn == decodedATurn-1 {
			runtime.Gosched()
		}
	}
	at := int(m.entries[chunks])
	if at != end {
		return fmt.Errorf("has %d bytes behind its last chunk", end-at)
	}
	return nil
}

// decodeChunk reads the index entry of a chunk, and notes where the next one is.
func (m *Meta) decodeChunk(n, end int) error {
	at := int(m.entries[n])
	if end-at < indexBytes {
		return errors.New("its index entry is cut off")
	}
	b := m.encoded[at:end]
	length := binary.LittleEndian.Uint32(b)
	separator := uint64(binary.LittleEndian.Uint32(b[8:]))
	filter := uint64(binary.LittleEndian.Uint32(b[12:]))
	behind := uint64(at) + indexBytes + separator + filter
	if behind > uint64(end) || separator == 0 || filter == 0 {
		return fmt.Errorf("cannot have a separator of %d and a filter of %d bytes", separator, filter)
	}
	m.offsets[n+1], m.entries[n+1] = m.offsets[n]+int64(length), uint32(behind)
	switch {
	case length == 0:
		return errors.New("has no bytes")
	case n > 0 && bytes.Compare(m.separator(n-1), m.separator(n)) >= 0:
		return errors.New("does not lie behind the one before")
	}
	return nil
}
