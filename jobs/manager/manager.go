// Package manager runs a folder of job files in one process. A file that is added is a job that
// is started, one that is changed is stopped with a last checkpoint and started anew from there,
// and one that is removed is stopped; its checkpoints stay. Each job has a folder of checkpoints
// of its own, named like the job. What one does, a panic or a disk that is full, is its own matter.
//
//	m := manager.New(manager.Options{Folder: "jobs", StateDir: "state", …})
//	m.Run(ctx) // until ctx ends; then all jobs are stopped
package manager

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/status"
)

// Options is what a manager runs, and who is told of it.
type Options struct {
	Folder   string // of the job files: *.yaml and *.yml, of which each is a job
	StateDir string // of the folders of checkpoints
	Registry *component.Registry
	Env      func() env.Env // for a job of its own
	Memory   int64          // for each job that does not say how much it may take; 0 is as much as it needs
	Every    time.Duration  // between two looks at the folder; 0 is a second
	Watch    Watcher
}

// Watcher is told what becomes of jobs; several goroutines may call it. A job whose file cannot
// be read goes by the name of the file.
type Watcher interface {
	// Begins has a job begin, and returns with what: its warnings, say.
	Begins(name string) jobs.Options
	// Began says that it runs, as a run of the same file that may be its second.
	Began(name string, k *jobs.Kept)
	// Ended says how a run has ended, or why there is none; without an error the job has finished
	// or was stopped.
	Ended(name string, last status.Job, err error)
	// Gone says that there is no file of the job any more.
	Gone(name string)
}

// Manager runs a folder of job files.
type Manager struct {
	options Options
	running sync.WaitGroup
	names   names

	mu         sync.Mutex
	jobs       map[string]*job      // by file
	ending     map[string]*job      // whose files have gone, as long as they stop
	beginnings map[string]Beginning // of jobs that are to begin, by file

	ended bool

	handedIn atomic.Int64 // files

	lost bool // the folder could not be read; of the goroutine of Run
}

// New returns a manager that has not begun.
func New(o Options) *Manager {
	if o.Every == 0 {
		o.Every = time.Second
	}
	return &Manager{options: o, jobs: map[string]*job{}, ending: map[string]*job{}, beginnings: map[string]Beginning{}}
}

// Run runs the jobs until ctx ends, and then stops them. It fails if the folder cannot be read
// at first, or another process runs jobs on the folders of checkpoints; later that changes nothing
// about what runs, and is told as the end of a job called like the folder.
func (m *Manager) Run(ctx context.Context) error {
	unlock, err := m.lock()
	if err != nil {
		return err
	}
	defer unlock.Close()
	if err := m.refresh(); err != nil {
		return err
	}
	defer m.running.Wait()
	defer m.end()
	clock := m.options.Env().Clock
	for clock.Sleep(ctx, m.options.Every) == nil {
		m.tellLost(m.refresh())
	}
	return nil
}

// lock takes the folders of checkpoints for this manager: of two, each would take all jobs from
// the other.
func (m *Manager) lock() (io.Closer, error) {
	files, dir := m.options.Env().Files, m.options.StateDir
	err := files.MkdirAll(dir)
	if err != nil {
		return nil, fmt.Errorf("%s cannot hold checkpoints: %w", dir, err)
	}
	return files.Lock(dir)
}

var errEnded = errors.New("the process is ending, and begins no job any more")

// refresh has the jobs be those in the folder.
func (m *Manager) refresh() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ended {
		return errEnded
	}
	found, err := m.look()
	if err == nil {
		m.take(found)
	}
	return err
}

// end stops all jobs; none begins any more.
func (m *Manager) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ended = true
	m.take(nil)
}

// tellLost says, once, that the folder cannot be read any more, or can be again. Jobs go on.
func (m *Manager) tellLost(err error) {
	name := path.Base(m.options.Folder) + "/"
	switch {
	case err != nil && !m.lost:
		m.options.Watch.Ended(name, status.Job{}, err)
	case err == nil && m.lost:
		m.options.Watch.Gone(name)
	}
	m.lost = err != nil
}

// look returns what is in the folder: the sum of each job file.
func (m *Manager) look() (map[string][sha256.Size]byte, error) {
	files := m.options.Env().Files
	entries, err := files.ReadDir(m.options.Folder)
	if err != nil {
		return nil, fmt.Errorf("the folder of job files: %w", err)
	}
	found := map[string][sha256.Size]byte{}
	for _, name := range entries {
		if !isJobFile(name) {
			continue
		}
		content, err := env.ReadFile(files, path.Join(m.options.Folder, name))
		switch j := m.jobs[name]; {
		case err == nil:
			found[name] = sha256.Sum256(content)
		case j != nil: // it has gone just now, or can be read again soon
			found[name] = j.sum
		default:
			found[name] = sha256.Sum256([]byte(err.Error())) // loading it says what is wrong
		}
	}
	return found, nil
}

// isJobFile reports whether a file in the folder is a job.
func isJobFile(name string) bool {
	return slices.Contains([]string{".yaml", ".yml"}, path.Ext(name)) && !strings.HasPrefix(name, ".")
}

// take has the jobs be those that were found.
func (m *Manager) take(found map[string][sha256.Size]byte) {
	for file, j := range m.jobs {
		switch sum, there := found[file]; {
		case !there:
			m.remove(j, false)
		case sum != j.sum:
			j.sum = sum
			j.change()
		}
	}
	for file, sum := range found {
		if m.jobs[file] == nil && m.hasEnded(file) {
			j := newJob(m, file, sum)
			m.jobs[file] = j
			m.running.Go(j.run)
		}
	}
}

// remove has a job end.
func (m *Manager) remove(j *job, dropState bool) {
	j.remove(dropState)
	delete(m.jobs, j.file)
	delete(m.beginnings, j.file)
	m.ending[j.file] = j
}

// beginning returns what was said about the next start of the job of a file, once.
func (m *Manager) beginning(file string) (b Beginning, said bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, said = m.beginnings[file]
	delete(m.beginnings, file)
	return b, said
}

// hasEnded reports whether nothing runs any more of what a file was before it had gone.
func (m *Manager) hasEnded(file string) bool {
	if j := m.ending[file]; j != nil {
		select {
		case <-j.over:
			delete(m.ending, file)
		default:
			return false
		}
	}
	return true
}
