package commitlog

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"

	"github.com/weirstream/weir/connectors/shardlog/block"
)

// This file is what stands in files of the log beside blocks: a header at the beginning, and one
// before each group. ../FORMAT.md draws them.

const (
	fileMagic  = 0x4c435357
	groupMagic = 0x47435357
	version    = 1

	fileSize  = 32
	groupSize = 40
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sum is the checksum of a header but for its first eight bytes, which have the magic number and
// the sum.
func sum(header []byte, salt block.Salt) uint32 {
	var seed [8]byte
	binary.LittleEndian.PutUint32(seed[:], uint32(salt))
	copy(seed[4:], header[:4])
	return crc32.Update(crc32.Checksum(seed[:], castagnoli), castagnoli, header[8:])
}

func isSound(header []byte, salt block.Salt, magic uint32) bool {
	return binary.LittleEndian.Uint32(header) == magic && binary.LittleEndian.Uint32(header[4:]) == sum(header, salt)
}

// appendFileHeader appends the header of a file, whose first group will have the number next.
func appendFileHeader(buf []byte, salt block.Salt, number, next uint64) []byte {
	h := make([]byte, fileSize)
	binary.LittleEndian.PutUint32(h, fileMagic)
	binary.LittleEndian.PutUint32(h[8:], version)
	binary.LittleEndian.PutUint64(h[16:], number)
	binary.LittleEndian.PutUint64(h[24:], next)
	binary.LittleEndian.PutUint32(h[4:], sum(h, salt))
	return append(buf, h...)
}

// fileHeader is what a file says about itself.
type fileHeader struct {
	version uint32
	next    uint64 // number of the first group
}

func parseFileHeader(b []byte, salt block.Salt) (h fileHeader, ok bool) {
	if len(b) < fileSize || !isSound(b[:fileSize], salt, fileMagic) {
		return h, false
	}
	return fileHeader{binary.LittleEndian.Uint32(b[8:]), binary.LittleEndian.Uint64(b[24:])}, true
}

// putGroup fills in the header of a group, for which there is room at the beginning. All groups before
// durable are durable as it is written.
func putGroup(group []byte, salt block.Salt, number, durable uint64) {
	h, blocks := group[:groupSize], group[groupSize:]
	binary.LittleEndian.PutUint32(h, groupMagic)
	binary.LittleEndian.PutUint64(h[8:], number)
	binary.LittleEndian.PutUint32(h[16:], uint32(len(blocks)))
	binary.LittleEndian.PutUint32(h[20:], crc32.Checksum(blocks, castagnoli))
	binary.LittleEndian.PutUint64(h[24:], durable)
	binary.LittleEndian.PutUint32(h[4:], sum(h, salt))
}

// head is the header of a group.
type head struct {
	number  uint64
	size    int
	blocks  uint32 // checksum
	durable uint64
}

func parseHead(b []byte, salt block.Salt) (h head, ok bool) {
	if len(b) < groupSize || !isSound(b[:groupSize], salt, groupMagic) {
		return h, false
	}
	return head{binary.LittleEndian.Uint64(b[8:]), int(binary.LittleEndian.Uint32(b[16:])), binary.LittleEndian.Uint32(b[20:]),
		binary.LittleEndian.Uint64(b[24:])}, true
}

// findHead returns where from a place on the next sound header of a group is; negative for nowhere.
func findHead(b []byte, from int, salt block.Salt) int {
	var magic [4]byte
	binary.LittleEndian.PutUint32(magic[:], groupMagic)
	for from < len(b) {
		at := bytes.Index(b[from:], magic[:])
		if at < 0 {
			return -1
		}
		if _, ok := parseHead(b[from+at:], salt); ok {
			return from + at
		}
		from += at + 1
	}
	return -1
}

// isWhole reports whether the group whose header is at the start of b is there as it was written.
func isWhole(b []byte, h head) bool {
	return groupSize+h.size <= len(b) && crc32.Checksum(b[groupSize:groupSize+h.size], castagnoli) == h.blocks
}

// wasDurable reports whether a header behind a place says that a group was durable which is not whole
// any more.
func wasDurable(b []byte, from int, salt block.Salt, number uint64) bool {
	for at := findHead(b, from, salt); at >= 0; at = findHead(b, at+1, salt) {
		if h, _ := parseHead(b[at:], salt); h.durable > number {
			return true
		}
	}
	return false
}
