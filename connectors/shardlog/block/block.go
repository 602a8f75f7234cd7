// Package block is how records lie in files: in blocks, each of records that one shard got at one
// moment. A block is written once, into the commit log, and copied as it is into the segments of
// its shard, so that what was acknowledged, byte for byte and with its checksums, is what is read.
// FORMAT.md, a folder above, draws it.
//
// Whatever a damaged disk has made of a block, [Scanner] finds the records beside the damage: each
// has its own checksum, and a block of several has its header twice.
package block

import (
	"encoding/binary"
	"hash/crc32"
)

// Kind is what a block holds.
type Kind uint8

// The kinds of blocks.
const (
	Records Kind = 1 + iota // records of a shard
	Change                  // a change of what streams and shards there are; its shard is 0
)

// Record is what somebody has put into a shard.
type Record struct{ Key, Data []byte }

// Header is what a block says about its records.
type Header struct {
	Kind  Kind
	Shard uint32 // its number in the log, which no other shard has ever had
	Count uint32 // of records, at least 1
	Size  uint32 // of the records' frames, in bytes
	First uint64 // counter of the first record, in its shard; the others follow without a gap
	At    int64  // when they arrived, in ms since 1970
}

// What there is at most.
const (
	MostData  = 10 << 20 // bytes of a record's data
	MostKey   = 1<<16 - 1
	MostCount = 1 << 16
	MostSize  = 64 << 20
)

const (
	headerSize = 40
	magicSize  = 4
	frameSize  = 12 // what a record takes beside its key and data
	headMagic  = 0x426c5357
	tailMagic  = 0x546c5357
	frameMagic = 0x466c5357 // which is not written: frames have no room for it
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Salt goes into all checksums, and is another one for each log: blocks of another log, which may lie
// in the data of a record, are none of this one.
type Salt uint32

// seed is where a checksum begins.
func (s Salt) seed(magic uint32) uint32 {
	var b [8]byte
	binary.LittleEndian.PutUint32(b[:], uint32(s))
	binary.LittleEndian.PutUint32(b[4:], magic)
	return crc32.Checksum(b[:], castagnoli)
}

// FramesSize returns how many bytes the frames of records take.
func FramesSize(records []Record) (size int) {
	for i := range records {
		size += frameSize + len(records[i].Key) + len(records[i].Data)
	}
	return size
}

// Append appends a block of records to buf. Count and Size of the header are set here.
func Append(buf []byte, salt Salt, h Header, records []Record) []byte {
	h.Count, h.Size = uint32(len(records)), uint32(FramesSize(records))
	buf = h.append(buf, salt, headMagic)
	seed := salt.seed(frameMagic)
	for i := range records {
		buf = appendFrame(buf, seed, uint16(i), &records[i])
	}
	if h.Count > 1 {
		buf = h.append(buf, salt, tailMagic)
	}
	return buf
}

func (h *Header) append(buf []byte, salt Salt, magic uint32) []byte {
	at := len(buf)
	buf = binary.LittleEndian.AppendUint32(buf, magic)
	buf = binary.LittleEndian.AppendUint32(buf, 0)
	buf = append(buf, byte(h.Kind), 0, 0, 0)
	buf = binary.LittleEndian.AppendUint32(buf, h.Shard)
	buf = binary.LittleEndian.AppendUint32(buf, h.Count)
	buf = binary.LittleEndian.AppendUint32(buf, h.Size)
	buf = binary.LittleEndian.AppendUint64(buf, h.First)
	buf = binary.LittleEndian.AppendUint64(buf, uint64(h.At))
	binary.LittleEndian.PutUint32(buf[at+4:], headerSum(buf[at:], salt, magic))
	return buf
}

// headerSum is the checksum of a header, of all behind it.
func headerSum(header []byte, salt Salt, magic uint32) uint32 {
	return crc32.Update(salt.seed(magic), castagnoli, header[8:headerSize])
}

func appendFrame(buf []byte, seed uint32, index uint16, r *Record) []byte {
	at := len(buf)
	buf = binary.LittleEndian.AppendUint32(buf, 0)
	buf = binary.LittleEndian.AppendUint32(buf, uint32(len(r.Data)))
	buf = binary.LittleEndian.AppendUint16(buf, uint16(len(r.Key)))
	buf = binary.LittleEndian.AppendUint16(buf, index)
	buf = append(append(buf, r.Key...), r.Data...)
	binary.LittleEndian.PutUint32(buf[at:], crc32.Update(seed, castagnoli, buf[at+4:]))
	return buf
}

// parseHeader reads the header at the start of b. It fails unless that is one, whole and sound.
func parseHeader(b []byte, salt Salt, magic uint32) (h Header, ok bool) {
	if len(b) < headerSize || binary.LittleEndian.Uint32(b) != magic ||
		binary.LittleEndian.Uint32(b[4:]) != headerSum(b, salt, magic) {
		return h, false
	}
	h = Header{
		Kind: Kind(b[8]), Shard: binary.LittleEndian.Uint32(b[12:]), Count: binary.LittleEndian.Uint32(b[16:]),
		Size: binary.LittleEndian.Uint32(b[20:]), First: binary.LittleEndian.Uint64(b[24:]), At: int64(binary.LittleEndian.Uint64(b[32:])),
	}
	return h, h.Count >= 1 && h.Count <= MostCount && h.Size <= MostSize && int64(h.Size) >= int64(h.Count)*frameSize
}

// length is how many bytes the block takes.
func (h *Header) length() int {
	if h.Count > 1 {
		return headerSize + int(h.Size) + headerSize
	}
	return headerSize + int(h.Size)
}

// frame is a record as it lies in a block.
type frame struct {
	Record
	index int // of the record, in its block
	size  int // of the frame
}

// parseFrame reads the frame at the start of b. It fails unless that is one, whole and sound.
func parseFrame(b []byte, seed uint32) (f frame, ok bool) {
	if len(b) < frameSize {
		return f, false
	}
	data, key := int(binary.LittleEndian.Uint32(b[4:])), int(binary.LittleEndian.Uint16(b[8:]))
	f.size = frameSize + key + data
	if data > MostData || len(b) < f.size || binary.LittleEndian.Uint32(b) != crc32.Update(seed, castagnoli, b[4:f.size]) {
		return f, false
	}
	f.index = int(binary.LittleEndian.Uint16(b[10:]))
	f.Record = Record{b[frameSize : frameSize+key : frameSize+key], b[frameSize+key : f.size : f.size]}
	return f, true
}
