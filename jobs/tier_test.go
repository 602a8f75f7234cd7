package jobs

import (
	"errors"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
)

// TestRowsOfTwoRuns: who has lost the job to another process leaves the rows of that alone.
func TestRowsOfTwoRuns(t *testing.T) {
	fs := memfs.New()
	var both [2]*Run
	for i := range both {
		both[i] = &Run{StateDir: "state", files: fs}
		tier, err := both[i].tier(fs, &Job{}, 1<<20, uint64(i))
		if tier == nil || err != nil {
			t.Fatal(tier, err)
		}
		if names, err := fs.ReadDir(both[i].rows); err == nil {
			t.Errorf("nothing was written, and there are %q", names)
		}
		if err := errors.Join(fs.MkdirAll(both[i].rows), env.WriteFile(fs, both[i].rows+"/1.run", nil)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := fs.ReadDir(both[0].rows); err != nil {
		t.Errorf("the start of the second run took the rows of the first, which has the job: %v", err)
	}
	if err := both[1].dropOthers(); err != nil {
		t.Error(err)
	}
	if _, err := fs.ReadDir(both[0].rows); err == nil {
		t.Error("the rows of the first run are still there when the second has the job")
	}
	if err := both[0].dropRows(); err != nil {
		t.Error(err)
	}
	if _, err := fs.ReadDir(both[1].rows); err != nil {
		t.Errorf("the end of the first run took the rows of the second: %v", err)
	}
	if err := both[1].dropRows(); err != nil {
		t.Error(err)
	}
	if names, err := fs.ReadDir("state"); len(names) > 0 || err != nil {
		t.Errorf("left: %q, %v", names, err)
	}
}
