package task

import (
	"encoding/json"
	"slices"
	"sync"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// SplitState is a split as checkpoints keep it: where its reading goes on.
type SplitState struct {
	ID       stream.SplitID  `json:"id"`
	Position stream.Position `json:"position,omitempty"`
	Notes    []byte          `json:"notes,omitempty"`
	Max      record.Time     `json:"max_event_time"`
	Finished bool            `json:"finished,omitempty"`
	Idle     bool            `json:"idle,omitempty"`
}

// FreshSplit is a split of which nothing has been read.
func FreshSplit(s stream.Split) SplitState {
	return SplitState{ID: s.ID, Position: s.Position, Notes: s.Notes, Max: record.MinTime}
}

// blockSize is how many splits are kept together. A checkpoint copies those blocks of
// which a split has changed, and refers to all.
const blockSize = 64

// block is splits as checkpoints keep them. It never changes, so that checkpoints in
// which it is the same share it.
type block struct {
	splits []SplitState
	once   sync.Once
	text   []byte
	err    error
}

// encode returns the splits as elements of a JSON array. It does the work once.
func (b *block) encode() ([]byte, error) {
	b.once.Do(func() {
		if b.text, b.err = json.Marshal(b.splits); b.err == nil {
			b.text = b.text[1 : len(b.text)-1]
		}
	})
	return b.text, b.err
}

// changed notes that the state of a split is another than in the checkpoints so far.
func (s *source) changed(sp *split) { s.blocks[sp.place/blockSize] = nil }

// freeze returns the splits as a checkpoint is to keep them.
func (s *source) freeze() []*block {
	for i := range s.blocks {
		if s.blocks[i] == nil {
			s.blocks[i] = s.block(s.splits[i*blockSize : min((i+1)*blockSize, len(s.splits))])
		}
	}
	return slices.Clone(s.blocks)
}

func (s *source) block(splits []*split) *block {
	b := &block{splits: make([]SplitState, len(splits))}
	for i, sp := range splits {
		b.splits[i] = SplitState{ID: sp.id, Position: sp.position, Notes: sp.notes, Max: sp.mark.Max, Finished: sp.finished, Idle: sp.idle}
	}
	return b
}

// withSplits adds splits to an encoded meta, which is a JSON object that is not empty.
func withSplits(meta []byte, blocks []*block) ([]byte, error) {
	meta = append(slices.Clone(meta[:len(meta)-1]), `,"splits":[`...)
	for i, b := range blocks {
		text, err := b.encode()
		if err != nil {
			return nil, err
		}
		if i > 0 {
			meta = append(meta, ',')
		}
		meta = append(meta, text...)
	}
	return append(meta, "]}"...), nil
}
