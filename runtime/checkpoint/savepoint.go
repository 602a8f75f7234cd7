package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/failure"
)

// savepointName is the object that makes a store a savepoint. It is written last.
const savepointName = "savepoint"

// begunName is the object of a job's store that has begun with a savepoint, with the bytes of
// that one's. It is written first.
const begunName = "begun"

// savepoint is what that object says.
type savepoint struct {
	// Running says that the job went on, so that its output is its own from there.
	Running bool `json:"running,omitempty"`
	// Committed says that sinks had shown all that the manifest holds as pending.
	Committed bool     `json:"committed,omitempty"`
	Manifest  Manifest `json:"manifest"`
}

// Save writes the checkpoint as a savepoint into a store that is empty. It is one once Save
// has returned without an error, and not before. Each object is checked on the way.
func (t *Taken) Save(ctx context.Context, to objstore.Store) error {
	if t.Finished {
		return failure.Fatal(errors.New("the job has finished, so that nothing can go on from its last checkpoint"))
	}
	for ref := range t.Manifest.Objects() {
		if err := t.copy(ctx, to, ref); err != nil {
			return t.whileAtWork(ctx, err)
		}
	}
	if err := t.whileAtWork(ctx, nil); err != nil {
		return err
	}
	if t.shown != nil {
		t.Committed = t.shown.Load() >= uint64(t.Manifest.Checkpoint)
	}
	content, err := seal("savepoint", savepoint{t.Running, t.Committed, *t.Manifest})
	if err != nil {
		return err
	}
	return store{to}.inPlace(store{to}.put(ctx, savepointName, content))
}

// whileAtWork refuses what was read of a log that somebody has written to meanwhile: its job
// is running.
func (t *Taken) whileAtWork(ctx context.Context, err error) error {
	if t.log == nil {
		return err
	}
	switch moved, movedErr := t.log.moved(ctx); {
	case movedErr != nil:
		return errors.Join(err, movedErr)
	case moved:
		return failure.Fatal(fmt.Errorf("%s: a process is at work on them, and a savepoint of a running job is taken by the job itself",
			t.store.where()))
	}
	return err
}

// copy copies an object, which gets its name only if it is what the reference says.
func (t *Taken) copy(ctx context.Context, to objstore.Store, ref ObjectRef) error {
	from, err := t.Open(ctx, ref)
	if err != nil {
		return err
	}
	defer from.Close()
	return objstore.Stream(ctx, to, ref.Name, objstore.Replace, func(w io.Writer) error {
		found := newSummed(w)
		if _, err := io.CopyBuffer(found, io.NewSectionReader(from, 0, ref.Length), make([]byte, copyBytes)); err != nil {
			return fmt.Errorf("%s: %w", ref.Name, err)
		}
		return t.explain(ref.check(found.ref(ref.Name)))
	})
}

// copyBytes is how much is copied at once.
const copyBytes = 1 << 20

// savepoint returns the savepoint that a store holds, or ErrNone.
func (s store) savepoint(ctx context.Context) (*Taken, error) {
	content, err := objstore.Get(ctx, s.objects, savepointName)
	if errors.Is(err, objstore.ErrNotFound) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, s.damagedSavepoint(whyUnread(savepointName, err))
	}
	var saved savepoint
	if err := unseal("savepoint", content, &saved); err != nil {
		return nil, s.damagedSavepoint(fmt.Errorf("%s: %w", savepointName, err))
	}
	return &Taken{
		Manifest: &saved.Manifest, Committed: saved.Committed, Running: saved.Running, Savepoint: true, store: s, content: content,
	}, nil
}

// damagedSavepoint says what to do about damage.
func (s store) damagedSavepoint(err error) error {
	if !errors.Is(err, errDamaged) {
		return fmt.Errorf("%s: %w", s.place(), err)
	}
	return failure.Fatal(fmt.Errorf("%s: %w\nCopy it anew from where it is whole, or use another savepoint", s.place(), err))
}

// place names a savepoint in errors.
func (s store) place() string {
	if place, ok := s.objects.(fmt.Stringer); ok {
		return "savepoint " + place.String()
	}
	return "savepoint"
}

// ReadSavepoint returns the savepoint that a store holds. What of it can be told without
// reading its objects has been checked.
func ReadSavepoint(ctx context.Context, objects objstore.Store) (*Taken, error) {
	s := store{objects}
	t, err := s.savepoint(ctx)
	if errors.Is(err, ErrNone) {
		return nil, failure.Fatal(fmt.Errorf("%s: it has no file %q, so it is none, or was not written to its end: take another", s.place(),
			savepointName))
	}
	return t, err
}
