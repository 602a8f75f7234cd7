package snapshot

import (
	"fmt"
	"io"

	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// Object is an object that was opened for reading. Several goroutines may use it, each
// with iterators of its own.
type Object struct {
	Header Header
	Cells  []Cell

	from   io.ReaderAt
	size   int64
	tables []table
}

// table is where the chunks of a table lie, and their meta.
type table struct {
	offset int64
	meta   *runs.Meta
}

// Open reads all of an object but the chunks of its tables, with three reads, and checks
// it. Rows are checked as they are read. Errors name part and offset.
func Open(from io.ReaderAt, size int64) (*Object, error) {
	o := &Object{from: from, size: size}
	if err := o.open(); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	return o, nil
}

func (o *Object) open() error {
	if o.size < int64(headBytes+footerBytes) {
		return fmt.Errorf("%d bytes are too few for an object: cut off?", o.size)
	}
	f, err := o.footer()
	if err != nil {
		return fmt.Errorf("footer at offset %d: %w", o.size-int64(footerBytes), o.foreign(err))
	}
	metas, x, err := o.tail(f)
	if err != nil {
		return fmt.Errorf("index at offset %d: %w", f.index, err)
	}
	if err := o.front(x); err != nil {
		return err
	}
	return o.readMetas(metas, x, f)
}

func (o *Object) footer() (f footer, err error) {
	b, err := o.read(o.size-int64(footerBytes), o.size)
	if err != nil {
		return f, err
	}
	return readFooter(b, o.size)
}

// tail reads what lies before the footer: the metas, and the index.
func (o *Object) tail(f footer) (metas []byte, x index, err error) {
	b, err := o.read(int64(f.metas), o.size-int64(footerBytes))
	if err != nil {
		return nil, x, err
	}
	metas = b[:f.index-f.metas]
	content, err := unseal(b[len(metas):])
	if err == nil {
		x, err = readIndex(content, f)
	}
	return metas, x, err
}

// foreign prefers to say that something is no object, or one of another version.
func (o *Object) foreign(err error) error {
	head, readErr := o.read(0, int64(headBytes))
	if readErr != nil {
		return err
	}
	if headErr := checkHead(head); headErr != nil {
		return headErr
	}
	return err
}

// front reads magic, header and cells.
func (o *Object) front(x index) error {
	cells := uint64(headBytes) + x.header
	front, err := o.read(0, int64(cells+x.cells))
	if err == nil {
		err = checkHead(front)
	}
	if err != nil {
		return fmt.Errorf("beginning: %w", err)
	}
	text, err := unseal(front[headBytes:cells])
	if err == nil {
		o.Header, err = decodeHeader(text)
	}
	if err == nil && len(o.Header.Tables) != len(x.tables) {
		err = fmt.Errorf("it has %d tables, the index %d", len(o.Header.Tables), len(x.tables))
	}
	if err != nil {
		return fmt.Errorf("header at offset %d: %w", headBytes, err)
	}
	if text, err = unseal(front[cells:]); err == nil {
		o.Cells, err = decodeCells(text)
	}
	if err != nil {
		return fmt.Errorf("cells at offset %d: %w", cells, err)
	}
	return nil
}

// readMetas reads the metas, which lie one behind the other.
func (o *Object) readMetas(metas []byte, x index, f footer) error {
	at := int64(uint64(headBytes) + x.header + x.cells)
	for i, t := range x.tables {
		meta, err := runs.DecodeMeta(metas[:t.meta:t.meta])
		if err == nil && uint64(meta.Bytes()) != t.chunks {
			err = fmt.Errorf("its chunks have %d bytes, the index says %d", meta.Bytes(), t.chunks)
		}
		if err == nil && meta.Layout().Bucketed != o.Header.Tables[i].Bucketed {
			err = fmt.Errorf("bucketed is %v, the header says %v", meta.Layout().Bucketed, o.Header.Tables[i].Bucketed)
		}
		if err != nil {
			return fmt.Errorf("meta of table %s at offset %d: %w", o.Header.Tables[i].Name, int(f.index)-len(metas), err)
		}
		o.tables = append(o.tables, table{at, meta})
		at, metas = at+int64(t.chunks), metas[t.meta:]
	}
	return nil
}

// Run returns the run of table i. It is read chunk by chunk.
func (o *Object) Run(i int) runs.Run {
	t := o.tables[i]
	name := fmt.Sprintf("table %s of checkpoint %d", o.Header.Tables[i].Name, o.Header.Checkpoint)
	return runs.Run{Name: name, Meta: t.meta, Chunks: runs.NewReader(o.from, t.offset)}
}

// Rows returns an iterator over the entries of table i whose hashes lie in a range. It
// reads only the chunks that can hold some, several of them at once.
func (o *Object) Rows(i int, keys keyrange.Range) *runs.Iterator {
	run := o.Run(i)
	run.Chunks = o.Ahead(i, keys)
	return run.Rows(keys)
}

// Ahead returns a reader of the chunks of table i for one iterator over a range, which
// reads several of them at once.
func (o *Object) Ahead(i int, keys keyrange.Range) runs.ChunkReader {
	t := o.tables[i]
	return runs.NewReadAhead(o.from, t.offset, t.meta, keys)
}

// read returns the bytes from one offset to another, which lie in the object.
func (o *Object) read(from, to int64) ([]byte, error) {
	b := make([]byte, to-from)
	if n, err := o.from.ReadAt(b, from); n < len(b) {
		return nil, fmt.Errorf("%d of %d bytes from offset %d on could be read: %w", n, len(b), from, err)
	}
	return b, nil
}
