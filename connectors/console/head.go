package console

import (
	"errors"
	"sync"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Head is a sink that prints the first rows that come, all subtasks together,
// and takes the others in silence.
type Head struct {
	full chan struct{} // closed when no more is printed

	mu    sync.Mutex // of the rest; writing is inside it, to keep lines whole
	table *table
	limit int
	rows  int // printed
}

// NewHead returns a sink that prints at most limit rows, at least 1.
func NewHead(schema *record.Schema, limit int) *Head {
	return &Head{table: newTable(schema), limit: limit, full: make(chan struct{})}
}

// Full returns a channel that is closed when the limit is reached.
func (h *Head) Full() <-chan struct{} { return h.full }

// Rows returns how many rows have been printed.
func (h *Head) Rows() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rows
}

// NewWriter returns a writer that prints at once.
func (h *Head) NewWriter(c stream.WriterContext) (stream.Writer, error) {
	if c.Env.Stdout == nil {
		return nil, errors.New("print: there is no standard output here")
	}
	return &headWriter{writer{context: c}, h}, nil
}

// NewCommitter returns a committer without anything to do.
func (h *Head) NewCommitter(stream.CommitterContext) (stream.Committer, error) {
	return stream.NothingToCommit{}, nil
}

type headWriter struct {
	writer
	head *Head
}

// Write prints the rows that there is still room for.
func (w *headWriter) Write(b *record.Batch) error {
	h := w.head
	h.mu.Lock()
	defer h.mu.Unlock()
	b = first(b, h.limit-h.rows)
	defer b.Release()
	if b.Len() == 0 {
		return nil
	}
	h.rows += b.Len()
	err := w.print(h.table, b)
	if h.rows == h.limit {
		close(h.full)
	}
	return err
}

// first returns the first n rows of a dense batch, which it takes over.
func first(b *record.Batch, n int) *record.Batch {
	if b.Len() <= n {
		return b
	}
	positions := make([]int32, n)
	for i := range positions {
		positions[i] = int32(i)
	}
	return b.Select(positions).Dense()
}
