package snapshot

import (
	"encoding/binary"
	"fmt"
)

// Cell is a small value of the subtask that belongs to no key.
type Cell struct {
	Name  string
	Value []byte
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

func decodeCells(b []byte) (cells []Cell, err error) {
	for len(b) > 0 {
		var name, value []byte
		if name, b, err = cutText(b); err == nil {
			value, b, err = cutText(b)
		}
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", len(cells), err)
		}
		cells = append(cells, Cell{string(name), value})
	}
	return cells, nil
}

// cutText splits b behind a text that follows its length.
func cutText(b []byte) (text, rest []byte, err error) {
	if len(b) < 4 {
		return nil, nil, fmt.Errorf("%d bytes left where a length of 4 should be", len(b))
	}
	n := uint64(binary.LittleEndian.Uint32(b))
	if b = b[4:]; n > uint64(len(b)) {
		return nil, nil, fmt.Errorf("%d bytes claimed where %d are left", n, len(b))
	}
	return b[:n:n], b[n:], nil
}
