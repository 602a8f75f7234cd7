package runs

import (
	"fmt"
	"slices"
	"sync"
)

// Memory is a [ChunkStore] in memory.
type Memory struct {
	mu struct {
		sync.Mutex
		runs map[ID]*memoryRun
	}
}

// memoryRun is the chunks of a run. It does not change once its writer is closed.
type memoryRun struct {
	chunks [][]byte
}

var _ ChunkStore = (*Memory)(nil)

// NewMemory returns an empty store.
func NewMemory() *Memory {
	m := &Memory{}
	m.mu.runs = map[ID]*memoryRun{}
	return m
}

// Create implements [ChunkStore].
func (m *Memory) Create(run ID) (RunWriter, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.mu.runs[run] != nil {
		return nil, fmt.Errorf("runs: creating %v: the store has it already", run)
	}
	created := &memoryRun{}
	m.mu.runs[run] = created
	return memoryWriter{created}, nil
}

// Open implements [ChunkStore].
func (m *Memory) Open(run ID) (RunReader, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.mu.runs[run]; r != nil {
		return r, nil
	}
	return nil, fmt.Errorf("runs: opening %v: %w", run, ErrNoRun)
}

// Drop implements [ChunkStore].
func (m *Memory) Drop(run ID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.mu.runs, run)
	return nil
}

// memoryWriter writes a run of a Memory.
type memoryWriter struct{ run *memoryRun }

func (w memoryWriter) WriteChunk(_ Chunk, content []byte) error {
	w.run.chunks = append(w.run.chunks, slices.Clone(content))
	return nil
}

func (w memoryWriter) Close() error { return nil }

// ReadChunk implements [ChunkReader], with the bytes of the store itself.
func (r *memoryRun) ReadChunk(c Chunk, _ []byte) ([]byte, error) {
	if c.Number >= len(r.chunks) {
		return nil, fmt.Errorf("the run has %d chunks only", len(r.chunks))
	}
	return r.chunks[c.Number], nil
}

// Close implements [RunReader].
func (r *memoryRun) Close() error { return nil }
