package snapshot

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/klauspost/compress/s2"

	"github.com/weirstream/weir/state/keyrange"
)

// Every object begins with magic and version and ends with a footer. Between
// them are blocks without gaps.
const (
	magic       = "weirstat"
	version     = 1
	headBytes   = len(magic) + 4
	footerMagic = "tats"
	footerBytes = 8 + 8 + 4 + len(footerMagic)
)

// The sizes of a block's own header, of an address and of an index entry.
const (
	blockBytes   = 16
	addressBytes = 12
	entryBytes   = 44
)

// Kind tells blocks apart.
type Kind uint8

// The kinds of blocks.
const (
	KindHeader Kind = 'H' // JSON of a Header; the first block
	KindCells  Kind = 'C' // the cells; the second block
	KindPage   Kind = 'P' // one page
	KindIndex  Kind = 'I' // an Entry for each block before; the last block
)

// How the content of a page block is stored.
const (
	codecRaw = 0
	codecS2  = 1 // S2, a superset of Snappy, one block of it
)

// maxCompressed bounds the content of a compressed block, and with it what a
// damaged or hostile object can make a decoder allocate: a page.
const maxCompressed = 64 << 10

// Part tells the pages of one column apart.
type Part uint8

// The parts of a column.
const (
	Words   Part = 1 // 64-bit words, little-endian: values, or references to strings
	Bits    Part = 2 // a bitmap in 64-bit words: of the rows that are live, or of nulls
	Strings Part = 3 // the bytes that references point into
)

// Address names a page of an object.
type Address struct {
	Table  uint16 // position in Header.Tables
	Column uint16 // as FORMAT.md numbers them
	Part   Part
	Number uint32
}

// Entry is what the index says about a block.
type Entry struct {
	Offset  uint64 // of the block, from the start of the object
	Length  uint32 // of the block, its own header included
	Kind    Kind
	Address Address        // of a page
	Keys    keyrange.Range // the hashes of all rows in the block lie in it
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendBlock appends a block whose payload is address (of a page, else nil) and
// content, which is compressed with scratch if that makes it shorter.
func appendBlock(object []byte, kind Kind, address, content, scratch []byte) []byte {
	stored, codec := content, byte(codecRaw)
	if kind == KindPage && len(content) <= maxCompressed {
		if packed := s2.Encode(scratch, content); len(packed) < len(content) {
			stored, codec = packed, codecS2
		}
	}
	start := len(object)
	object = append(object, byte(kind), codec, 0, 0)
	object = binary.LittleEndian.AppendUint32(object, uint32(len(address)+len(stored)))
	object = binary.LittleEndian.AppendUint32(object, uint32(len(content)))
	sum := crc32.Update(0, castagnoli, object[start:])
	sum = crc32.Update(sum, castagnoli, address)
	sum = crc32.Update(sum, castagnoli, stored)
	object = binary.LittleEndian.AppendUint32(object, sum)
	object = append(object, address...)
	return append(object, stored...)
}

// block is a block whose CRC was right.
type block struct {
	kind    Kind
	codec   byte
	content int // bytes of its content when decoded
	payload []byte
}

// readBlock checks the block that object begins with and that must be of a kind.
func readBlock(object []byte, kind Kind) (block, error) {
	if len(object) < blockBytes {
		return block{}, fmt.Errorf("the object ends within the block's header: %d of %d bytes are left", len(object), blockBytes)
	}
	length := int(binary.LittleEndian.Uint32(object[4:]))
	if length > len(object)-blockBytes {
		return block{}, fmt.Errorf("the block claims %d bytes where %d are left", length, len(object)-blockBytes)
	}
	b := block{
		kind:    Kind(object[0]),
		codec:   object[1],
		content: int(binary.LittleEndian.Uint32(object[8:])),
		payload: object[blockBytes : blockBytes+length],
	}
	sum := crc32.Update(crc32.Checksum(object[:12], castagnoli), castagnoli, b.payload)
	if want := binary.LittleEndian.Uint32(object[12:]); sum != want {
		return block{}, fmt.Errorf("damaged: CRC-32C of the block is %08x, not %08x", sum, want)
	}
	if b.kind != kind {
		return block{}, fmt.Errorf("the block is of kind %q, not %q", b.kind, kind)
	}
	return b, nil
}

// length returns the bytes of the block, its own header included.
func (b block) length() int { return blockBytes + len(b.payload) }

// plain returns the content of a block that is no page.
func (b block) plain() ([]byte, error) {
	if b.codec != codecRaw || b.content != len(b.payload) {
		return nil, fmt.Errorf("a block of kind %q is never compressed", b.kind)
	}
	return b.payload, nil
}

// page returns address and content of a page, decoded into scratch if need be.
func (b block) page(scratch []byte) (a Address, content []byte, err error) {
	if len(b.payload) < addressBytes {
		return a, nil, fmt.Errorf("the page's address takes %d bytes, not %d", addressBytes, len(b.payload))
	}
	a, stored := decodeAddress(b.payload), b.payload[addressBytes:]
	switch b.codec {
	case codecRaw:
		if b.content != len(stored) {
			return a, nil, fmt.Errorf("the page has %d bytes, not %d", len(stored), b.content)
		}
		return a, stored, nil
	case codecS2:
		content, err = unpack(scratch, stored, b.content)
		return a, content, err
	}
	return a, nil, fmt.Errorf("codec %d is unknown: written by a later version of weir?", b.codec)
}

func unpack(scratch, stored []byte, want int) ([]byte, error) {
	n, err := s2.DecodedLen(stored)
	if err != nil || n != want || n > maxCompressed {
		return nil, fmt.Errorf("compressed content of %d bytes, where %d were announced and %d are possible", n, want, maxCompressed)
	}
	content, err := s2.Decode(scratch, stored)
	if err != nil {
		return nil, fmt.Errorf("compressed content is not valid: %w", err)
	}
	return content, nil
}

func appendAddress(to []byte, a Address) []byte {
	to = binary.LittleEndian.AppendUint16(to, a.Table)
	to = binary.LittleEndian.AppendUint16(to, a.Column)
	to = append(to, byte(a.Part), 0, 0, 0)
	return binary.LittleEndian.AppendUint32(to, a.Number)
}

func decodeAddress(b []byte) Address {
	return Address{
		Table:  binary.LittleEndian.Uint16(b),
		Column: binary.LittleEndian.Uint16(b[2:]),
		Part:   Part(b[4]),
		Number: binary.LittleEndian.Uint32(b[8:]),
	}
}
