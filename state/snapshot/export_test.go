package snapshot

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// Seal returns a copy of an object in which every CRC that can be found by its
// framing is right, so that a fuzzer gets behind them.
func Seal(object []byte) []byte {
	o := bytes.Clone(object)
	for at := headBytes; len(o)-at >= blockBytes+footerBytes; {
		length := int(binary.LittleEndian.Uint32(o[at+4:]))
		end := at + blockBytes + length
		if end > len(o)-footerBytes {
			break
		}
		sum := crc32.Update(crc32.Checksum(o[at:at+12], castagnoli), castagnoli, o[at+blockBytes:end])
		binary.LittleEndian.PutUint32(o[at+12:], sum)
		at = end
	}
	if at := len(o) - footerBytes; at >= 0 {
		binary.LittleEndian.PutUint32(o[at+16:], crc32.Checksum(o[at:at+16], castagnoli))
	}
	return o
}
