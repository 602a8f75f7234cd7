package master_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// line is a job of a source, a spy and a sink.
func line(s *script, watch *spy, l *ledger, parallelism int) *graph.Graph {
	return &graph.Graph{Name: "line", Steps: []*graph.Step{
		s.step("src", parallelism, stream.Drop, 0),
		watch.step("watch", parallelism, graph.Input{Step: "src"}),
		l.step("out", "watch", parallelism),
	}}
}

// endless returns a split of n batches that does not end.
func endless(id stream.SplitID, n int) *scriptSplit {
	s := &scriptSplit{id: id}
	for i := range n {
		s.fetches = append(s.fetches, fetch{times: []int64{int64(10 * i), int64(10*i + 5)}})
	}
	return s
}

// ending returns the same that does.
func ending(id stream.SplitID, n int) *scriptSplit {
	s := endless(id, n)
	s.fetches[n-1].finished = true
	return s
}

// expected returns the rows of splits.
func expected(splits ...*scriptSplit) []string {
	var rows []string
	for _, s := range splits {
		for i, f := range s.fetches {
			for j := range f.times {
				rows = append(rows, fmt.Sprintf("%s.%d.%d", s.id, i, j))
			}
		}
	}
	slices.Sort(rows)
	return rows
}

// TestPanicsAndErrorsEndTheJob has each place that runs a component's code fail,
// by an error and by a panic: the job fails, naming the step, and gives
// everything back.
func TestPanicsAndErrorsEndTheJob(t *testing.T) {
	for at, step := range map[string]string{
		"new enumerator": "src", "discover": "src", "enumerator snapshot": "src",
		"new reader": "src", "assign": "src", "fetch": "src", "close reader": "src",
		"new operator": "watch", "step": "watch", "resume": "watch", "control": "watch", "snapshot": "watch", "close operator": "watch",
		"new writer": "out", "write": "out", "prepare": "out", "finish": "out", "close writer": "out",
		"new committer": "out", "abort": "out", "commit": "out",
	} {
		for _, panics := range []bool{false, true} {
			if !panics && (at == "close operator" || at == "commit") {
				continue // cannot fail, is tried again
			}
			t.Run(fmt.Sprintf("%s/panics=%v", at, panics), func(t *testing.T) {
				fault := func(where string) error {
					if where == at && panics {
						panic("planted panic")
					} else if where == at {
						return errors.New("planted error")
					}
					return nil
				}
				s := &script{fault: fault, splits: []*scriptSplit{ending("a", 5)}}
				options := master.Options{Store: objstore.NewMemory()}
				if at == "control" { // of which the last one may come too late
					s.unbounded, s.splits = true, []*scriptSplit{endless("a", 1000)}
					options.CheckpointInterval = time.Millisecond
				}
				job := start(t, nil, line(s, &spy{fault: fault}, &ledger{fault: fault}, 1), options)
				last, err := job.job.Wait()
				want := status.Failed
				if strings.HasPrefix(at, "close") {
					want = status.Finished // all was done
				}
				if err == nil || !strings.Contains(err.Error(), "planted") || last.State != want {
					t.Fatalf("the job is %s: %v", last.State, err)
				}
				if first, _, _ := strings.Cut(err.Error(), "\n"); !strings.Contains(first, step) {
					t.Errorf("the error does not name %s: %v", step, err)
				}
				if opened, closed := s.opened.Load(), s.closed.Load(); opened != closed {
					t.Errorf("%d readers were made, %d closed", opened, closed)
				}
			})
		}
	}
}

// TestCancelGivesEverythingBack cancels and stops jobs at any time: no batch, no
// reader is left over, none is closed in use.
func TestCancelGivesEverythingBack(t *testing.T) {
	trial.Run(t, 60, func(c *trial.Case) {
		random := c.Random
		splits := []*scriptSplit{endless("a", 1000), endless("b", 1000)}
		s := &script{unbounded: true, splits: splits}
		job := start(c.T, nil, line(s, &spy{}, &ledger{}, 1+random.IntN(2)),
			master.Options{Store: objstore.NewMemory(), CheckpointInterval: time.Millisecond})
		c.Describe(job.String)
		if wait := time.Duration(random.IntN(3000)) * time.Microsecond; random.IntN(3) > 0 {
			<-time.After(wait)
		}
		stop := random.IntN(2) == 0
		if stop {
			job.job.Stop()
		} else {
			job.job.Cancel()
		}
		last, err := job.wait()
		switch {
		case stop && (err != nil || last.State != status.Stopped):
			c.Fatalf("stopped: %s, %v", last.State, err)
		case !stop && !errors.Is(err, master.ErrCancelled):
			c.Fatalf("cancelled: %v", err)
		}
		if opened, closed := s.opened.Load(), s.closed.Load(); opened != closed {
			c.Fatalf("%d readers were made, %d closed", opened, closed)
		}
	})
}

// TestSplitsThatFollowAreFoundAfterARestore crashes a job whose splits are found
// one behind the other.
func TestSplitsThatFollowAreFoundAfterARestore(t *testing.T) {
	splits := []*scriptSplit{ending("a", 3), ending("b", 3), ending("c", 3)}
	splits[1].behind, splits[2].behind = "a", "b"
	trial.Run(t, 80, func(c *trial.Case) {
		random := c.Random
		store, out := objstore.NewMemory(), &ledger{}
		options := master.Options{Store: store, CheckpointInterval: time.Millisecond}
		for range 1 + random.IntN(3) {
			job := start(c.T, random, line(&script{splits: splits}, &spy{}, out, 1+random.IntN(3)), options)
			for range random.IntN(1500) {
				job.world.Step()
			}
			job.crash()
		}
		job := start(c.T, random, line(&script{splits: splits}, &spy{}, out, 1+random.IntN(3)), options)
		c.Describe(job.String)
		if _, err := job.wait(); err != nil {
			c.Fatal(err)
		}
		if got, want := out.rows(), expected(splits...); !slices.Equal(got, want) {
			c.Fatalf("committed %v\nwant %v", got, want)
		}
	})
}

// TestDrainOutlivesACrash crashes a drained job between its last checkpoint and
// the slot that ends it: the next start reads no more, though there is more.
func TestDrainOutlivesACrash(t *testing.T) {
	onBothHosts(t, func(t *testing.T, _ time.Duration, start starter) {
		store, out := objstore.NewMemory(), &ledger{}
		store.Inject(func(op objstore.Op) objstore.Outcome {
			if op.Kind == objstore.OpCreate && len(out.rows()) > 0 {
				return objstore.Outcome{Err: errors.New("planted error")}
			}
			return objstore.Outcome{}
		})
		few := &script{unbounded: true, splits: []*scriptSplit{endless("a", 5)}}
		watch := &spy{}
		job := start(line(few, watch, out, 1), master.Options{Store: store})
		job.until("the rows", func() bool { return len(watch.log()) > 10 })
		job.job.Drain()
		job.until("the failure of the last slot", func() bool { return len(job.warned()) > 0 })
		job.crash()
		store.Inject(nil)

		committed := out.rows()
		more := &script{unbounded: true, splits: []*scriptSplit{endless("a", 10), endless("b", 3)}}
		again := start(line(more, &spy{}, out, 2), master.Options{Store: store})
		if last, err := again.wait(); err != nil || last.State != status.Finished {
			t.Fatalf("the job is %s: %v", last.State, err)
		}
		if got := out.rows(); !slices.Equal(got, committed) {
			t.Errorf("committed %v, then %v", committed, got)
		}
	})
}

// TestDrainLosesNoRow drains jobs at any time: all rows that their readers had
// returned come out.
func TestDrainLosesNoRow(t *testing.T) {
	onBothHosts(t, func(t *testing.T, unit time.Duration, start starter) {
		for n := range 20 {
			s := &script{unbounded: true, splits: []*scriptSplit{endless("a", 1000), endless("b", 1000)}}
			watch, out := &spy{}, &ledger{}
			job := start(line(s, watch, out, 1+n%3), master.Options{Store: objstore.NewMemory()})
			job.until("rows", func() bool { return len(watch.log()) > n*n })
			job.job.Drain()
			if last, err := job.wait(); err != nil || last.State != status.Finished {
				t.Fatalf("the job is %s: %v", last.State, err)
			}
			slices.Sort(s.returned)
			if got := out.rows(); !slices.Equal(got, s.returned) {
				t.Fatalf("committed %d rows of %d that were read", len(got), len(s.returned))
			}
		}
	})
}

// TestEarlyDrain drains a job before it runs.
func TestEarlyDrain(t *testing.T) {
	onBothHosts(t, func(t *testing.T, _ time.Duration, start starter) {
		s := &script{unbounded: true, splits: []*scriptSplit{endless("a", 5)}}
		job := start(line(s, &spy{}, &ledger{}, 1), master.Options{Store: objstore.NewMemory()})
		job.job.Drain()
		if last, err := job.wait(); err != nil || last.State != status.Finished {
			t.Fatalf("the job is %s: %v", last.State, err)
		}
	})
}
