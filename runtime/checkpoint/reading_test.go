package checkpoint

import (
	"errors"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/failure"
)

// TestCollectLeavesWhatIsRead: an object that rows are still read from is garbage once nobody
// does so, and not before.
func TestCollectLeavesWhatIsRead(t *testing.T) {
	objects := objstore.NewMemory()
	owner := takeOver(t, objects, 1)
	owner.decided = &slot{Checkpoint: 1}
	ref, err := owner.WriteObject(ctx, 1, "map", 0, text("state"))
	if err != nil {
		t.Fatal(err)
	}
	var readers [2]*Object
	for i := range readers {
		if readers[i], err = owner.OpenObject(ctx, ref); err != nil {
			t.Fatal(err)
		}
	}
	for _, reader := range append(readers[:], nil) {
		err := owner.collect(ctx, owner.takeover, 1)
		if _, stat := objects.Stat(ctx, ref.Name); err != nil || errors.Is(stat, objstore.ErrNotFound) != (reader == nil) {
			t.Errorf("%v, %v, and somebody reads it: %v", err, stat, reader != nil)
		}
		if reader != nil {
			if err := reader.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	if _, err := owner.OpenObject(ctx, ref); err == nil || owner.reading.has(ref.Name) {
		t.Errorf("what cannot be opened is read: %v", err)
	}
}

// TestDamageThatNobodyNeeds: where a newer checkpoint does without the object, that is the
// place to go on from, and nothing is lost.
func TestDamageThatNobodyNeeds(t *testing.T) {
	owner := takeOver(t, objstore.NewMemory(), 1)
	owner.decided = &slot{Checkpoint: 7}
	ref, err := owner.WriteObject(ctx, 7, "map", 0, text("some state"))
	if err != nil {
		t.Fatal(err)
	}
	object, err := owner.OpenObject(ctx, ref)
	if err != nil {
		t.Fatal(err)
	}
	defer object.Close()
	for _, refs := range [][]ObjectRef{{ref}, nil} {
		m, _ := owner.blank(8)
		m.Step("map").Subtasks[0].Objects = refs
		owner.newest.Store(m)
		err := object.Damaged(errors.New("chunk 3 at offset 12288: damaged"))
		class, remedy := failure.ClassFatal, "allow duplicates"
		if refs == nil {
			class, remedy = failure.ClassRestart, "Checkpoint 8, which is newer, does not need it: start the job again"
		}
		if text := err.Error(); failure.ClassOf(err) != class || !strings.Contains(text, remedy) || !strings.Contains(text, ref.Name) {
			t.Errorf("checkpoint 8 needs %v: of class %q: %v", refs, failure.ClassOf(err), err)
		}
	}
}
