package badger

import (
	"fmt"

	"github.com/weirstream/weir/state/runs"
)

// writer writes a run. It holds one batch.
type writer struct {
	store  *Store
	run    *run
	batch  batch
	failed error
}

// WriteChunk implements [runs.ChunkWriter].
func (w *writer) WriteChunk(c runs.Chunk, content []byte) error {
	if w.failed != nil {
		return w.failed
	}
	if next := w.run.chunks() + w.batch.chunks; c.Number != next {
		w.failed = fmt.Errorf("chunk %d comes where chunk %d is expected", c.Number, next)
		return w.failed
	}
	if !w.batch.fits(content) {
		w.flush()
	}
	if w.failed == nil {
		w.failed = w.batch.add(w.run.key, c.Number, content)
	}
	if w.failed == nil && len(content) > batchBytes {
		w.flush() // while the content is valid
	}
	return w.failed
}

func (w *writer) flush() {
	if w.batch.chunks > 0 {
		w.failed = w.store.put(w.run, &w.batch)
		w.batch.reset()
	}
}

// Close implements [runs.RunWriter].
func (w *writer) Close() error {
	if w.failed == nil {
		w.flush()
	}
	w.batch = batch{}
	if w.failed != nil {
		return fmt.Errorf("badger: completing %v: %w", w.run.id, w.failed)
	}
	w.store.complete(w.run)
	return nil
}
