package exchange

import (
	"sync/atomic"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state/keyrange"
)

// Sender is the producer's end of one edge: it knows which channel a row takes.
//
// A hash edge gathers the rows for each channel across batches, so that
// channels carry full batches however many there are. Gathered rows leave when
// they make a batch, before a barrier, Idle or End, and on Flush; a watermark
// waits until the rows before it have left.
type Sender struct {
	kind      graph.EdgeKind
	key       []int
	channels  []*Channel
	batchRows int
	sent      atomic.Int64 // bytes

	turn     int              // of a rebalancing edge: the channel of the next batch
	gathered []*gatherer      // of a hash edge, by channel
	pending  stream.Element   // a watermark that waits for gathered rows; no kind: none
	hashes   []uint64         // scratch
	keys     []*record.Column // scratch
}

// NewSender returns the producer's end of an edge with the given channels, one
// per subtask of the consumer (of a forward edge just the one).
func NewSender(pool *record.Pool, e *graph.Edge, channels []*Channel, batchRows int) *Sender {
	s := &Sender{kind: e.Kind, key: e.Key, channels: channels, batchRows: batchRows}
	if e.Kind == graph.Hash {
		for range channels {
			s.gathered = append(s.gathered, &gatherer{pool: pool})
		}
	}
	return s
}

// Sent returns how many bytes were sent, rows and all else. Any goroutine may call it.
func (s *Sender) Sent() int64 { return s.sent.Load() }

// Full reports that some channel has no credit left.
func (s *Sender) Full() bool {
	for _, c := range s.channels {
		if c.Full() {
			return true
		}
	}
	return false
}

// Send passes an element on and takes over its reference. A batch goes where
// the edge sends its rows, everything else goes to every channel.
func (s *Sender) Send(e stream.Element) {
	switch {
	case e.Kind == stream.KindBatch && s.kind == graph.Hash:
		s.spread(e.Batch)
	case e.Kind == stream.KindBatch:
		s.sent.Add(s.channels[s.turn].Send(stream.BatchOf(e.Batch.Dense())))
		s.turn = (s.turn + 1) % len(s.channels)
	case e.Kind == stream.KindWatermark && s.holdsRows():
		s.pending = e
	default:
		s.Flush()
		s.broadcast(e)
	}
}

// Flush sends gathered rows and the watermark behind them.
func (s *Sender) Flush() {
	for i, g := range s.gathered {
		if b := g.take(); b != nil {
			s.sent.Add(s.channels[i].Send(stream.BatchOf(b)))
		}
	}
	if s.pending.Kind != 0 {
		s.broadcast(s.pending)
		s.pending = stream.Element{}
	}
}

// Holds reports whether Flush would send anything.
func (s *Sender) Holds() bool { return s.holdsRows() || s.pending.Kind != 0 }

func (s *Sender) holdsRows() bool {
	for _, g := range s.gathered {
		if g.rows > 0 {
			return true
		}
	}
	return false
}

// Close releases gathered rows.
func (s *Sender) Close() {
	for _, g := range s.gathered {
		if b := g.take(); b != nil {
			b.Release()
		}
	}
}

func (s *Sender) broadcast(e stream.Element) {
	for _, c := range s.channels {
		s.sent.Add(c.Send(e))
	}
}

// spread gathers each row of a batch for the channel that owns its key.
func (s *Sender) spread(b *record.Batch) {
	s.keys = s.keys[:0]
	for _, k := range s.key {
		s.keys = append(s.keys, b.Columns[k])
	}
	selection := b.Selection()
	s.hashes = keyrange.Hash(s.hashes[:0], s.keys, selection, b.Physical())
	for i, hash := range s.hashes {
		row := int32(i)
		if selection != nil {
			row = selection[i]
		}
		g := s.gathered[keyrange.Subtask(hash, len(s.channels))]
		g.positions = append(g.positions, row)
	}
	kinds := s.partUpdates(b)
	full := false
	for _, g := range s.gathered {
		g.append(b, kinds)
		full = full || g.rows >= s.batchRows
	}
	b.Release()
	if kinds != nil {
		kinds.Release()
	}
	if !full {
		return
	}
	for i, g := range s.gathered {
		if g.rows >= s.batchRows {
			s.sent.Add(s.channels[i].Send(stream.BatchOf(g.take())))
		}
	}
	if s.pending.Kind != 0 {
		s.Flush()
	}
}
