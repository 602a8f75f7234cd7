package snapshot

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// Every object begins with magic and version and ends with a footer. What lies between
// them leaves no gap.
const (
	magic       = "weirstat"
	version     = 2
	headBytes   = len(magic) + 4
	footerMagic = "tats"
	footerBytes = 8 + 8 + 8 + 4 + len(footerMagic)
)

const sumBytes = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// seal appends the CRC-32C of b.
func seal(b []byte) []byte { return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli)) }

// unseal checks the CRC-32C that b ends with and returns what it covers.
func unseal(b []byte) ([]byte, error) {
	if len(b) < sumBytes {
		return nil, fmt.Errorf("%d bytes are too few for a CRC", len(b))
	}
	content := b[:len(b)-sumBytes]
	sum, want := crc32.Checksum(content, castagnoli), binary.LittleEndian.Uint32(b[len(content):])
	if sum != want {
		return nil, fmt.Errorf("damaged: CRC-32C is %08x, not %08x", sum, want)
	}
	return content, nil
}

func appendHead(b []byte) []byte {
	return binary.LittleEndian.AppendUint32(append(b, magic...), version)
}

func checkHead(head []byte) error {
	if string(head[:len(magic)]) != magic {
		return fmt.Errorf("begins with %q, not %q: no state object", head[:len(magic)], magic)
	}
	if v := binary.LittleEndian.Uint32(head[len(magic):]); v != version {
		return fmt.Errorf("has format version %d; this weir reads version %d: resume with the weir that wrote it, or start afresh", v, version)
	}
	return nil
}

// footer says where the last parts of an object lie.
type footer struct {
	metas uint64 // the offset of the metas
	index uint64 // and of the index behind them
}

func appendFooter(b []byte, f footer, length uint64) []byte {
	at := len(b)
	b = binary.LittleEndian.AppendUint64(b, f.metas)
	b = binary.LittleEndian.AppendUint64(b, f.index)
	b = binary.LittleEndian.AppendUint64(b, length)
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(b[at:], castagnoli))
	return append(b, footerMagic...)
}

// readFooter reads the footer of an object that has so many bytes.
func readFooter(b []byte, size int64) (f footer, err error) {
	end := footerBytes - len(footerMagic)
	if string(b[end:]) != footerMagic {
		return f, fmt.Errorf("ends with %q, not %q: cut off?", b[end:], footerMagic)
	}
	if b, err = unseal(b[:end]); err != nil {
		return f, err
	}
	f = footer{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])}
	at := uint64(size) - uint64(footerBytes)
	switch length := binary.LittleEndian.Uint64(b[16:]); {
	case length != uint64(size):
		return f, fmt.Errorf("the object had %d bytes, now it has %d", length, size)
	case f.metas < uint64(headBytes) || f.metas > f.index || f.index > at:
		return f, fmt.Errorf("metas and index cannot be at %d and %d of %d bytes", f.metas, f.index, size)
	}
	return f, nil
}
