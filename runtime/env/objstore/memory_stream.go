package objstore

import (
	"bytes"
	"cmp"
	"context"
)

// memoryWriter is an object of a Memory that is being written.
type memoryWriter struct {
	ctx     context.Context
	store   *Memory
	name    string
	mode    Mode
	content []byte
	err     error // what has gone wrong with the object
}

// Write appends to the object.
func (w *memoryWriter) Write(p []byte) (int, error) {
	if w.err == nil {
		w.err = w.store.do(w.ctx, Op{OpWrite, w.name}, func() error {
			w.content = append(w.content, p...)
			return nil
		})
	}
	if w.err != nil {
		return 0, w.err
	}
	return len(p), nil
}

// Commit gives the object its name.
func (w *memoryWriter) Commit() error {
	if w.err != nil {
		return w.err
	}
	op := Op{OpPut, w.name}
	if w.mode == IfFree {
		op.Kind = OpCreate
	}
	err := w.store.do(w.ctx, op, func() error {
		if _, taken := w.store.objects[w.name]; taken && w.mode == IfFree {
			return ErrExists
		}
		w.store.objects[w.name] = w.content
		return nil
	})
	w.err = cmp.Or(err, errWritten)
	return err
}

// Discard leaves nothing to commit.
func (w *memoryWriter) Discard() { w.err = cmp.Or(w.err, errWritten) }

// memoryReader is an object of a Memory that is open for reading. It cannot be read
// any more once it is deleted, as in stores that are far away.
type memoryReader struct {
	ctx     context.Context
	store   *Memory
	name    string
	content []byte
}

// Size is the length of the object.
func (r *memoryReader) Size() int64 { return int64(len(r.content)) }

// ReadAt reads a range of the object.
func (r *memoryReader) ReadAt(p []byte, offset int64) (n int, err error) {
	err = r.store.do(r.ctx, Op{OpRead, r.name}, func() error {
		if _, err := r.store.find(r.name); err != nil {
			return err
		}
		n, err = bytes.NewReader(r.content).ReadAt(p, offset)
		return err
	})
	return n, err
}

// Close has nothing to close.
func (r *memoryReader) Close() error { return nil }
