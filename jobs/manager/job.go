package manager

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"path"
	"time"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/status"
)

// restart is when a job is started again whose file does not say: a manager is there to keep jobs
// running.
var restart = compile.Restart{Delay: time.Second, MaxDelay: time.Minute}

// job is a job file, with a goroutine of its own.
type job struct {
	manager *Manager
	file    string
	sum     [sha256.Size]byte // of the file as it was seen last; under the manager's lock

	attempts *attempts // to begin
	changed  chan struct{}
	removed  chan struct{}
	over     chan struct{} // closed once it is removed and nothing runs any more

	// Set before removed is closed, and before over is.
	dropState bool
	left      error // why something of its state is still there

	// Of its goroutine.
	name  string        // of the job, once the file could be read
	asked Beginning     // what was said about the start that is to come
	wait  time.Duration // until the job is tried again; 0 is until somebody asks
}

func newJob(m *Manager, file string, sum [sha256.Size]byte) *job {
	return &job{manager: m, file: file, sum: sum, attempts: newAttempts(), changed: make(chan struct{}, 1),
		removed: make(chan struct{}), over: make(chan struct{})}
}

// change says that the file has another content, or that the job is to begin again.
func (j *job) change() {
	j.attempts.ask()
	select {
	case j.changed <- struct{}{}:
	default: // it knows already
	}
}

// settled waits until the job has begun as it is to be, or could not.
func (j *job) settled(ctx context.Context) error { return j.attempts.await(ctx, j.over) }

// remove says that there is no file any more, and whether the state is to go, too.
func (j *job) remove(dropState bool) {
	j.dropState = dropState
	close(j.removed)
}

// run runs the job, again whenever its file changes, until that is removed.
func (j *job) run() {
	defer close(j.over)
	for gone := false; !gone; {
		end := j.begin()
		gone = j.sleep()
		end()
	}
	j.leave()
}

// begin begins a run of the job, and returns what ends it.
func (j *job) begin() (end func()) {
	asked := j.attempts.begin()
	k, err := j.start()
	name := j.title()
	if err != nil {
		j.manager.options.Watch.Ended(name, status.Job{}, err)
		j.attempts.end(asked)
		return func() {}
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		last, err := k.Wait()
		j.manager.options.Watch.Ended(name, last, err)
	}()
	go func() {
		<-k.Settled()
		select {
		case <-k.Ended(): // whoever asks is to find it told
			<-ended
		default:
		}
		j.attempts.end(asked)
	}()
	return func() {
		k.Stop()
		<-ended
	}
}

// leave is the end of a job whose file has gone.
func (j *job) leave() {
	if j.dropState && j.name != "" {
		j.left = env.RemoveAll(j.manager.options.Env().Files, path.Join(j.manager.options.StateDir, j.name))
	}
	j.manager.options.Watch.Gone(j.title())
	j.manager.names.give(j.name, j.file)
}

// sleep returns when the job is to be another one, is to be tried once more, or is to be none.
func (j *job) sleep() (gone bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	again := make(chan struct{})
	if j.wait > 0 {
		go func() {
			if j.manager.options.Env().Clock.Sleep(ctx, j.wait) == nil {
				close(again)
			}
		}()
	}
	select {
	case <-again:
	case <-j.changed:
	case <-j.removed:
	}
	select {
	case <-j.removed: // whatever else there was
		return true
	default:
		return false
	}
}

// start starts the job as its file is now.
func (j *job) start() (*jobs.Kept, error) {
	m := j.manager
	e := m.options.Env()
	if b, said := m.beginning(j.file); said {
		j.asked = b
	}
	loaded, err := jobs.Load(m.options.Registry, e.Files, path.Join(m.options.Folder, j.file), nil)
	if err == nil {
		err = j.rename(loaded.Graph.Name)
	}
	if err != nil {
		return nil, j.failed(err, &restart)
	}
	if loaded.Restart == nil {
		loaded.Restart = &restart
	}
	o := m.options.Watch.Begins(j.name)
	o.Env, o.Memory, o.StateDir = e, m.options.Memory, path.Join(m.options.StateDir, j.name)
	o.Savepoint, o.AllowChanged = j.asked.Savepoint, j.asked.AllowChanged
	k, err := jobs.Keep(loaded, o)
	if err != nil {
		return nil, j.failed(err, loaded.Restart)
	}
	j.wait, j.asked = 0, Beginning{}
	m.options.Watch.Began(j.name, k)
	return k, nil
}

// failed decides when a job is tried again that could not begin. Where that would be the same, what
// was said about the start has had its use.
func (j *job) failed(err error, r *compile.Restart) error {
	if !jobs.MayPass(err) {
		j.asked = Beginning{}
		j.wait = 0
		return err
	}
	if j.wait == 0 {
		j.wait = r.Delay
	} else if r.MaxDelay > 0 {
		j.wait = min(2*j.wait, r.MaxDelay)
	}
	return fmt.Errorf("%w; it is tried again in %v", err, j.wait)
}

// rename has the file's job be called like that.
func (j *job) rename(name string) error {
	before := j.title()
	if err := j.manager.names.claim(name, j); err != nil {
		return err
	}
	if name != before {
		j.manager.options.Watch.Gone(before)
		j.manager.names.give(j.name, j.file)
	}
	j.name = name
	return nil
}

// title is what the job is called: like its file, which no job is called, as long as that could
// not be read.
func (j *job) title() string { return cmp.Or(j.name, j.file) }
