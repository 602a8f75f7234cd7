package badger

import (
	"errors"
	"fmt"

	"github.com/weirstream/weir/state/runs"
)

// reader reads a run, wherever its pieces lie by now.
type reader struct{ run *run }

// ReadChunk implements [runs.ChunkReader].
func (r reader) ReadChunk(c runs.Chunk, buffer []byte) ([]byte, error) {
	for {
		p, ok := r.run.find(c.Number)
		if !ok {
			return nil, fmt.Errorf("the run has %d chunks only", r.run.chunks())
		}
		err := p.in.read(r.run.key, c.Number, buffer)
		if err == nil {
			return buffer, nil
		}
		if now, _ := r.run.find(c.Number); !errors.Is(err, errReplaced) || now.in == p.in {
			return nil, err
		}
	}
}

// Close implements [runs.RunReader].
func (reader) Close() error { return nil }
