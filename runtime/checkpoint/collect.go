package checkpoint

import (
	"context"
	"errors"
	"fmt"

	"github.com/weirstream/weir/runtime/stream"
)

// sweeper is a store that can clean up behind writers that died, such as
// objstore.Dir.
type sweeper interface{ Sweep(context.Context) error }

// collect deletes what no retained checkpoint needs: slots first, so that what
// is left after a crash is never a slot whose objects are gone. mine is our last
// slot; where another owner's is behind it, nothing is ours to delete. latest is
// the id of the last checkpoint that is decided; what is newer may be under way.
func (o *Owner) collect(ctx context.Context, mine *slot, latest stream.CheckpointID) error {
	// Before the log is looked at: see stateGarbage.
	objects, err := o.store.objects.List(ctx, statePrefix)
	if err != nil {
		return fmt.Errorf("list %s: %w", statePrefix, err)
	}
	h, err := o.store.history(ctx)
	if err != nil {
		return err
	}
	strays, err := o.store.behind(ctx, mine)
	if err != nil {
		return err
	}
	retained, oldest, err := h.cut(mine.Number).retained(ctx, o.options.Retain)
	if err == nil {
		needed := needs(retained)
		err = errors.Join(
			o.sweep(ctx),
			o.collectSlots(ctx, h, oldest),
			o.collectTags(ctx, needed, latest),
			o.delete(ctx, o.stateGarbage(objects, needed, len(strays) == 0)...))
	}
	for _, u := range strays {
		err = errors.Join(o.tell(ctx, u), err)
	}
	return err
}

// sweep cleans up behind writers that died, where that is to be done.
func (o *Owner) sweep(ctx context.Context) error {
	if s, ok := o.store.objects.(sweeper); ok {
		return s.Sweep(ctx)
	}
	return nil
}

// collectSlots deletes the slots before the oldest that is needed.
func (o *Owner) collectSlots(ctx context.Context, h *history, oldest uint64) error {
	var errs []error
	for _, number := range h.numbers {
		if number < oldest {
			errs = append(errs, o.delete(ctx, slotName(number), slotName(number)+copySuffix))
		}
	}
	return errors.Join(errs...)
}

// collectTags deletes the manifests and markers that are garbage.
func (o *Owner) collectTags(ctx context.Context, needed map[string]bool, latest stream.CheckpointID) error {
	var errs []error
	for _, prefix := range []string{markerPrefix, manifestPrefix} {
		names, err := o.store.objects.List(ctx, prefix)
		errs = append(errs, err, o.delete(ctx, o.tagGarbage(names, needed, latest)...))
	}
	return errors.Join(errs...)
}

// delete deletes objects, as many of them as can be.
func (o *Owner) delete(ctx context.Context, names ...string) error {
	var errs []error
	for _, name := range names {
		if err := o.store.objects.Delete(ctx, name); err != nil {
			errs = append(errs, fmt.Errorf("delete %s: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

// needs returns the names of the objects that checkpoints consist of.
func needs(retained []*Manifest) map[string]bool {
	needed := map[string]bool{}
	for _, m := range retained {
		own := tag(m.Generation, m.Checkpoint)
		needed[markerPrefix+own] = true
		needed[manifestPrefix+own] = true
		needed[manifestPrefix+own+copySuffix] = true
		for ref := range m.Objects() {
			needed[ref.Name] = true
		}
	}
	return needed
}

// tagGarbage returns those of the names of manifests and markers that may be deleted:
// of an earlier generation, or of ours and of a checkpoint that is over, if no retained
// checkpoint needs them. All generations below ours have their takeover before ours in
// the log; what a later owner writes is not ours to judge.
func (o *Owner) tagGarbage(names []string, needed map[string]bool, latest stream.CheckpointID) (garbage []string) {
	for _, name := range names {
		generation, id, ok := parseTag(name)
		over := generation < o.Generation || generation == o.Generation && id <= latest
		if ok && over && !needed[name] {
			garbage = append(garbage, name)
		}
	}
	return garbage
}

// stateGarbage returns those of the state objects that may be deleted. Their names do
// not say which checkpoint they belong to. But they were listed before it was found
// that no other owner stands behind us, and owners write after their takeover: so each
// is our own, or of an owner before us, who decides nothing any more. And we collect
// between two checkpoints, when nothing of ours waits for a manifest. So whatever no
// retained checkpoint needs is garbage. A later owner goes on from a retained one: to
// what nobody needs now nobody will refer again, however late it is deleted.
//
// What we still read is left for a later collection: rows of state may be nowhere else.
//
// Where there is something behind us that cannot be read, it may be another owner's
// slot (alone is false). Then only our own objects are ours to judge.
func (o *Owner) stateGarbage(names []string, needed map[string]bool, alone bool) (garbage []string) {
	for _, name := range names {
		nonce, ok := parseStateName(name)
		if ok && (alone || nonce == o.nonce) && !needed[name] && !o.reading.has(name) {
			garbage = append(garbage, name)
		}
	}
	return garbage
}
