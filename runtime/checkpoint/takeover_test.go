package checkpoint

import (
	"errors"
	"math/rand/v2"
	"path"
	"testing"

	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/trial"
)

// TestTakeoverStandsOnADurableSlot has an owner killed between the link of a
// checkpoint's slot and its sync, so that its successor goes on from a slot that
// is visible and not durable, and then cuts the power during the takeover: the
// slot it goes on from must survive where the takeover does.
func TestTakeoverStandsOnADurableSlot(t *testing.T) {
	trial.Run(t, 100, func(c *trial.Case) {
		first := memfs.New()
		owner := takeOver(c.T, openDir(c.T, first), c.Seed)
		decision := storeManifest(c.T, owner)
		killed := beforeSync(first, decision.Number, (*memfs.FS).Clone)
		if err := owner.store.createSlot(ctx, decision); !errors.Is(err, errCut) {
			c.Fatalf("the owner was not killed: %v", err)
		}

		second := *killed
		objects := openDir(c.T, second)
		cut := beforeSync(second, decision.Number+1, func(f *memfs.FS) *memfs.FS { return f.CrashClone(c.Random) })
		if _, err := TakeOver(ctx, objects, owner.options); !errors.Is(err, errCut) {
			c.Fatalf("the power was not cut: %v", err)
		}

		takeOver(c.T, openDir(c.T, *cut), c.Seed+1000)
	})
}

var errCut = errors.New("gone")

// beforeSync has nothing work any more from the sync behind the link of a slot
// on, and returns where what is left then can be found.
func beforeSync(files *memfs.FS, slot uint64, leave func(*memfs.FS) *memfs.FS) (left **memfs.FS) {
	left = new(*memfs.FS)
	linked := false
	files.Inject(func(op memfs.Op) memfs.Outcome {
		switch {
		case *left != nil:
			return memfs.Outcome{Err: errCut}
		case op.Kind == memfs.Link && path.Base(op.To) == path.Base(slotName(slot)):
			linked = true
		case op.Kind == memfs.SyncDir && linked:
			*left = leave(files)
			return memfs.Outcome{Err: errCut}
		}
		return memfs.Outcome{}
	})
	return left
}

func openDir(t *testing.T, files *memfs.FS) *objstore.Dir {
	t.Helper()
	d, err := objstore.OpenDir(files, "job")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// storeManifest stores the manifest of checkpoint 1 and returns the slot that
// would decide it.
func storeManifest(t *testing.T, o *Owner) *slot {
	t.Helper()
	m, _ := o.blank(1)
	content, err := m.encode()
	if err != nil {
		t.Fatal(err)
	}
	name := manifestPrefix + tag(o.Generation, 1)
	if err := o.store.put(ctx, name, content); err != nil {
		t.Fatal(err)
	}
	ref := refTo(name, content)
	decision := o.slotAfter(o.takeover, checkpointSlot, 1)
	decision.Manifest, decision.Copy = &ref, name+copySuffix
	return decision
}

// TestOvertakenAnywhere stops a takeover twice, before any two of its operations,
// while the owner at work decides a checkpoint and deletes the one before: it goes
// on from where the log is by then, whatever it was just reading or writing.
func TestOvertakenAnywhere(t *testing.T) {
	runs := 0
	for first := 0; overtake(t, first, first) > first; first++ {
		for second := first + 1; overtake(t, first, second) > second; second++ {
			runs++
		}
	}
	if runs < 100 {
		t.Errorf("only %d pairs of operations", runs)
	}
}

// overtake stops a takeover before two operations, and returns how many there were.
func overtake(t *testing.T, first, second int) (operations int) {
	t.Helper()
	objects := objstore.NewMemory()
	o := takeOver(t, objects, 1)
	shows(o, &display{})
	worker := newDrive(rand.New(rand.NewPCG(1, 1)), o)
	worker.until(t, 2)
	working := false
	objects.Inject(func(objstore.Op) objstore.Outcome {
		if working { // its own do not count
			return objstore.Outcome{}
		}
		if operations == first || operations == second {
			working = true
			worker.until(t, worker.c.decided+1)
			working = false
		}
		operations++
		return objstore.Outcome{}
	})
	owner := takeOver(t, objects, 2)
	if owner.decided.Checkpoint != worker.c.decided {
		t.Errorf("stopped before operations %d and %d: goes on from checkpoint %d instead of %d", first, second, owner.decided.Checkpoint,
			worker.c.decided)
	}
	return operations
}

func TestSuperseded(t *testing.T) {
	objects := objstore.NewMemory()
	first := takeOver(t, objects, 1)
	if first.Superseded(ctx) {
		t.Error("the only owner is superseded")
	}
	second := takeOver(t, objects, 2)
	if !first.Superseded(ctx) || second.Superseded(ctx) {
		t.Errorf("of two owners, superseded are: the first %v, the second %v", first.Superseded(ctx), second.Superseded(ctx))
	}
}
