package runs

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
)

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
	m.index = make([]indexed, chunks)
	at := headBytes
	for n := range m.index {
		if at, err = m.decodeChunk(n, at, end); err != nil {
			return fmt.Errorf("chunk %d: %w", n, err)
		}
	}
	if at != end {
		return fmt.Errorf("has %d bytes behind its last chunk", end-at)
	}
	return nil
}

// decodeChunk reads the index entry at a place and returns where the next one is.
func (m *Meta) decodeChunk(n, at, end int) (next int, err error) {
	if end-at < indexBytes {
		return 0, errors.New("its index entry is cut off")
	}
	b := m.encoded[at:end]
	separator := uint64(binary.LittleEndian.Uint32(b[8:]))
	filter := uint64(binary.LittleEndian.Uint32(b[12:]))
	behind := uint64(at) + indexBytes + separator + filter
	if behind > uint64(end) || separator == 0 || filter == 0 {
		return 0, fmt.Errorf("cannot have a separator of %d and a filter of %d bytes", separator, filter)
	}
	c := &m.index[n]
	c.length, c.sum = binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
	c.separator, c.end = uint32(at+indexBytes), uint32(behind)
	c.filter = c.separator + uint32(separator)
	switch {
	case c.length == 0:
		return 0, errors.New("has no bytes")
	case n > 0 && bytes.Compare(m.separator(n-1), m.separator(n)) >= 0:
		return 0, errors.New("does not lie behind the one before")
	case n > 0:
		before := m.index[n-1]
		c.offset = before.offset + int64(before.length)
	}
	return int(behind), nil
}
