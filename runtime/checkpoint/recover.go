package checkpoint

import (
	"context"
	"errors"
	"fmt"

	"github.com/weirstream/weir/runtime/stream"
)

// Sink is a sink of the job with what commits its output.
type Sink struct {
	ID        string
	Committer stream.Committer
}

// Recover completes what earlier owners left half done. First it commits again
// what the last checkpoint decided, unless the marker says that this was done;
// only then are sinks told to abort what was never decided.
//
// REQUIRES: sinks holds every sink of Options.Steps. Recover is called once,
// before any writer prepares anything.
func (o *Owner) Recover(ctx context.Context, sinks []Sink) error {
	o.sinks = sinks
	if err := o.replay(ctx); err != nil {
		return err
	}
	for _, s := range sinks {
		if err := s.Committer.Abort(ctx); err != nil {
			return fmt.Errorf("sink %s: abort what was not decided: %w", s.ID, err)
		}
	}
	return nil
}

func (o *Owner) replay(ctx context.Context) error {
	if o.decided == nil {
		return nil
	}
	// Before anything is shown: the copy of the manifest is what tells of the
	// decision if the slot is lost.
	if err := o.store.mendManifest(ctx, o.decided); err != nil {
		return err
	}
	done, err := o.store.committed(ctx, o.decided)
	if err != nil || done {
		return err
	}
	for _, s := range o.sinks {
		if err := o.commit(ctx, s, o.whole); err != nil {
			return err
		}
	}
	return o.store.writeMarker(ctx, o.decided)
}

// commit shows what a decided checkpoint holds for a sink.
func (o *Owner) commit(ctx context.Context, s Sink, m *Manifest) error {
	step := m.Step(s.ID)
	if step == nil {
		return nil
	}
	pending := step.pending()
	if len(pending) == 0 {
		return nil
	}
	err := s.Committer.Commit(ctx, m.Checkpoint, pending)
	if err == nil {
		return nil
	}
	err = fmt.Errorf("sink %s: commit checkpoint %d: %w", s.ID, m.Checkpoint, err)
	if errors.Is(err, errDamaged) {
		return o.damaged(m.Checkpoint, err)
	}
	return err
}
