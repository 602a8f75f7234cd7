package runs

import (
	"encoding/binary"
	"hash/crc32"
)

// Seal mends the CRC of an encoded meta, if it is long enough to have one.
func Seal(encoded []byte) {
	if end := len(encoded) - sumBytes; end >= 0 {
		binary.LittleEndian.PutUint32(encoded[end:], crc32.Checksum(encoded[:end], castagnoli))
	}
}

// MetaOf returns the meta of a run of one chunk, whatever its content is.
func MetaOf(layout Layout, content []byte) *Meta {
	layout, err := layout.normal()
	if err != nil {
		panic(err)
	}
	w := newMetaWriter(layout)
	w.add(len(content), crc32.Checksum(content, castagnoli), []byte{0}, []uint64{1})
	meta, err := w.finish()
	if err != nil {
		panic(err)
	}
	return meta
}

// Admit has filters admit the keys of a search that [MetaOf] has made.
func Admit(s *Search) {
	for i := range s.sought {
		s.sought[i].prefix = 1
	}
}
