package objstore

import (
	"errors"
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/env/memfs"
)

// TestViewDir looks at a store without leaving a trace there.
func TestViewDir(t *testing.T) {
	files := memfs.New()
	must(t, Put(ctx, openDir(t, files, "store"), "state/1", []byte("one")))
	changes := 0
	files.Inject(func(op memfs.Op) memfs.Outcome {
		if op.Changes() {
			changes++
		}
		return memfs.Outcome{}
	})
	v := ViewDir(files, "store")
	wantObject(t, v, "state/1", "one")
	names, err := v.List(ctx, "")
	must(t, err)
	if !slices.Equal(names, []string{"state/1"}) {
		t.Errorf("it lists %q", names)
	}
	if err := Put(ctx, v, "state/2", nil); !errors.Is(err, errView) {
		t.Errorf("a put gave %v", err)
	}
	if err := v.Delete(ctx, "state/1"); !errors.Is(err, errView) {
		t.Errorf("a deletion gave %v", err)
	}
	if _, err := ViewDir(files, "nowhere").Open(ctx, "state/1"); !errors.Is(err, ErrNotFound) {
		t.Errorf("where there is no folder, opening gave %v", err)
	}
	if changes > 0 {
		t.Errorf("it changed something %d times", changes)
	}
}
