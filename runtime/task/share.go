package task

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
)

// meta is what the engine itself keeps of a node in a checkpoint.
type meta struct {
	Counters  stream.CounterValues `json:"counters"`
	Rejects   []stream.Reject      `json:"rejects,omitempty"`
	Watermark record.Time          `json:"watermark"`
	// Splits are those of a source. They are encoded by themselves, in the background.
	Splits []SplitState `json:"splits,omitempty"`
}

// share is a node's share of one checkpoint: frozen at the barrier, made durable
// in the background.
type share struct {
	id      stream.CheckpointID
	entry   checkpoint.Entry // without what is still to be made durable
	frozen  *state.Frozen    // of an operator
	splits  []*block         // of a source
	finish  func() (stream.Pending, error)
	written int64 // bytes of state
	durable bool
	err     error
}

// freeze takes a node's share of a checkpoint.
func (n *node) freeze(id stream.CheckpointID) (*share, error) {
	m := meta{Counters: n.counters.Values(), Rejects: n.rejects.Values(), Watermark: record.Time(n.mark.Load())}
	p := &share{id: id, entry: checkpoint.Entry{Finished: n.ended && !n.pending}}
	var err error
	switch {
	case n.source != nil:
		p.splits = n.source.freeze()
	case n.writer != nil:
		p.finish, err = n.writer.Prepare(id)
	default:
		if err = n.operator.Snapshot(id); err == nil && !n.state.Empty() {
			p.frozen = n.state.Freeze(uint64(id))
		}
	}
	if err != nil {
		return nil, failure.At(failure.Place{Step: n.step.ID, Checkpoint: uint64(id)},
			fmt.Errorf("step %q: checkpoint %d: %w", n.step.ID, id, err))
	}
	p.entry.Meta, err = json.Marshal(m)
	n.shares = append(n.shares, p)
	return p, err
}

// decline takes no share of a checkpoint, of which nothing can come.
func (n *node) decline(id stream.CheckpointID, why error) *share {
	p := &share{id: id, err: why}
	n.shares = append(n.shares, p)
	return p
}

// persist makes the share durable; it runs in the background.
func (p *share) persist(ctx context.Context, c *Chain, n *node, before []checkpoint.ObjectRef) {
	if p.finish != nil {
		var pending stream.Pending
		if pending, p.err = p.finish(); p.err == nil && len(pending) > 0 {
			p.entry.Pending = []stream.Pending{pending}
			p.err = c.owner.Slim(ctx, p.id, n.step.ID, n.subtask, &p.entry)
		}
	}
	if p.splits != nil {
		p.entry.Meta, p.err = withSplits(p.entry.Meta, p.splits)
	}
	if p.frozen == nil {
		return
	}
	defer p.frozen.Release()
	ref, err := c.owner.WriteObject(ctx, p.id, n.step.ID, n.subtask, func(name string, w io.Writer) error {
		return p.write(name, &roomWriter{Writer: w, lacksRoom: c.room})
	})
	if err != nil {
		p.err = cmp.Or(c.room(askEvery), err) // a disk that is full says little
		return
	}
	if p.frozen.Delta() {
		p.entry.Objects = append(p.entry.Objects, before...)
	}
	p.entry.Objects = append(p.entry.Objects, ref)
	p.written = ref.Length
}

// write writes the frozen state, which can be done once.
func (p *share) write(name string, w io.Writer) error {
	err := p.frozen.EncodeAs(name, w)
	if errors.Is(err, state.ErrEncoded) {
		return failure.Transient(errors.New("another process is starting this job and has removed the file that state was being written to"))
	}
	return err
}

// acknowledgements returns the acknowledgements that can be given now that a
// share is durable. A sink acknowledges, along with a checkpoint, all that it
// has prepared since the last one that was decided, so that a share waits for
// those before it.
func (n *node) acknowledgements(durable *share) []Acknowledged {
	durable.durable = true
	var acks []Acknowledged
	var pending []stream.Pending
	var pendingIn []checkpoint.ObjectRef
	for _, p := range n.shares {
		if !p.durable {
			break
		}
		pending = append(pending, p.entry.Pending...)
		pendingIn = append(pendingIn, p.entry.PendingIn...)
		if p == durable || p.id > durable.id {
			entry := p.entry
			entry.Pending, entry.PendingIn = pending, pendingIn
			acks = append(acks, Acknowledged{Step: n.step.ID, Subtask: n.subtask, ID: p.id, Entry: entry, Written: p.written, Err: p.err})
		}
	}
	return acks
}

// completed lets the node build on a checkpoint that is decided.
func (n *node) completed(id stream.CheckpointID) {
	for len(n.shares) > 0 && n.shares[0].id <= id {
		if n.shares[0].id == id {
			n.objects = n.shares[0].entry.Objects
			if n.source != nil {
				n.source.standsAt(standing{id, n.shares[0].splits})
			}
		}
		n.shares = n.shares[1:]
	}
	if n.state != nil {
		n.state.Completed(uint64(id))
	}
	if n.controlled != nil {
		n.controls.Push(stream.Control{Kind: stream.CheckpointCompleted, Checkpoint: id})
	}
}
