package objstore

import (
	"context"
	"errors"
	"testing"

	"github.com/weirstream/weir/runtime/env"
)

// ctx is that of calls that nobody cancels.
var ctx = context.Background()

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func openDir(t testing.TB, files env.FS, root string) *Dir {
	t.Helper()
	d, err := OpenDir(files, root)
	must(t, err)
	return d
}

func wantObject(t testing.TB, s Store, name, content string) {
	t.Helper()
	got, err := Get(ctx, s, name)
	if err != nil || string(got) != content {
		t.Errorf("%s holds %q (error %v), want %q", name, got, err, content)
	}
}

// TestMemoryFaults: an operation fails before its effect or behind it.
func TestMemoryFaults(t *testing.T) {
	fail := errors.New("fault")
	for _, after := range []bool{false, true} {
		m := NewMemory()
		m.Inject(func(op Op) Outcome {
			if op.String() == "create a" {
				return Outcome{Err: fail, After: after}
			}
			return Outcome{}
		})
		if err := Create(ctx, m, "a", nil); !errors.Is(err, fail) {
			t.Errorf("after=%v: error %v", after, err)
		}
		if _, err := Get(ctx, m, "a"); errors.Is(err, ErrNotFound) == after {
			t.Errorf("after=%v: the object gives %v", after, err)
		}
	}
}
