package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/failure"
)

// This file is how a checkpoint is looked at by those who do not run the job: the last one
// of a job that has stopped, one that a running job has just taken, and a savepoint.

// Taken is a decided checkpoint, in the store of its job or in that of a savepoint.
type Taken struct {
	Manifest *Manifest
	// Committed says that sinks had shown all that they had prepared.
	Committed bool
	// Running says that the job went on behind the checkpoint.
	Running bool
	// Finished says that the job has ended for good.
	Finished bool
	// Savepoint says that it is one: what Begin takes.
	Savepoint bool

	store   store
	shown   *atomic.Uint64 // of a running job: a checkpoint up to which all is committed; else nil
	log     *history       // of the job's store, if nobody is at work on it; else nil
	content []byte         // of the savepoint's own object
}

// ErrNone says that a store holds no checkpoint.
var ErrNone = errors.New("there is no checkpoint")

// Look returns the last checkpoint of a job, or the savepoint that a store holds. It writes
// nothing. Where the job is at work its answer is that of a moment.
func Look(ctx context.Context, objects objstore.Store) (*Taken, error) {
	s := store{objects}
	for {
		h, err := s.history(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.where(), err)
		}
		if len(h.numbers) == 0 {
			t, err := s.savepoint(ctx)
			if !errors.Is(err, ErrNone) {
				return t, err
			}
		}
		t, err := s.latest(ctx, h)
		if err == nil {
			return t, nil
		}
		if moved, movedErr := h.moved(ctx); movedErr != nil || !moved {
			return nil, fmt.Errorf("%s: %w", s.where(), errors.Join(err, movedErr))
		}
	}
}

// latest returns the checkpoint that the next owner would go on from.
func (s store) latest(ctx context.Context, h *history) (*Taken, error) {
	last, above, err := h.last(ctx)
	if err != nil {
		return nil, err
	}
	if last == nil {
		last = &slot{}
	}
	o, damage := &Owner{store: s}, &DamagedError{}
	if _, err := o.lookBehind(ctx, h, last, damage); err != nil {
		return nil, err
	}
	log, _ := o.passOver(ctx, h, last, above, damage)
	if err := o.choose(ctx, log, damage); err != nil {
		if errors.Is(err, errDamaged) {
			err = failure.Fatal(fmt.Errorf("%s\nRestore what is damaged or lost from a copy", damage.loss()))
		}
		return nil, err
	}
	if o.decided == nil {
		return nil, ErrNone
	}
	done, err := s.committed(ctx, o.decided)
	if err != nil {
		return nil, err
	}
	return &Taken{Manifest: o.whole, Committed: done, Finished: last.Kind == finishedSlot, store: s, log: h}, nil
}

// Newest returns the checkpoint that has just been decided, while the job goes on. Its objects
// are kept until it is released.
//
// REQUIRES: the next checkpoint has not begun.
func (o *Owner) Newest() (t *Taken, release func()) {
	t = &Taken{Manifest: o.newest.Load(), Running: true, store: o.store, shown: &o.shown}
	for ref := range t.Manifest.Objects() {
		o.reading.begin(ref.Name)
	}
	return t, func() {
		for ref := range t.Manifest.Objects() {
			o.reading.end(ref.Name)
		}
	}
}

// Open opens a state object. Its length has been checked.
func (t *Taken) Open(ctx context.Context, ref ObjectRef) (objstore.Reader, error) {
	r, err := t.store.open(ctx, ref)
	return r, t.explain(err)
}

// Verify reads a state object and checks that it is what it was when it was written.
func (t *Taken) Verify(ctx context.Context, ref ObjectRef) error {
	return t.explain(t.store.verify(ctx, ref))
}

// Damaged returns the error for what a reader has found wrong in the bytes of an object: it
// names the object and says what to do.
func (t *Taken) Damaged(ref ObjectRef, reason error) error {
	return t.explain(fmt.Errorf("%s: %w: %w", ref.Name, errDamaged, reason))
}

// explain says of damage where it is and what to do.
func (t *Taken) explain(err error) error {
	switch {
	case err == nil || !errors.Is(err, errDamaged):
		return err
	case t.Savepoint:
		return t.store.damagedSavepoint(err)
	}
	return failure.Fatal(fmt.Errorf("%s: %w\nRestore it from a copy", t.store.where(), err))
}
