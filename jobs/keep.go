package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// Kept is a job that is started again when it has failed, as its section `restart` says. It
// goes on from its last checkpoint, in the same process. Without that section it is one run.
type Kept struct {
	job     *Job
	options Options
	retries retries
	wake    context.CancelFunc // ends the wait for the next start
	awake   context.Context

	mu       sync.Mutex
	run      *Run // under way or, while the job waits, the last one
	waits    bool // for the next start
	ending   bool // asked to stop, drain or be cancelled: it is not started again
	tell     func(*Run)
	restarts status.Restarts
	last     status.Job // of the run that has failed, while the job waits; how it ended, once it has

	settled chan struct{} // closed once the job runs, or waits, or is over
	settle  func()
	ended   chan struct{} // closed once the job is over
	err     error         // why it failed then
}

// Keep starts a job, as [Start] does, and keeps it running.
func Keep(job *Job, o Options) (*Kept, error) {
	k := &Kept{job: job, retries: retries{policy: job.Restart}, settled: make(chan struct{}), ended: make(chan struct{})}
	k.settle = sync.OnceFunc(func() { close(k.settled) })
	k.options = k.observing(o)
	r, err := Start(job, k.options)
	if err != nil {
		return nil, err
	}
	k.run = r
	k.awake, k.wake = context.WithCancel(context.Background())
	return k, nil
}

// observing returns options by which the job is known to have settled when it has begun.
func (k *Kept) observing(o Options) Options {
	tell := o.Observe
	o.Observe = func(e status.Event) {
		if e.Kind == status.Began {
			k.settle()
		}
		if tell != nil {
			tell(e)
		}
	}
	return o
}

// Settled is closed once it is known what becomes of the start: the job runs, has failed and waits
// for its restart, or has ended.
func (k *Kept) Settled() <-chan struct{} { return k.settled }

// Run returns the run under way, or the last one.
func (k *Kept) Run() *Run {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.run
}

// Stop asks for a last checkpoint after which the job ends. It returns at once.
func (k *Kept) Stop() { k.end((*Run).Stop) }

// Drain ends the job as if its input had ended. It returns at once.
func (k *Kept) Drain() { k.end((*Run).Drain) }

// StopWithSavepoint stops the job, and has its last checkpoint written as a savepoint into a folder
// before Wait returns.
func (k *Kept) StopWithSavepoint(folder string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.waits {
		return failure.Fatal(errors.New("the job has failed and waits for its restart: stop it, and take the savepoint of its --state-dir"))
	}
	err := k.run.StopWithSavepoint(folder)
	k.ending = k.ending || err == nil
	return err
}

// Savepoint has the job take a checkpoint, and writes it as a savepoint into a folder. The job
// goes on.
func (k *Kept) Savepoint(ctx context.Context, folder string) (stream.CheckpointID, error) {
	k.mu.Lock()
	run, waits := k.run, k.waits
	k.mu.Unlock()
	if waits {
		return 0, failure.Transient(errors.New("the job has failed and waits for its restart: try again when it runs"))
	}
	return run.Savepoint(ctx, folder)
}

// Ended is closed once Wait has returned.
func (k *Kept) Ended() <-chan struct{} { return k.ended }

// Outcome is what Wait has returned.
func (k *Kept) Outcome() (status.Job, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.last, k.err
}

// Cancel ends the job at once, as a crash would.
func (k *Kept) Cancel() { k.end((*Run).Cancel) }

// end tells the run to end. A job that waits for its next start has nothing more to do.
func (k *Kept) end(tell func(*Run)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ending, k.tell = true, tell
	if k.waits {
		k.wake()
		return
	}
	tell(k.run)
}

// Status returns the job as it is now. Any goroutine may call it.
func (k *Kept) Status() status.Job {
	k.mu.Lock()
	run, waits, last, restarts := k.run, k.waits, k.last, k.restarts
	k.mu.Unlock()
	if !waits {
		last = run.Status()
	}
	last.Restarts = restarts
	return last
}

// Detail returns the job as it is now, subtask by subtask. Any goroutine may call it.
func (k *Kept) Detail() status.Detail {
	k.mu.Lock()
	run, waits, last, restarts := k.run, k.waits, k.last, k.restarts
	k.mu.Unlock()
	d := run.Detail()
	if waits {
		d.State, d.Waits = last.State, last.Waits
	}
	d.Restarts = restarts
	return d
}

// Wait returns, once, when the job has ended for good, with its last status and why it failed, nil if it
// has finished or stopped. One that was stopped while it waited for its next start has stopped.
func (k *Kept) Wait() (status.Job, error) {
	defer k.wake()
	last, err := k.Run().Wait()
	for err != nil && k.waitFor(last, err) {
		_ = k.options.Env.Clock.Sleep(k.awake, k.retries.delay) // it ends early where the job is ended
		var ended bool
		if ended, err = k.again(); ended {
			last.State = status.Stopped
			break
		}
		if err == nil {
			last, err = k.Run().Wait()
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	last.Restarts = k.restarts
	k.last, k.err = last, err
	close(k.ended)
	k.settle()
	return last, err
}

// waitFor decides whether the job is started again after a failure, and says so.
func (k *Kept) waitFor(last status.Job, err error) bool {
	now := k.options.Env.Clock.Now()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ending || !k.retries.failed(now, err, last.Checkpoint > last.Restored) {
		return false
	}
	if last.Checkpoint > 0 { // else there is nothing to go on from, and a temporary folder has gone
		k.options.goOnFrom(k.run)
	}
	k.restarts.Count++
	k.restarts.At, k.restarts.Why = now, err.Error()
	defer k.settle()
	k.last, k.waits = last, true
	k.last.State, k.last.Waits = status.Waiting, fmt.Sprintf("its restart in %v: %v", k.retries.delay, err)
	if k.options.Warn != nil {
		k.options.Warn(fmt.Errorf("the job has failed, and is started again in %v: %w", k.retries.delay, err))
	}
	return true
}

// again starts the job once more, unless somebody has ended it meanwhile.
func (k *Kept) again() (ended bool, err error) {
	k.mu.Lock()
	ended = k.ending
	k.mu.Unlock()
	if ended {
		return true, nil
	}
	r, err := Start(k.job, k.options) // it may take its time, and others ask for the status
	if err != nil {
		return false, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.run, k.waits = r, false; k.ending {
		k.tell(r)
	}
	return false, nil
}

// goOnFrom has the next run go on where one has ended. What a user has allowed holds for the
// start that he has seen.
func (o *Options) goOnFrom(r *Run) {
	o.StateDir, o.temporary = r.StateDir, r.temporary
	o.AllowDuplicates, o.Savepoint = false, ""
}

// retries decides when a job is started again.
type retries struct {
	policy *compile.Restart
	delay  time.Duration // before the next start
	times  []time.Time   // of the restarts that count
}

// failed takes in a failure; moved says that the run had decided a checkpoint. It reports whether
// there is a restart, delay before.
func (r *retries) failed(now time.Time, err error, moved bool) bool {
	if r.policy == nil || !MayPass(err) {
		return false
	}
	if within := r.policy.Within; within > 0 {
		for len(r.times) > 0 && !now.Before(r.times[0].Add(within)) {
			r.times = r.times[1:]
		}
	}
	if r.policy.Most > 0 && len(r.times) >= r.policy.Most {
		return false
	}
	if r.policy.Most > 0 {
		r.times = append(r.times, now)
	}
	if r.delay == 0 || moved {
		r.delay = r.policy.Delay
	} else if r.policy.MaxDelay > 0 {
		r.delay = min(2*r.delay, r.policy.MaxDelay)
	}
	return true
}

// MayPass reports whether what has failed a job may not fail it again.
func MayPass(err error) bool {
	switch failure.ClassOf(err) {
	case failure.ClassFatal, failure.ClassInvalid:
		return false
	}
	return !errors.Is(err, master.ErrCancelled)
}
