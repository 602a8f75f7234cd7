package jobs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"sync"

	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
)

// Options is what whoever starts a job says about this run.
type Options struct {
	Env env.Env
	// StateDir is the folder of the job's checkpoints: a job that was stopped or
	// killed goes on from there. "" is a temporary one, which is removed when the
	// job has finished or stopped.
	StateDir string
	// Savepoint is the folder of a savepoint that the job begins with, where StateDir is empty;
	// "" is none.
	Savepoint string
	// Parallelism is that of steps that do not set their own; 0 is the job's.
	Parallelism int
	// Memory is how many bytes the run may take if the job does not say; 0 is as many as it
	// needs.
	Memory int64
	// AllowChanged starts a job that is not what it was when the checkpoint was
	// taken, instead of refusing to, with what of its state still means the same.
	// Warn is told what becomes of each step; [Preview] says it before.
	AllowChanged bool
	// AllowDuplicates lets a job whose last checkpoint is damaged or lost go on from an
	// older one, so that output may appear twice.
	AllowDuplicates bool
	// Warn, if set, is told of failures that the job goes on after.
	Warn func(error)
	// Observe, if set, is told what happens to the job, one call at a time, warnings among it.
	Observe func(status.Event)
	// Pool lends the run's batches; nil is a pool of its own.
	Pool *record.Pool

	temporary bool // StateDir is a temporary one
}

// Run is a job under way.
type Run struct {
	*master.Job
	// StateDir is where the checkpoints are.
	StateDir string

	files     env.FS
	rows      string    // the folder of rows that memory has no room for; "" is none
	database  *database // that keeps them there; nil is files
	temporary bool
	secrets   *document.Secrets

	end struct {
		sync.Mutex
		over bool
		to   *savepointDir // where the last checkpoint goes as a savepoint; nil is nowhere
	}
}

// Start begins to run a job. What fails on the way is reported by [Run.Wait]. The
// job's secrets are hidden in all errors and warnings.
func Start(job *Job, o Options) (*Run, error) {
	r, err := start(job, o)
	return r, job.Secrets.HideError(err)
}

// openState opens a folder of checkpoints.
func openState(files env.FS, dir string) (*objstore.Dir, error) {
	if component.IsURL(dir) {
		return nil, failure.Fatal(errors.New("it is a URL; --state-dir takes a folder of this machine"))
	}
	return objstore.OpenDir(files, dir)
}

func start(job *Job, o Options) (r *Run, err error) {
	random := o.Env.Random.Of(job.Graph.Name)
	r = &Run{StateDir: o.StateDir, files: o.Env.Files, secrets: &job.Secrets, temporary: o.temporary}
	if r.StateDir == "" {
		r.temporary = true
		r.StateDir = path.Join(os.TempDir(), fmt.Sprintf("weir-%s-%016x", job.Graph.Name, random.Uint64()))
	}
	store, err := openState(o.Env.Files, r.StateDir)
	if err != nil {
		return nil, fmt.Errorf("%s cannot hold checkpoints: %w", r.StateDir, err)
	}
	var savepoint objstore.Store // nil without one
	if o.Savepoint != "" {
		if savepoint, err = View(o.Env.Files, o.Savepoint); err != nil {
			return nil, fmt.Errorf("savepoint %w", err)
		}
	}
	var number uint64
	memory := o.MemoryOf(job)
	if memory > 0 {
		number = random.Uint64()
	}
	room := r.room()
	ended, end := context.WithCancel(context.Background())
	defer func() {
		if err != nil {
			end()
		}
	}()
	tier, err := r.tier(patient(ended, o.Env, room), job, memory, number)
	if err != nil {
		return nil, err
	}
	r.Job, err = master.Start(job.Graph, master.Options{
		Env: o.Env, Store: store, Savepoint: savepoint, Pool: o.Pool,
		Parallelism: o.parallelism(job), BufferTimeout: job.BufferTimeout,
		Memory: memory, Tier: tier, Room: room, Ended: end, TakenOver: r.dropOthers,
		CheckpointInterval: job.CheckpointInterval, CommitTimeout: job.CommitTimeout, Retain: job.Retain,
		AllowChanged: o.AllowChanged, AllowDuplicates: o.AllowDuplicates, Warn: o.warn(job),
		Observe: o.observe(job),
	})
	return r, err
}

// warn returns Warn with the job's secrets hidden from it.
func (o Options) warn(job *Job) func(error) {
	if o.Warn == nil {
		return nil
	}
	return func(err error) { o.Warn(job.Secrets.HideError(err)) }
}

// observe returns Observe with the job's secrets hidden from it.
func (o Options) observe(job *Job) func(status.Event) {
	if o.Observe == nil {
		return nil
	}
	return func(e status.Event) {
		e.Err = job.Secrets.HideError(e.Err)
		o.Observe(e)
	}
}

// Status returns the job as it is now, with its secrets hidden. Any goroutine may call it.
func (r *Run) Status() status.Job {
	s := r.Job.Status()
	r.hide(&s)
	return s
}

// hide hides secrets in what errors say.
func (r *Run) hide(s *status.Job) {
	s.Waits = r.secrets.Hide(s.Waits)
	s.Due = slices.Clone(s.Due)
	for i := range s.Due {
		s.Due[i].Why = r.secrets.Hide(s.Due[i].Why)
	}
}

// Detail returns the job as it is now, subtask by subtask, with its secrets hidden. Any
// goroutine may call it.
func (r *Run) Detail() status.Detail {
	d := r.Job.Detail()
	r.hide(&d.Job)
	for _, task := range d.Tasks {
		for _, step := range task.Steps {
			for i := range step.Splits {
				step.Splits[i].ID = r.secrets.Hide(step.Splits[i].ID)
			}
		}
	}
	return d
}

func (o Options) parallelism(job *Job) int {
	if o.Parallelism > 0 {
		return o.Parallelism
	}
	return job.Parallelism
}

// Wait returns when the job has ended, with its last status and why it failed,
// nil if it has finished or stopped. A temporary folder of checkpoints is gone
// then, unless the job failed behind a checkpoint that one can go on from, or its savepoint did.
func (r *Run) Wait() (status.Job, error) {
	last, err := r.Job.Wait()
	r.hide(&last)
	return last, r.secrets.HideError(r.tidyUp(last, err))
}

// tidyUp does what is left to do when a job has ended, and returns what has failed.
func (r *Run) tidyUp(last status.Job, err error) error {
	if saveErr := r.saveLast(last, err); saveErr != nil {
		err = errors.Join(err, saveErr)
	}
	if dropErr := r.dropRows(); dropErr != nil {
		err = errors.Join(err, dropErr)
	}
	if r.temporary && (err == nil || last.Checkpoint == 0) {
		if removeErr := env.RemoveAll(r.files, r.StateDir); removeErr != nil {
			err = errors.Join(err, fmt.Errorf("remove the temporary checkpoints: %w", removeErr))
		}
	}
	return err
}
