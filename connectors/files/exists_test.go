package files

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

func TestIfExists(t *testing.T) {
	pool := record.NewCheckedPool()
	for _, test := range []struct {
		mode string
		want []string
	}{
		{"fail", nil},
		{"append", append(wantIDs(0, 3), wantIDs(10, 2)...)},
		{"replace", wantIDs(10, 2)},
	} {
		e, files := memEnv()
		writeFile(t, files, "out/notes.txt", "ours")
		first, err := own(t, e, "first", 1, map[string]string{"path": "out"})
		if err != nil {
			t.Fatal(err)
		}
		pending, err := first.write(1, rowsOf(pool, 0, 3))
		if err := errors.Join(err, first.commit(1, pending)); err != nil {
			t.Fatal(err)
		}
		if _, err := own(t, e, "first", 2, map[string]string{"path": "out", "if_exists": test.mode}); err != nil {
			t.Errorf("%s: the same run goes on: %v", test.mode, err)
		}
		second, err := own(t, e, "second", 1, map[string]string{"path": "out", "if_exists": test.mode})
		if test.mode == "fail" {
			if err == nil || !strings.Contains(err.Error(), "out holds the output of another run, such as part-sink-first-0001-00000001-000-00000.csv (files: 1)") {
				t.Errorf("fail: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		pending, err = second.write(1, rowsOf(pool, 10, 2))
		if got := visible(t, e, "out"); err != nil || len(got) != 3 {
			t.Errorf("%s: before the first commit: %q, %v", test.mode, got, err)
		}
		if err := errors.Join(second.commit(1, pending), second.commit(1, pending)); err != nil {
			t.Fatal(err)
		}
		if got := visible(t, e, "out"); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.mode, got, test.want)
		}
		if there, err := env.Exists(files, "out/notes.txt"); !there || err != nil {
			t.Errorf("%s: a file that is no part file is gone (%v)", test.mode, err)
		}
	}
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

// TestOthersAddWhileARunIsStopped has a run that refuses to add to others' output
// go on after another has added to its own.
func TestOthersAddWhileARunIsStopped(t *testing.T) {
	pool := record.NewCheckedPool()
	e, _ := memEnv()
	write := func(run string, generation uint64, mode string, id, from int) error {
		o, err := own(t, e, run, generation, map[string]string{"path": "out", "if_exists": mode})
		if err != nil {
			return err
		}
		pending, err := o.write(stream.CheckpointID(id), rowsOf(pool, from, 2))
		return errors.Join(err, o.commit(stream.CheckpointID(id), pending))
	}
	if err := errors.Join(write("first", 1, "fail", 1, 0), write("second", 1, "append", 1, 10), write("first", 2, "fail", 2, 20)); err != nil {
		t.Fatal(err)
	}
	if err := write("third", 1, "fail", 1, 30); err == nil {
		t.Error("a third run adds to the output of others")
	}
	if got, want := visible(t, e, "out"), slices.Concat(wantIDs(0, 2), wantIDs(20, 2), wantIDs(10, 2)); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestReplaceByNothing has a run without a row replace the output of another.
func TestReplaceByNothing(t *testing.T) {
	pool := record.NewCheckedPool()
	e, _ := memEnv()
	first, err := own(t, e, "first", 1, map[string]string{"path": "out"})
	if err != nil {
		t.Fatal(err)
	}
	pending, err := first.write(1, rowsOf(pool, 0, 3))
	if err := errors.Join(err, first.commit(1, pending)); err != nil {
		t.Fatal(err)
	}
	second, err := own(t, e, "second", 1, map[string]string{"path": "out", "if_exists": "replace"})
	if err != nil {
		t.Fatal(err)
	}
	pending, err = second.write(1, rowsOf(pool, 0, 0))
	if err != nil || len(pending) == 0 {
		t.Fatalf("prepared %q, %v: nothing would be committed", pending, err)
	}
	if err := second.commit(1, pending); err != nil {
		t.Fatal(err)
	}
	if got := visible(t, e, "out"); len(got) != 0 {
		t.Errorf("%q is still there", got)
	}
	if pending, err = second.write(2, rowsOf(pool, 0, 0)); err != nil || len(pending) != 0 {
		t.Errorf("prepared %q, %v, though nothing is to be done", pending, err)
	}
}
