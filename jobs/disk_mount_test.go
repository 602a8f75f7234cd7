//go:build mount

package jobs

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/diskspace/disktest"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/trial"
)

const manyRows = `name: keys
sources:
  made:
    datagen: { rows: 120000, splits: 2, columns: [n = sequence(), "at = clock(2013-01-01T00:00:00Z, 1s, 0s)"] }
    schema: { n: int64, at: timestamp }
    event_time: { column: at }
steps:
  - { id: keyed, select: [at, n, n * 7919 % 30000 AS k] }
  - id: counts
    key_by: [k]
    window: { tumble: 1y }
    aggregate: { n: count(*), total: sum(n), least: min(n) }
sinks:
  out: { input: counts, file: { path: out }, format: csv }
checkpoint: { interval: 50ms }
memory: 1MiB
`

// TestFullDisk fills the disk of checkpoints and of rows of state, to the last byte, at any
// moment, and makes room again. The job waits meanwhile, says so, and loses nothing.
func TestFullDisk(t *testing.T) {
	var want []string
	waited := 0
	whole := trial.Run(t, 6, func(c *trial.Case) {
		disk, out := disktest.Mount(c.T, "32m"), c.T.TempDir()
		file := filepath.Join(out, "job.yaml")
		if err := os.WriteFile(file, []byte(manyRows), 0o666); err != nil {
			c.Fatal(err)
		}
		job, err := Load(builtin.Registry(), env.OS{}, file, nil)
		if err != nil {
			c.Fatal(err)
		}
		var warned atomic.Int64
		run, err := Start(job, Options{Env: env.Real(), StateDir: filepath.Join(disk, "state"), Parallelism: 2, Warn: func(err error) {
			if strings.Contains(err.Error(), "the job waits for room: the disk of ") {
				warned.Add(1)
			}
		}})
		if err != nil {
			c.Fatal(err)
		}
		c.Describe(func() string { return run.Status().Waits })
		ended := make(chan struct{})
		filled := make(chan struct{})
		if want != nil {
			go func() { fillAndEmpty(c.Random, disk, ended); close(filled) }()
		} else {
			close(filled)
		}
		last, err := run.Wait()
		close(ended)
		<-filled
		if err != nil || last.State != status.Finished {
			c.Fatal(last.State, err)
		}
		got := rows(c.T, env.OS{}, filepath.Join(out, "out"))
		if slices.Sort(got); want == nil {
			want = got
		}
		if !slices.Equal(got, want) || len(got) != 30000 {
			c.Fatalf("%d rows, want %d, or they differ", len(got), len(want))
		}
		c.Logf("%v, waited %d times", last.Elapsed, warned.Load())
		if warned.Load() > 0 {
			waited++
		}
	})
	if whole && waited < 3 {
		t.Errorf("only %d jobs waited", waited)
	}
}

// fillAndEmpty fills a disk and empties it again, until the job has ended. Part of it may be
// filled while something is written, part of it may be left.
func fillAndEmpty(random *rand.Rand, disk string, ended <-chan struct{}) {
	name, piece := filepath.Join(disk, "filler"), make([]byte, 64<<10)
	pause := func(most time.Duration) (over bool) {
		select {
		case <-ended:
			return true
		case <-time.After(time.Duration(random.Int64N(int64(most)))):
			return false
		}
	}
	for over := false; !over; {
		over = pause(100 * time.Millisecond)
		f, err := os.Create(name)
		if err != nil {
			continue
		}
		for leave := random.IntN(2) * random.IntN(80); ; {
			var s syscall.Statfs_t
			if syscall.Statfs(disk, &s) != nil || int(s.Bavail*uint64(s.Bsize)) < leave*len(piece) {
				break
			}
			if _, err := f.Write(piece); err != nil {
				break // full, to the last byte
			}
		}
		over = pause(800*time.Millisecond) || over
		_, _ = f.Close(), os.Remove(name)
	}
}
