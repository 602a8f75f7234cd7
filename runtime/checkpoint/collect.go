package checkpoint

import (
	"errors"
	"fmt"

	"github.com/weirstream/weir/runtime/stream"
)

// sweeper is a store that can clean up behind writers that died, such as
// objstore.Dir.
type sweeper interface{ Sweep() error }

// collect deletes what no retained checkpoint needs: slots first, so that what
// is left after a crash is never a slot whose objects are gone. mine is our last
// slot; where another owner's is behind it, nothing is ours to delete. latest is
// the id of the last checkpoint that is decided; what is newer may be under way.
func (o *Owner) collect(mine *slot, latest stream.CheckpointID) error {
	h, err := o.store.history()
	if err != nil {
		return err
	}
	strays, err := o.store.behind(mine)
	if err != nil {
		return err
	}
	var errs []error
	for _, u := range strays {
		errs = append(errs, o.tell(u))
	}
	h = h.cut(mine.Number)
	retained, oldest, err := h.retained(o.options.Retain)
	if err != nil {
		return errors.Join(append(errs, err)...)
	}
	if s, ok := o.store.objects.(sweeper); ok {
		errs = append(errs, s.Sweep())
	}
	for _, number := range h.numbers {
		if number < oldest {
			errs = append(errs, o.delete(slotName(number)), o.delete(slotName(number)+copySuffix))
		}
	}
	for _, prefix := range []string{markerPrefix, manifestPrefix, statePrefix} {
		errs = append(errs, o.collectIn(prefix, retained, latest))
	}
	return errors.Join(errs...)
}

func (o *Owner) delete(name string) error {
	if err := o.store.objects.Delete(name); err != nil {
		return fmt.Errorf("delete %s: %w", name, err)
	}
	return nil
}

// collectIn deletes the garbage among the objects whose names begin with prefix.
func (o *Owner) collectIn(prefix string, retained []*Manifest, latest stream.CheckpointID) error {
	names, err := o.store.objects.List(prefix)
	errs := []error{err}
	for _, name := range o.garbage(names, retained, latest) {
		errs = append(errs, o.delete(name))
	}
	return errors.Join(errs...)
}

// garbage returns those of names that may be deleted. An object may go if it is
// of an earlier generation, or of ours and of a checkpoint that is over, and if
// no retained checkpoint needs it. All generations below ours have their
// takeover before ours in the log; what a later owner writes is not ours to
// judge.
func (o *Owner) garbage(names []string, retained []*Manifest, latest stream.CheckpointID) []string {
	needed := map[string]bool{}
	for _, m := range retained {
		own := tag(m.Generation, m.Checkpoint)
		needed[markerPrefix+own] = true
		needed[manifestPrefix+own] = true
		needed[manifestPrefix+own+copySuffix] = true
		for ref := range m.objects() {
			needed[ref.Name] = true
		}
	}
	var garbage []string
	for _, name := range names {
		generation, id, ok := parseTag(name)
		over := generation < o.Generation || generation == o.Generation && id <= latest
		if ok && over && !needed[name] {
			garbage = append(garbage, name)
		}
	}
	return garbage
}
