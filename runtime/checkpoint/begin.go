package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is how a job's store begins with a savepoint: with its objects, and a first slot
// that decides its checkpoint. A start then goes on from there as from any other.

// Begin has an empty store begin with a savepoint, for TakeOver with the same options. A
// store that has begun with it before is left alone: its own checkpoints count. begun says
// whether this was the first time. All of the savepoint is read and checked.
//
// What follows a savepoint of a job that went on, and what that had prepared, is shown by that
// job. What begins with it is another run, whose sinks have to be elsewhere; with
// AllowDuplicates it is the same run all the same.
func (t *Taken) Begin(ctx context.Context, objects objstore.Store, options Options) (begun bool, err error) {
	to := store{objects}
	if begun, err := t.hasBegun(ctx, to); begun || err != nil {
		return false, to.inPlace(err)
	}
	if err := t.fits(options); err != nil {
		return false, fmt.Errorf("%s: %w", t.store.place(), err)
	}
	if err := to.put(ctx, begunName, t.content); err != nil {
		return false, to.inPlace(err)
	}
	for ref := range t.Manifest.Objects() {
		if err := t.copy(ctx, objects, ref); err != nil {
			return false, err
		}
	}
	return true, to.inPlace(t.decideIn(ctx, to, options))
}

// hasBegun reports whether a store goes on from the savepoint already, and refuses one that
// goes on from something else.
func (t *Taken) hasBegun(ctx context.Context, to store) (bool, error) {
	numbers, _, err := to.slotNumbers(ctx)
	if err != nil || len(numbers) == 0 {
		return false, err
	}
	content, err := objstore.Get(ctx, to.objects, begunName)
	switch {
	case err == nil && string(content) == string(t.content):
		return true, nil
	case err != nil && !errors.Is(err, objstore.ErrNotFound):
		return false, fmt.Errorf("%s: %w", begunName, err)
	}
	return false, failure.Fatal(errors.New("they did not begin with this savepoint: to resume from them, leave the savepoint out; " +
		"to start from the savepoint, give another folder"))
}

// fits refuses a savepoint of another job, and sinks that would write where another run does.
func (t *Taken) fits(options Options) error {
	m := t.Manifest
	if m.Job != options.Job {
		return failure.Fatal(fmt.Errorf("it is of job %q, not of %q", m.Job, options.Job))
	}
	if options.AllowDuplicates {
		return nil
	}
	var again []string
	for _, s := range options.Steps {
		would, err := t.wouldShowAgain(s)
		if err != nil {
			return err
		}
		if would {
			again = append(again, s.ID)
		}
	}
	if again == nil {
		return nil
	}
	return &ShownError{t.Running, again, m.Checkpoint}
}

// ShownError says that a job which begins with a savepoint would show what the job of the
// savepoint shows.
type ShownError struct {
	running    bool
	sinks      []string
	checkpoint stream.CheckpointID
}

// Error names the sinks and what to do.
func (e *ShownError) Error() string {
	sinks := strings.Join(e.sinks, ", ")
	if e.running {
		return fmt.Sprintf("its job went on when it was taken, and shows what comes behind it where this one would show it again: %s. "+
			"Give these sinks other places, to run beside that job; or take another savepoint, with weir stop --savepoint; or, if that job "+
			"has ended and will not be started again, allow duplicates: what it has shown since checkpoint %d appears twice", sinks, e.checkpoint)
	}
	return fmt.Sprintf("its job has gone on since, and has shown output of later checkpoints: %s. Go on with a later savepoint or in that "+
		"job's own folder; or give these sinks other places; or allow duplicates: what it has shown since checkpoint %d appears twice",
		sinks, e.checkpoint)
}

// Class implements failure.Classified.
func (e *ShownError) Class() failure.Class { return failure.ClassFatal }

// wouldShowAgain reports whether a sink would show what the job of the savepoint shows, as
// far as it can tell: it has done so, or goes on in the same place.
func (t *Taken) wouldShowAgain(s StepInfo) (bool, error) {
	if s.Witness == nil {
		return false, nil
	}
	behind := t.Manifest.Checkpoint
	if t.Running {
		then := t.Manifest.Step(s.ID)
		if then != nil && then.Sink && affected(then.Definition, s.Definition) == stream.Nothing {
			return true, nil
		}
		behind = 0
	}
	shown, err := s.Witness(t.Manifest.Run).ShownAfter(behind)
	if err != nil {
		return false, fmt.Errorf("sink %s: look for output of the job of the savepoint: %w", s.ID, err)
	}
	return len(shown) > 0, nil
}

// decideIn writes what makes the checkpoint of the savepoint the first decision of a store.
// The marker is written before the slot, so that nothing is committed again where this
// process dies in between.
func (t *Taken) decideIn(ctx context.Context, to store, options Options) error {
	m := *t.Manifest
	if t.Running && !options.AllowDuplicates {
		m = m.elsewhere(hexName(options.Random))
	}
	content, err := m.encode()
	if err != nil {
		return err
	}
	name := manifestName(m.Generation, m.Checkpoint)
	err = objstore.Create(ctx, to.objects, name, content)
	if errors.Is(err, objstore.ErrExists) { // we died behind this, or another process is at it, too
		if content, err = to.get(ctx, name); err == nil {
			var was *Manifest
			if was, err = decodeManifest(content); err == nil {
				m = *was
			}
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	ref := refTo(name, content)
	first := &slot{
		Number: 1, Kind: checkpointSlot, Job: m.Job, Run: m.Run, Generation: m.Generation, Nonce: hexName(options.Random),
		Checkpoint: m.Checkpoint, Manifest: &ref, Copy: name + copySuffix,
	}
	if t.Committed {
		if err := to.writeMarker(ctx, first); err != nil {
			return err
		}
	}
	err = to.createSlot(ctx, first)
	if errors.Is(err, errTaken) { // by another process that begins with the savepoint, or by a fresh start
		if was, readErr := to.slot(ctx, first.Number); readErr != nil || was.Kind != takeoverSlot {
			err = nil
		}
	}
	if err != nil {
		return err
	}
	return to.put(ctx, first.Copy, content)
}

// elsewhere returns the checkpoint as that of another run, which has prepared nothing.
func (m *Manifest) elsewhere(run string) Manifest {
	other := *m
	other.Run = run
	other.Steps = slices.Clone(m.Steps)
	for i := range other.Steps {
		other.Steps[i].Carried, other.Steps[i].Kept = nil, nil
		entries := slices.Clone(other.Steps[i].Subtasks)
		for j := range entries {
			entries[j].Pending, entries[j].PendingIn = nil, nil
		}
		other.Steps[i].Subtasks = entries
	}
	return other
}
