package snapshot

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/weirstream/weir/state/runs"
)

// Writer writes an object as a stream of small writes, chunk by chunk. It holds one chunk and
// the metas of the tables that are finished. After an error the object is lost, and what was written of it no object.
type Writer struct {
	to     io.Writer
	header Header
	index  index
	offset uint64

	table *runs.Builder // the one that is being written
	metas []*runs.Meta  // of those before
	err   error
}

// NewWriter writes header and cells. The tables of the header follow, in its order.
func NewWriter(to io.Writer, header Header, cells []Cell) (*Writer, error) {
	w := &Writer{to: to, header: header}
	text, err := json.Marshal(header)
	if err == nil {
		err = header.check()
	}
	if err != nil {
		return nil, fmt.Errorf("snapshot: header: %w", err)
	}
	w.write(appendHead(nil))
	w.index.header = w.write(seal(text))
	w.index.cells = w.write(seal(encodeCells(cells)))
	return w, w.failed()
}

// Table begins table i, which follows table i−1, and ends that one. The writer finishes
// the builder: the caller puts rows, and no more once it has asked for the next table.
func (w *Writer) Table(i int) (*runs.Builder, error) {
	if err := w.endTable(); err != nil {
		return nil, err
	}
	if i != len(w.metas) || i >= len(w.header.Tables) {
		w.err = fmt.Errorf("snapshot: table %d is written behind %d of %d tables", i, len(w.metas), len(w.header.Tables))
		return nil, w.err
	}
	w.table = runs.NewBuilder("table "+w.header.Tables[i].Name, w, w.header.Tables[i].layout())
	return w.table, nil
}

// endTable finishes the table that is being written, if there is one.
func (w *Writer) endTable() error {
	if w.table == nil || w.err != nil {
		return w.err
	}
	meta, err := w.table.Finish()
	if err != nil {
		w.err = err
		return err
	}
	w.table, w.metas = nil, append(w.metas, meta)
	w.index.tables = append(w.index.tables, lengths{uint64(meta.Bytes()), uint64(len(meta.Encoded()))})
	return nil
}

// WriteChunk implements [runs.ChunkWriter] for the builders of the tables.
func (w *Writer) WriteChunk(_ runs.Chunk, content []byte) error {
	w.write(content)
	return w.err
}

// Finish writes what comes behind the tables. The object is whole once it has returned nil.
func (w *Writer) Finish() error {
	if err := w.endTable(); err != nil {
		return err
	}
	if missing := len(w.header.Tables) - len(w.metas); missing > 0 {
		return fmt.Errorf("snapshot: the last %d tables of the header were not written", missing)
	}
	f := footer{metas: w.offset}
	for _, meta := range w.metas {
		w.write(meta.Encoded())
	}
	f.index = w.offset
	w.write(seal(w.index.append(nil)))
	w.write(appendFooter(nil, f, w.offset+uint64(footerBytes)))
	if err := w.failed(); err != nil {
		return err
	}
	w.err = errors.New("snapshot: the object is finished")
	return nil
}

// write writes bytes and returns how many they are; an error stays in w.err.
func (w *Writer) write(b []byte) uint64 {
	if w.err == nil {
		_, w.err = w.to.Write(b)
	}
	w.offset += uint64(len(b))
	return uint64(len(b))
}

// failed returns the error of a write, and says where it was.
func (w *Writer) failed() error {
	if w.err == nil {
		return nil
	}
	return fmt.Errorf("snapshot: writing up to offset %d: %w", w.offset, w.err)
}
