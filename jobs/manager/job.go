package manager

import (
	"crypto/sha256"
	"path"
	"strings"
	"time"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/runtime/status"
)

// restart is when a job is started again whose file does not say: a manager is there to keep jobs
// running.
var restart = compile.Restart{Delay: time.Second, MaxDelay: time.Minute}

// job is a job file, with a goroutine of its own.
type job struct {
	manager *Manager
	file    string
	sum     [sha256.Size]byte // of the file as it was seen last; the manager's goroutine's

	changed chan struct{}
	removed chan struct{}
	over    chan struct{} // closed once it is removed and nothing runs any more
	name    string        // of the job, once the file could be read
}

func newJob(m *Manager, file string, sum [sha256.Size]byte) *job {
	return &job{manager: m, file: file, sum: sum, changed: make(chan struct{}, 1), removed: make(chan struct{}), over: make(chan struct{})}
}

// change says that the file has another content.
func (j *job) change() {
	select {
	case j.changed <- struct{}{}:
	default: // it knows already
	}
}

// remove says that there is no file any more.
func (j *job) remove() { close(j.removed) }

// run runs the job, again whenever its file changes, until that is removed.
func (j *job) run() {
	defer close(j.over)
	for {
		ended := make(chan struct{})
		k := j.start()
		if k != nil {
			go func() {
				defer close(ended)
				last, err := k.Wait()
				j.manager.options.Watch.Ended(j.title(), last, err)
			}()
		} else {
			close(ended)
		}
		gone := j.wait()
		if k != nil {
			k.Stop()
		}
		<-ended
		if gone {
			j.manager.options.Watch.Gone(j.title())
			j.manager.names.give(j.name, j.file)
			return
		}
	}
}

// wait returns when the job is to be another one, or none.
func (j *job) wait() (gone bool) {
	select {
	case <-j.changed:
		return false
	case <-j.removed:
		return true
	}
}

// start starts the job as its file is now; nil is that it cannot be, and was told why.
func (j *job) start() *jobs.Kept {
	m := j.manager
	e := m.options.Env()
	loaded, err := jobs.Load(m.options.Registry, e.Files, path.Join(m.options.Folder, j.file), nil)
	if err != nil {
		return j.cannot(err)
	}
	if err := j.rename(loaded.Graph.Name); err != nil {
		return j.cannot(err)
	}
	if loaded.Restart == nil {
		loaded.Restart = &restart
	}
	o := m.options.Watch.Begins(j.name)
	o.Env, o.Memory, o.StateDir = e, m.options.Memory, path.Join(m.options.StateDir, j.name)
	k, err := jobs.Keep(loaded, o)
	if err != nil {
		return j.cannot(err)
	}
	m.options.Watch.Began(j.name, k)
	return k
}

// cannot tells why there is no run.
func (j *job) cannot(err error) *jobs.Kept {
	j.manager.options.Watch.Ended(j.title(), status.Job{}, err)
	return nil
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

// title is what the job is called: like its file, as long as that could not be read.
func (j *job) title() string {
	if j.name != "" {
		return j.name
	}
	return strings.TrimSuffix(j.file, path.Ext(j.file))
}
