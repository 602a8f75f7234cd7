package master_test

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/trial"
)

var errFull = errors.New("the disk of x is nearly full: delete something there")

// TestJobWaitsForRoom: a job whose disk is full reads nothing and takes no checkpoint, says so
// once, and goes on when there is room.
func TestJobWaitsForRoom(t *testing.T) {
	onBothHosts(t, func(t *testing.T, _ time.Duration, start starter) {
		var full atomic.Bool
		var refused atomic.Int64
		s, out := &script{splits: []*scriptSplit{ending("a", 200_000)}}, &ledger{}
		job := start(line(s, &spy{}, out, 1), master.Options{Store: objstore.NewMemory(), CheckpointInterval: time.Millisecond,
			Room: master.NewRoom(func(int64) error {
				if full.Load() {
					refused.Add(1)
					return errFull
				}
				return nil
			})})
		read := func() int64 { return job.job.Status().Steps[0].Counters.In }
		job.until("a checkpoint", func() bool { return out.count() > 0 })
		full.Store(true)
		job.until("the wait", func() bool { return job.job.Status().Waits == errFull.Error() })
		asked := refused.Load()
		job.until("a question", func() bool { return refused.Load() > asked })
		rows, commits := read(), out.count()
		job.until("more questions", func() bool { return refused.Load() > asked+1 })
		if read() != rows || out.count() != commits || job.job.Status().State != status.Running {
			t.Errorf("%d rows were read, now %d; %d commits, now %d; %s", rows, read(), commits, out.count(), job.job.Status().State)
		}
		said := 0
		for _, w := range job.warned() {
			if strings.HasPrefix(w.Error(), "the job waits for room: "+errFull.Error()) {
				said++
			}
		}
		if said != 1 {
			t.Errorf("it was said %d times: %v", said, job.warned())
		}
		full.Store(false)
		job.until("more rows", func() bool { return read() > rows })
		if waits := job.job.Status().Waits; waits != "" {
			t.Errorf("it waits for %s", waits)
		}
		job.job.Stop()
		if last, err := job.wait(); err != nil || last.State != status.Stopped {
			t.Fatal(last.State, err)
		}
		if out.count() <= commits {
			t.Error("no checkpoint behind the wait")
		}
	})
}

// TestRoomComesAndGoes: whenever there is no room, no row is lost and none comes twice.
func TestRoomComesAndGoes(t *testing.T) {
	splits := []*scriptSplit{ending("a", 60), ending("b", 20)}
	waited := 0
	whole := trial.Run(t, 150, func(c *trial.Case) {
		random := c.Random
		out := &ledger{}
		options := master.Options{Store: objstore.NewMemory(), CheckpointInterval: time.Duration(1+random.IntN(20)) * time.Millisecond,
			Room: master.NewRoom(func(int64) error {
				if random.IntN(12) == 0 {
					return errFull
				}
				return nil
			})}
		for range random.IntN(3) {
			job := start(c.T, random, line(&script{splits: splits}, &spy{}, out, 1+random.IntN(3)), options)
			for range random.IntN(1500) {
				job.world.Step()
			}
			job.crash()
		}
		job := start(c.T, random, line(&script{splits: splits}, &spy{}, out, 1+random.IntN(3)), options)
		c.Describe(job.String)
		last, err := job.wait()
		if err != nil || last.State != status.Finished {
			c.Fatal(last.State, err)
		}
		if got, want := out.rows(), expected(splits...); !slices.Equal(got, want) {
			c.Fatalf("committed %v\nwant %v", got, want)
		}
		if slices.ContainsFunc(job.warned(), func(w error) bool { return errors.Is(w, errFull) }) {
			waited++
		}
	})
	if whole && waited < 20 {
		t.Errorf("only %d jobs waited", waited)
	}
}
