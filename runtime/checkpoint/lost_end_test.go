package checkpoint

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestLostEnd kills owners anywhere, and takes the last slots away. Whoever starts
// then goes on from a checkpoint before which nothing is shown that will be shown
// again, or is refused. It is refused only if a decision was lost.
func TestLostEnd(t *testing.T) {
	refused, accepted := 0, 0
	whole := trial.Run(t, 300, func(c *trial.Case) {
		objects, sink := objstore.NewMemory(), &display{}
		for range 1 + c.Random.IntN(3) {
			live(c, takeOver(c.T, objects, c.Random.Uint64()), sink)
		}
		first, decisions := loseEnd(c, objects)
		owner, err := TakeOver(ctx, objects, startOptions(c, false))
		if err == nil {
			accepted++
			checkGoesOn(c, owner, sink)
			checkNew(c, objects, owner)
			return
		}
		refused++
		if named := strings.Contains(err.Error(), slotName(first)) ||
			strings.Contains(err.Error(), "there are no slots"); decisions == 0 || !named {
			c.Fatalf("refused, of %d lost decisions, behind slot %d: %v", decisions, first-1, err)
		}
		checkWithLeave(c, objects, sink)
	})
	if whole && min(refused, accepted) < 30 {
		t.Errorf("too tame: %d starts were refused, %d went on", refused, accepted)
	}
}

func startOptions(c *trial.Case, duplicates bool) Options {
	return Options{Job: "job", Retain: 1, Random: c.Random, Steps: parseSteps("map:stateful out:sink"), AllowDuplicates: duplicates}
}

// live lets an owner take checkpoints until it is killed.
func live(c *trial.Case, o *Owner, sink *display) {
	if err := o.Recover(ctx, []Sink{{"out", sink}}); err != nil {
		c.Fatal(err)
	}
	d := newDrive(c.Random, o)
	for range c.Random.IntN(40) {
		d.next()
	}
}

// loseEnd takes the last slots away. It returns the first of them, and how many
// of them had decided something.
func loseEnd(c *trial.Case, objects *objstore.Memory) (first uint64, decisions int) {
	s := store{objects}
	numbers, _, err := s.slotNumbers(ctx)
	if err != nil {
		c.Fatal(err)
	}
	for _, number := range numbers[c.Random.IntN(len(numbers)):] {
		if first == 0 {
			first = number
		}
		lost, err := s.slot(ctx, number)
		if err == nil && lost.Kind == checkpointSlot {
			decisions++
		}
		name := slotName(number)
		if err := errors.Join(err, objects.Delete(ctx, name), objects.Delete(ctx, name+copySuffix)); err != nil {
			c.Fatal(err)
		}
	}
	return first, decisions
}

func checkGoesOn(c *trial.Case, o *Owner, sink *display) {
	var from stream.CheckpointID
	if o.decided != nil {
		from = o.decided.Checkpoint
	}
	if len(sink.shown) > 0 && slices.Max(sink.shown) > from {
		c.Errorf("goes on from checkpoint %d, though shown are %v", from, sink.shown)
	}
}

// checkWithLeave goes on with the user's leave, and then without being asked
// again. Nothing that has been used is used anew.
func checkWithLeave(c *trial.Case, objects *objstore.Memory, sink *display) {
	o, err := TakeOver(ctx, objects, startOptions(c, true))
	if err != nil {
		if !strings.Contains(err.Error(), "No older checkpoint is complete") {
			c.Errorf("with leave: %v", err)
		}
		return
	}
	if len(sink.shown) > 0 && slices.Max(sink.shown) > o.takeover.Checkpoint {
		c.Errorf("ids behind %d are used, and shown are %v", o.takeover.Checkpoint, sink.shown)
	}
	checkNew(c, objects, o)
	if _, err := TakeOver(ctx, objects, startOptions(c, false)); err != nil {
		c.Errorf("once leave was given: %v", err)
	}
}

// checkNew makes sure that nobody has had the generation of an owner before.
func checkNew(c *trial.Case, objects *objstore.Memory, o *Owner) {
	names, _ := objects.List(ctx, "")
	for _, name := range names {
		if generation, _, ok := parseTag(name); ok && generation >= o.Generation {
			c.Errorf("generation %d is used again, see %s", o.Generation, name)
		}
	}
}
