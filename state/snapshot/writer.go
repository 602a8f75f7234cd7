package snapshot

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math"

	"github.com/klauspost/compress/s2"

	"github.com/weirstream/weir/state/keyrange"
)

// Writer builds an object in memory.
type Writer struct {
	object  []byte
	index   []Entry
	keys    keyrange.Range
	scratch []byte
	err     error
}

// NewWriter begins an object. The same header, cells and pages always give the
// same bytes.
func NewWriter(h Header, cells []Cell) *Writer {
	w := &Writer{keys: keyrange.Range(h.Range), scratch: make([]byte, s2.MaxEncodedLen(maxCompressed))}
	w.object = binary.LittleEndian.AppendUint32([]byte(magic), version)
	text, err := json.Marshal(h)
	w.err = err
	w.block(KindHeader, Address{}, nil, text)
	w.block(KindCells, Address{}, nil, encodeCells(cells))
	return w
}

// Page adds the content of a page.
func (w *Writer) Page(a Address, content []byte) {
	var address [addressBytes]byte
	w.block(KindPage, a, appendAddress(address[:0], a), content)
}

func (w *Writer) block(kind Kind, a Address, address, content []byte) {
	if len(content) > math.MaxUint32-blockBytes-addressBytes {
		w.err = fmt.Errorf("snapshot: a block of %d bytes is more than 4 GiB", len(content))
		return
	}
	start := len(w.object)
	w.object = appendBlock(w.object, kind, address, content, w.scratch)
	w.index = append(w.index, Entry{uint64(start), uint32(len(w.object) - start), kind, a, w.keys})
}

// Finish returns the object. It fails if something in it is too large for the format.
func (w *Writer) Finish() ([]byte, error) {
	var index []byte
	for _, e := range w.index {
		index = appendEntry(index, e)
	}
	offset := len(w.object)
	w.block(KindIndex, Address{}, nil, index)
	if w.err != nil {
		return nil, w.err
	}
	return appendFooter(w.object, uint64(offset)), nil
}

func appendFooter(object []byte, index uint64) []byte {
	at := len(object)
	object = binary.LittleEndian.AppendUint64(object, index)
	object = binary.LittleEndian.AppendUint64(object, uint64(at+footerBytes))
	object = binary.LittleEndian.AppendUint32(object, crc32.Checksum(object[at:], castagnoli))
	return append(object, footerMagic...)
}

func appendEntry(to []byte, e Entry) []byte {
	to = binary.LittleEndian.AppendUint64(to, e.Offset)
	to = binary.LittleEndian.AppendUint32(to, e.Length)
	to = append(to, byte(e.Kind), 0, 0, 0)
	to = appendAddress(to, e.Address)
	to = binary.LittleEndian.AppendUint64(to, e.Keys.First)
	return binary.LittleEndian.AppendUint64(to, e.Keys.Last)
}

func encodeCells(cells []Cell) []byte {
	var b []byte
	for _, c := range cells {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(c.Name)))
		b = append(b, c.Name...)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(c.Value)))
		b = append(b, c.Value...)
	}
	return b
}
