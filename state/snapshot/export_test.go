package snapshot

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// Seal returns a copy of an object in which every CRC that can be found by its framing is
// right, so that a fuzzer gets behind them. Those of chunks stay: package runs has a fuzz
// test of its own for what lies behind them.
func Seal(object []byte) []byte {
	o := bytes.Clone(object)
	at := len(o) - footerBytes
	if at < headBytes {
		return o
	}
	sum := func(b []byte) {
		if end := len(b) - sumBytes; end >= 0 {
			binary.LittleEndian.PutUint32(b[end:], crc32.Checksum(b[:end], castagnoli))
		}
	}
	sum(o[at : len(o)-len(footerMagic)])
	f, err := readFooter(o[at:], int64(len(o)))
	if err != nil {
		return o
	}
	sum(o[f.index:at])
	x, err := readIndex(o[f.index:max(at-sumBytes, int(f.index))], f)
	if err != nil {
		return o
	}
	cells := uint64(headBytes) + x.header
	sum(o[headBytes:cells])
	sum(o[cells : cells+x.cells])
	for _, t := range x.tables {
		sum(o[f.metas : f.metas+t.meta])
		f.metas += t.meta
	}
	return o
}
