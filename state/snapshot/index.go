package snapshot

import (
	"encoding/binary"
	"fmt"
)

// The sizes of the index: of the lengths of header and cells, and of those of one table.
const (
	indexBytes = 2 * 8
	tableBytes = 2 * 8
)

// index is the lengths of all parts. Since they leave no gap, their places follow.
type index struct {
	header, cells uint64
	tables        []lengths
}

// lengths is what a table takes.
type lengths struct {
	chunks, meta uint64
}

func (x *index) append(b []byte) []byte {
	b = binary.LittleEndian.AppendUint64(b, x.header)
	b = binary.LittleEndian.AppendUint64(b, x.cells)
	for _, t := range x.tables {
		b = binary.LittleEndian.AppendUint64(b, t.chunks)
		b = binary.LittleEndian.AppendUint64(b, t.meta)
	}
	return b
}

// readIndex reads an index and holds it to what the footer says.
func readIndex(b []byte, f footer) (x index, err error) {
	if len(b) < indexBytes || (len(b)-indexBytes)%tableBytes != 0 {
		return x, fmt.Errorf("%d bytes are not %d and %d to each table", len(b), indexBytes, tableBytes)
	}
	x.header, x.cells = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
	for b = b[indexBytes:]; len(b) > 0; b = b[tableBytes:] {
		x.tables = append(x.tables, lengths{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])})
	}
	left, ok := take(f.metas-uint64(headBytes), x.header, x.cells)
	metas := f.index - f.metas
	for _, t := range x.tables {
		var fits bool
		if left, fits = take(left, t.chunks); fits {
			metas, fits = take(metas, t.meta)
		}
		ok = ok && fits
	}
	if !ok || left != 0 || metas != 0 {
		return x, fmt.Errorf("the lengths of its parts do not fill the object up to offset %d", f.index)
	}
	return x, nil
}

// take takes lengths off a whole, unless they are more than it.
func take(whole uint64, parts ...uint64) (left uint64, ok bool) {
	for _, part := range parts {
		if part > whole {
			return 0, false
		}
		whole -= part
	}
	return whole, true
}
