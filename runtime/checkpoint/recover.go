package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// Sink is a sink of the job with what commits its output.
type Sink struct {
	ID        string
	Committer stream.Committer
}

// Recover completes what earlier owners left half done. First it commits again what the
// last checkpoint holds for sinks, unless the marker says that this was done and the
// committer remembers nothing; only then are sinks told to abort what was never decided.
//
// After an error that is [Uncommitted] it may be called again: it goes on where it was.
//
// REQUIRES: sinks holds every sink of Options.Steps, the same ones in each call. Recover is
// called before any writer prepares anything.
func (o *Owner) Recover(ctx context.Context, sinks []Sink) error {
	if o.lanes == nil {
		for _, s := range sinks {
			o.lanes = append(o.lanes, newLane(s, o.whole))
		}
	}
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
	if err != nil {
		return err
	}
	for _, l := range o.lanes {
		// What a committer remembers is of before what is due, so that is shown again.
		if _, keeps := l.sink.Committer.(stream.Keeper); done && !keeps {
			l.due = nil
		}
		if err := o.replayLane(ctx, l); err != nil {
			return err
		}
	}
	if done {
		return nil
	}
	return o.store.writeMarker(ctx, o.decided)
}

func (o *Owner) replayLane(ctx context.Context, l *lane) error {
	for len(l.due) > 0 {
		kept, err := o.commit(ctx, l.sink, l.due[0])
		if err != nil {
			return &Uncommitted{Sink: l.sink.ID, Checkpoints: len(l.due), Err: err}
		}
		l.committed(kept)
	}
	return nil
}

// Uncommitted is the error of a commit that is due and has failed; unless it is fatal, the
// next attempt may succeed.
type Uncommitted struct {
	Sink        string
	Checkpoints int       // whose output is due, that of Err among them
	Since       time.Time // of the first failure in a row; zero: none
	Err         error     // nil: no attempt has failed
}

// Error implements error.
func (u *Uncommitted) Error() string { return u.Err.Error() }

// Unwrap returns why the commit failed.
func (u *Uncommitted) Unwrap() error { return u.Err }

// What says what the sink has yet to do.
func (u *Uncommitted) What() string {
	if u.Checkpoints == 1 {
		return fmt.Sprintf("sink %s has yet to show the output of 1 checkpoint", u.Sink)
	}
	return fmt.Sprintf("sink %s has yet to show the output of %d checkpoints", u.Sink, u.Checkpoints)
}

// Again reports whether another attempt makes sense.
func (u *Uncommitted) Again() bool { return failure.ClassOf(u.Err) != failure.ClassFatal }

// commit shows what is due to a sink, and returns what its committer wants kept.
func (o *Owner) commit(ctx context.Context, s Sink, d Due) ([]byte, error) {
	pending, err := o.store.pending(ctx, d)
	if err == nil {
		err = s.Committer.Commit(ctx, d.Checkpoint, pending)
	}
	if err == nil {
		if k, ok := s.Committer.(stream.Keeper); ok {
			return k.Keep(), nil
		}
		return nil, nil
	}
	err = fmt.Errorf("sink %s: commit checkpoint %d: %w", s.ID, d.Checkpoint, err)
	if errors.Is(err, errDamaged) {
		return nil, o.damaged(d.Checkpoint, err)
	}
	return nil, err
}
