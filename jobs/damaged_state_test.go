package jobs

import (
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/trial"
)

// TestDamagedState turns one bit of a small checkpoint, in any of its files. The job that
// is started on it fails and says that the checkpoint is damaged, or, where there is a
// copy or the bit says nothing, its rows are the same.
func TestDamagedState(t *testing.T) {
	fs := files(t, map[string]string{"job.yaml": aggregatingJob, "in/1.csv": firstRows})
	run, _ := startChanging(t, fs, Options{})
	untilRowsReach(t, run, "sums", 3)
	run.Stop()
	if last, err := run.Wait(); err != nil || last.State != status.Stopped {
		t.Fatalf("the job is %s: %v", last.State, err)
	}
	write(t, fs, "in/2.csv", moreRows)
	names := filesBelow(t, fs, "state")
	want, err := finishAggregating(t, fs.Clone())
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	trial.Run(t, 120, func(c *trial.Case) {
		damaged, name := fs.Clone(), names[c.Random.IntN(len(names))]
		turnBit(c.T, damaged, name, c.Random.Uint64())
		rows, err := finishAggregating(c.T, damaged)
		var damage *checkpoint.DamagedError
		switch {
		case errors.As(err, &damage) && strings.Contains(err.Error(), path.Base(name)):
			refused++
		case err != nil:
			c.Errorf("a bit of %s is turned, and the message is: %v", name, err)
		case !slices.Equal(rows, want):
			c.Errorf("a bit of %s is turned, and the rows are\n%q, not\n%q", name, rows, want)
		}
	})
	if refused == 0 {
		t.Error("no damage was found")
	}
}

// filesBelow returns the files in a folder and its folders that hold anything.
func filesBelow(t *testing.T, fs *memfs.FS, folder string) (names []string) {
	t.Helper()
	entries, err := fs.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := path.Join(folder, entry)
		if strings.HasSuffix(entry, "/") {
			names = append(names, filesBelow(t, fs, name)...)
		} else if size, err := fs.Size(name); err == nil && size > 0 {
			names = append(names, name)
		}
	}
	return names
}

// turnBit turns a bit of a file.
func turnBit(t *testing.T, fs *memfs.FS, name string, bit uint64) {
	t.Helper()
	f, err := fs.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	bit %= uint64(8 * len(content))
	content[bit/8] ^= 1 << (bit % 8)
	if err := errors.Join(fs.Remove(name), env.WriteFile(fs, name, content)); err != nil {
		t.Fatal(err)
	}
}

// finishAggregating goes on with the aggregating job to its end, and returns its rows.
func finishAggregating(t *testing.T, fs *memfs.FS) ([]string, error) {
	t.Helper()
	run, _ := startChanging(t, fs, Options{})
	if err := endAfter(run, "events", 7); err != nil {
		return nil, err
	}
	lines := rows(t, fs, "out")
	slices.Sort(lines)
	return lines, nil
}

// endAfter lets a job go on until a step has taken in so many rows, and to its end, if it can.
func endAfter(run *Run, step string, reads int64) error {
	ended := make(chan error, 1)
	go func() {
		_, err := run.Wait()
		ended <- err
	}()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !hasRead(run, step, reads) && len(ended) == 0 {
		<-tick.C
	}
	run.Drain()
	return <-ended
}

// hasRead reports whether a step has taken in so many rows.
func hasRead(run *Run, id string, rows int64) bool {
	return slices.ContainsFunc(run.Status().Steps, func(s status.Step) bool { return s.ID == id && s.Counters.In >= rows })
}
