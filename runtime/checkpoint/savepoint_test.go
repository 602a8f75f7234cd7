package checkpoint

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// takeCheckpoint has an owner take a checkpoint with a state object for each text, and output
// that is committed.
func takeCheckpoint(t *testing.T, o *Owner, texts ...string) *Taken {
	t.Helper()
	d := &drive{random: rand.New(rand.NewPCG(1, 1)), c: NewCoordinator(o, Timing{})}
	d.step(Started{})
	d.finishWorks()
	d.step(CheckpointRequested{})
	var entry Entry
	for _, one := range texts {
		ref, err := o.WriteObject(ctx, d.c.id, "map", 0, text(one))
		if err != nil {
			t.Fatal(err)
		}
		entry.Objects = append(entry.Objects, ref)
	}
	d.step(Ack{d.c.id, "map", 0, entry})
	d.step(Ack{d.c.id, "out", 0, Entry{Pending: []stream.Pending{[]byte("rows")}}})
	d.finishWorks()
	taken, _ := o.Newest()
	return taken
}

func (d *drive) finishWorks() {
	for len(d.works) > 0 {
		d.step(d.take().Do(ctx))
	}
}

// saved returns a file system with a savepoint in the folder of that name.
func saved(t *testing.T, texts ...string) *memfs.FS {
	t.Helper()
	objects := objstore.NewMemory()
	owner := takeOver(t, objects, 1)
	if err := owner.Recover(ctx, []Sink{{"out", &display{}}}); err != nil {
		t.Fatal(err)
	}
	takeCheckpoint(t, owner, texts...)
	taken, err := Look(ctx, objects)
	if err != nil {
		t.Fatal(err)
	}
	files := memfs.New()
	if err := taken.Save(ctx, savepointDir(t, files)); err != nil {
		t.Fatal(err)
	}
	return files
}

func savepointDir(t testing.TB, files env.FS) *objstore.Dir {
	t.Helper()
	d, err := objstore.OpenDir(files, "savepoint")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// begin has a store begin with the savepoint of a file system.
func begin(files env.FS, objects objstore.Store) error {
	taken, err := ReadSavepoint(ctx, objstore.ViewDir(files, "savepoint"))
	if err == nil {
		_, err = taken.Begin(ctx, objects, Options{Job: "job", Random: rand.New(rand.NewPCG(1, 1))})
	}
	return err
}

// contents returns the files of the savepoint.
func contents(t testing.TB, files env.FS) map[string]string {
	t.Helper()
	names, err := objstore.ViewDir(files, "savepoint").List(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, name := range names {
		content, err := env.ReadFile(files, path.Join("savepoint", name))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(content)
	}
	return all
}

// TestSavepointMoved copies a savepoint as cp -r does, without what it was written by. What
// begins with it has all that its manifest names.
func TestSavepointMoved(t *testing.T) {
	files := saved(t, "full", "delta")
	moved := memfs.New()
	for name, content := range contents(t, files) {
		overwrite(t, moved, name, content)
	}
	objects := objstore.NewMemory()
	if err := begin(moved, objects); err != nil {
		t.Fatal(err)
	}
	taken, err := Look(ctx, objects)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for ref := range taken.Manifest.Objects() {
		if err := taken.Verify(ctx, ref); err != nil {
			t.Error(err)
		}
		content, _ := objstore.Get(ctx, objects, ref.Name)
		texts = append(texts, string(content))
	}
	if !slices.Equal(texts, []string{"full", "delta"}) || !taken.Committed || taken.Savepoint {
		t.Errorf("it holds %q: %+v", texts, taken)
	}
}

// TestSavepointDamage has every byte of each file flipped, each file cut and lengthened at
// any place, gone, and in the place of another. Nothing begins with that; the error names the
// file and what to do, and whole again the savepoint is one.
func TestSavepointDamage(t *testing.T) {
	files := saved(t, "a full state", "a delta", "other del")
	whole := contents(t, files)
	for name, content := range whole {
		for _, damaged := range damages(content, whole) {
			overwrite(t, files, name, damaged)
			refuses(t, files, name)
		}
		if err := files.Remove(path.Join("savepoint", name)); err != nil {
			t.Fatal(err)
		}
		refuses(t, files, name)
		overwrite(t, files, name, content)
	}
	if err := begin(files, objstore.NewMemory()); err != nil {
		t.Errorf("whole again it gives %v", err)
	}
}

// damages returns what may have become of a file.
func damages(content string, others map[string]string) (all []string) {
	for i := range content {
		flipped := []byte(content)
		flipped[i] ^= 1 << (i % 8)
		all = append(all, string(flipped), content[:i])
	}
	for _, name := range slices.Sorted(maps.Keys(others)) {
		if others[name] != content {
			all = append(all, others[name])
		}
	}
	return append(all, content+"\n")
}

func overwrite(t testing.TB, files env.FS, name, content string) {
	t.Helper()
	name = path.Join("savepoint", name)
	_ = files.Remove(name) // it may not be there
	if err := errors.Join(files.MkdirAll(path.Dir(name)), env.WriteFile(files, name, []byte(content))); err != nil {
		t.Fatal(err)
	}
}

func refuses(t *testing.T, files env.FS, name string) {
	t.Helper()
	objects := objstore.NewMemory()
	err := begin(files, objects)
	if err == nil || !strings.Contains(err.Error(), name) || failure.ClassOf(err) != failure.ClassFatal ||
		!strings.Contains(err.Error(), "another savepoint") && !strings.Contains(err.Error(), "take another") {
		t.Fatalf("with %s damaged it begins, or says little: %v", name, err)
	}
	if slots, _ := objects.List(ctx, slotPrefix); len(slots) > 0 {
		t.Fatalf("with %s damaged there are slots: %q", name, slots)
	}
}

// TestSavepointCrash cuts the power anywhere while a savepoint is written, or fails one
// operation. What is there then is a whole savepoint, or none; once Save has returned it is
// the whole one.
func TestSavepointCrash(t *testing.T) {
	none, some := 0, 0
	whole := trial.Run(t, 200, func(c *trial.Case) {
		objects := objstore.NewMemory()
		owner := takeOver(c.T, objects, 1)
		if err := owner.Recover(ctx, []Sink{{"out", &display{}}}); err != nil {
			c.Fatal(err)
		}
		taken := takeCheckpoint(c.T, owner, "a full state", "a delta")
		files := memfs.New()
		to := savepointDir(c.T, files)
		var left *memfs.FS
		at := c.Random.IntN(30)
		files.Inject(func(op memfs.Op) memfs.Outcome {
			if at--; at >= 0 {
				return memfs.Outcome{}
			}
			if left == nil {
				left = files.CrashClone(c.Random)
			}
			return memfs.Outcome{Err: errors.New("power cut"), After: c.Random.IntN(2) == 0}
		})
		err := taken.Save(ctx, to)
		files.Inject(nil)
		if left == nil {
			left = files.CrashClone(c.Random)
		}
		begun := beginOrNone(c, left)
		if err == nil && begun != nil {
			c.Fatalf("written, and behind a power cut it is %v", begun)
		}
		if begun == nil {
			some++
		} else {
			none++
		}
	})
	if whole && min(none, some) < 30 {
		t.Errorf("too tame: %d were savepoints, %d were not", some, none)
	}
}

// beginOrNone begins with what may be a savepoint: either it is one, or it says that it is not.
func beginOrNone(c *trial.Case, files env.FS) error {
	objects := objstore.NewMemory()
	err := begin(files, objects)
	if err != nil && !strings.Contains(err.Error(), "was not written to its end") {
		c.Fatalf("a savepoint that was not written to its end: %v", err)
	}
	return err
}

// TestBeginCrash ends the process, or cuts the power, anywhere while a store begins with a
// savepoint. A start without it is refused, or goes on from it; a start with it goes on from
// it, once, and what was committed is not committed again.
func TestBeginCrash(t *testing.T) {
	refused, begun := 0, 0
	whole := trial.Run(t, 300, func(c *trial.Case) {
		files := saved(c.T, "a full state", "a delta")
		store := openDir(c.T, files)
		at := c.Random.IntN(60)
		var left *memfs.FS
		files.Inject(func(op memfs.Op) memfs.Outcome {
			if at--; at >= 0 {
				return memfs.Outcome{}
			}
			if left == nil {
				left = files.CrashClone(c.Random)
			}
			return memfs.Outcome{Err: errors.New("power cut"), After: c.Random.IntN(2) == 0}
		})
		_ = begin(files, store) // it is cut off
		files.Inject(nil)
		if left == nil {
			left = files.CrashClone(c.Random)
		}
		store = openDir(c.T, left)
		_, err := TakeOver(ctx, store, startOptions(c, false))
		names, _ := store.List(ctx, "")
		switch {
		case err == nil && slices.Contains(names, begunName):
			begun++
		case err != nil && strings.Contains(err.Error(), "not to its end"):
			refused++
		case err == nil: // nothing was there yet
			return
		default:
			c.Fatalf("without the savepoint: %v", err)
		}
		checkBegun(c, left, store)
	})
	if whole && min(refused, begun) < 30 {
		t.Errorf("too tame: %d starts were refused, %d went on", refused, begun)
	}
}

// checkBegun begins once more and takes over.
func checkBegun(c *trial.Case, files env.FS, store objstore.Store) {
	if err := begin(files, store); err != nil {
		c.Fatal(err)
	}
	owner, err := TakeOver(ctx, store, startOptions(c, false))
	if err != nil {
		c.Fatal(err)
	}
	sink := &display{}
	if err := owner.Recover(ctx, []Sink{{"out", sink}}); err != nil || len(sink.shown) > 0 {
		c.Fatalf("recovery: %v; shown %v", err, sink.shown)
	}
	if m := owner.Manifest; m == nil || m.Checkpoint != 1 {
		c.Fatalf("it goes on from %+v", m)
	}
	for ref := range owner.Manifest.Objects() {
		if err := owner.store.verify(ctx, ref); err != nil {
			c.Fatal(err)
		}
	}
}

// TestSavepointOfOneAtWork refuses to save from a log to which somebody writes meanwhile.
func TestSavepointOfOneAtWork(t *testing.T) {
	objects := objstore.NewMemory()
	owner := takeOver(t, objects, 1)
	if err := owner.Recover(ctx, []Sink{{"out", &display{}}}); err != nil {
		t.Fatal(err)
	}
	takeCheckpoint(t, owner, "state")
	taken, err := Look(ctx, objects)
	if err != nil {
		t.Fatal(err)
	}
	takeOver(t, objects, 2)
	err = taken.Save(ctx, objstore.NewMemory())
	if want := "a process is at work on them"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("it gives %v, and not %q", err, want)
	}
}

// TestSavepointIsKept takes more checkpoints while one is saved: what it rests on is not
// collected before it is released.
func TestSavepointIsKept(t *testing.T) {
	objects := objstore.NewMemory()
	owner := takeOver(t, objects, 1)
	owner.options.Retain = 1
	if err := owner.Recover(ctx, []Sink{{"out", &display{}}}); err != nil {
		t.Fatal(err)
	}
	d := &drive{random: rand.New(rand.NewPCG(1, 1)), c: NewCoordinator(owner, Timing{})}
	d.step(Started{})
	d.finishWorks()
	take := func(content string) {
		d.step(CheckpointRequested{})
		ref, err := owner.WriteObject(ctx, d.c.id, "map", 0, text(content))
		if err != nil {
			t.Fatal(err)
		}
		d.step(Ack{d.c.id, "map", 0, Entry{Objects: []ObjectRef{ref}}})
		d.step(Ack{d.c.id, "out", 0, Entry{}})
		d.finishWorks()
	}
	take("first")
	taken, release := owner.Newest()
	for i := range 3 {
		take(fmt.Sprint("later ", i))
	}
	if err := taken.Save(ctx, objstore.NewMemory()); err != nil {
		t.Error(err)
	}
	release()
	take("last")
	if states, _ := objects.List(ctx, statePrefix); len(states) != 1 {
		t.Errorf("released, there are still %q", states)
	}
}
