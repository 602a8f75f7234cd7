package checkpoint

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/stream"
)

// TestSweptObject has another store sweep while an object is written, in the middle of it
// and before it gets its name. It is written again, and the reference is to what is there.
func TestSweptObject(t *testing.T) {
	for _, kind := range []memfs.Kind{memfs.Write, memfs.Sync, memfs.Rename} {
		files := memfs.New()
		owner := takeOver(t, openDir(t, files), 1)
		files.Inject(func(op memfs.Op) memfs.Outcome {
			if op.Kind == kind {
				files.Inject(nil)
				if err := openDir(t, files).Sweep(ctx); err != nil {
					t.Fatal(err)
				}
			}
			return memfs.Outcome{}
		})
		written := 0
		ref, err := owner.WriteObject(ctx, 1, "map", 0, func(name string, w io.Writer) error {
			written++
			return errors.Join(text("some ")(name, w), text("state")(name, w))
		})
		if err != nil || written != 2 || ref.Length != int64(len("some state")) {
			t.Errorf("%s: written %d times, %+v, error %v", kind, written, ref, err)
			continue
		}
		if err := owner.store.verify(ctx, ref); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// TestRanges reads a state object by ranges. What is wrong with it, whoever finds that,
// names the object and says what to do.
func TestRanges(t *testing.T) {
	objects := objstore.NewMemory()
	owner := takeOver(t, objects, 1)
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
	got := make([]byte, 5)
	if _, err := object.ReadAt(got, 5); err != nil && err != io.EOF || string(got) != "state" {
		t.Errorf("read %q, error %v", got, err)
	}
	if _, err := object.ReadAt(got, 6); err != io.EOF {
		t.Errorf("behind the end: error %v", err)
	}
	wrong := object.Damaged(errors.New("block 3 has another checksum"))
	if err := objects.Delete(ctx, ref.Name); err != nil {
		t.Fatal(err)
	}
	_, gone := object.ReadAt(got, 0)
	for reason, err := range map[string]error{"block 3": wrong, "missing": gone} {
		var damage *DamagedError
		if !errors.As(err, &damage) || !errors.Is(err, stream.ErrDamaged) {
			t.Errorf("%s: %v", reason, err)
			continue
		}
		for _, part := range []string{ref.Name, reason, "checkpoint 7", "allow duplicates"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("no %q in: %v", part, err)
			}
		}
	}
}
