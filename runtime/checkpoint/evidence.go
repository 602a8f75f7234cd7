package checkpoint

import (
	"context"
	"fmt"
	"strings"

	"github.com/weirstream/weir/runtime/stream"
)

// A log that has lost its end looks like one that never went so far. This file
// is about what tells the two apart: what is written only once a checkpoint is
// decided. Of that which is decided after the last slot, the ids are greater
// than the slot's, because each owner uses ids behind those that are used up.

// traces is what the objects of a store say of what was behind a slot.
type traces struct {
	generation uint64              // the greatest of all
	id         stream.CheckpointID // the greatest of all
	// decided are those objects that are written behind the slot that decides a
	// checkpoint, and before any sink shows what belongs to it: the copy of its
	// manifest, its marker.
	decided     []string
	first, last stream.CheckpointID // decided by them
}

func (s store) traces(ctx context.Context, behind *slot) (traces, error) {
	var t traces
	for _, prefix := range []string{manifestPrefix, markerPrefix} {
		names, err := s.objects.List(ctx, prefix)
		if err != nil {
			return t, fmt.Errorf("list %s: %w", prefix, err)
		}
		for _, name := range names {
			t.add(name, behind)
		}
	}
	return t, nil
}

func (t *traces) add(name string, behind *slot) {
	generation, id, ok := parseTag(name)
	if !ok {
		return
	}
	t.generation, t.id = max(t.generation, generation), max(t.id, id)
	decided := name == manifestName(generation, id)+copySuffix || name == markerPrefix+tag(generation, id)
	if !decided || id <= behind.Checkpoint {
		return
	}
	if t.decided == nil {
		t.first = id
	}
	t.decided = append(t.decided, name)
	t.first, t.last = min(t.first, id), max(t.last, id)
}

// lookBehind looks for what was decided behind the last slot of the log: in the
// store, and on the media of the sinks that can tell. What it finds it adds to the
// damage, and a new owner's generation and ids have to be above it.
func (o *Owner) lookBehind(ctx context.Context, h *history, last *slot, damage *DamagedError) (traces, error) {
	t, err := o.store.traces(ctx, last)
	if err != nil {
		return t, err
	}
	if len(t.decided) > 0 {
		damage.add(h.lostBehind(last, "of what was decided there is "+some(t.decided)), t.first, t.last)
	}
	if last.Number == 0 {
		return t, nil // a sink goes by the run, whose name went with the slots
	}
	for _, s := range o.options.Steps {
		if err := s.lookBehind(ctx, h, last, damage, &t); err != nil {
			return t, err
		}
	}
	return t, nil
}

// lookBehind asks a sink what it has shown.
func (s StepInfo) lookBehind(ctx context.Context, h *history, last *slot, damage *DamagedError, t *traces) error {
	if s.Witness == nil {
		return nil
	}
	shown, err := s.Witness(last.Run).ShownAfter(last.Checkpoint)
	if err != nil {
		return fmt.Errorf("sink %s: look for output of later checkpoints: %w", s.ID, err)
	}
	if len(shown) == 0 {
		return nil
	}
	var names []string
	first, latest := shown[0].Checkpoint, shown[0].Checkpoint
	for _, one := range shown {
		names = append(names, one.Name)
		t.generation = max(t.generation, min(one.Generation, greatest))
		t.id = max(t.id, min(one.Checkpoint, greatest))
		first, latest = min(first, one.Checkpoint), max(latest, one.Checkpoint)
	}
	damage.add(h.lostBehind(last, "sink "+s.ID+" shows output of later checkpoints, "+some(names)), first, latest)
	return nil
}

// lostBehind is the error of a decision that was lost behind the last slot that
// can be read.
func (h *history) lostBehind(last *slot, evidence string) error {
	switch {
	case last.Number == 0 && h.end() == 0:
		return fmt.Errorf("%s: %w: there are no slots, but %s", slotPrefix, errDamaged, evidence)
	case h.has(last.Number + 1):
		return fmt.Errorf("%s, or one behind it: %w: it cannot be read, but %s", slotName(last.Number+1), errDamaged, evidence)
	case last.Number == 0: // what is missing before it may have been deleted as it should
		return fmt.Errorf("%s, or one behind it: %w: it cannot be read, but %s", slotName(h.numbers[0]), errDamaged, evidence)
	}
	return fmt.Errorf("%s, or one behind it: %w: it is missing, but %s", slotName(last.Number+1), errDamaged, evidence)
}

// some names the first few of many.
func some(names []string) string {
	const most = 3
	text := strings.Join(names[:min(most, len(names))], ", ")
	if n := len(names) - most; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}
