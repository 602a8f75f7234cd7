// Package control has others act on the jobs of a process over HTTP: take savepoints of them,
// and stop them. Whoever may do that holds the token of the server; one without a token lets
// nobody.
//
//	GET  /jobs                  the jobs and how they are
//	POST /jobs/NAME/savepoint   {"folder": "/var/savepoints/1"}
//	POST /jobs/NAME/stop        {}, {"drain": true} or {"savepoint": "/var/savepoints/1"}
//
// Requests and answers are JSON, errors are text. An answer comes once all is done. [Client]
// is the other side.
package control

import (
	"context"
	"slices"
	"sync"

	"github.com/weirstream/weir/jobs/server"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// Run is a job under way.
type Run interface {
	// Status returns the job as it is.
	Status() status.Job
	// Savepoint writes a savepoint into a folder, and the job goes on.
	Savepoint(ctx context.Context, folder string) (stream.CheckpointID, error)
	// Stop, Drain and StopWithSavepoint end the job, and return at once.
	Stop()
	Drain()
	StopWithSavepoint(folder string) error
	// Ended is closed once the job is over.
	Ended() <-chan struct{}
	// Outcome is how it ended.
	Outcome() (status.Job, error)
}

// Jobs is the jobs of a process.
type Jobs struct {
	mu struct {
		sync.Mutex
		jobs []entry // in the order in which they came
	}
}

// entry is a job.
type entry struct {
	name string
	run  Run   // nil: it could not be started
	why  error // that is so, or its run has failed
}

// Started adds a job that can be acted on from now on, or gives one another run.
func (j *Jobs) Started(name string, r Run) { j.set(entry{name: name, run: r}) }

// Failed says why a job has failed, or could not be started.
func (j *Jobs) Failed(name string, why error) { j.set(entry{name, j.find(name), why}) }

// Gone takes a job off the list.
func (j *Jobs) Gone(name string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.mu.jobs = slices.DeleteFunc(j.mu.jobs, func(e entry) bool { return e.name == name })
}

func (j *Jobs) set(e entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if i := slices.IndexFunc(j.mu.jobs, func(other entry) bool { return other.name == e.name }); i >= 0 {
		j.mu.jobs[i] = e
		return
	}
	j.mu.jobs = append(j.mu.jobs, e)
}

func (j *Jobs) find(name string) Run {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range j.mu.jobs {
		if e.name == name {
			return e.run
		}
	}
	return nil
}

// Info is a job in the list.
type Info struct {
	Name       string              `json:"name"`
	State      status.State        `json:"state"`
	Checkpoint stream.CheckpointID `json:"checkpoint,omitempty"`
	Restarts   int64               `json:"restarts,omitempty"` // in this process, after failures
	// Why says what the job waits for, or why it has failed.
	Why string `json:"why,omitempty"`
}

// list returns the jobs in the order in which they came.
func (j *Jobs) list() []Info {
	j.mu.Lock()
	jobs := slices.Clone(j.mu.jobs)
	j.mu.Unlock()
	all := []Info{}
	for _, e := range jobs {
		all = append(all, e.info())
	}
	return all
}

func (e entry) info() Info {
	i := Info{Name: e.name}
	if e.run != nil {
		s := e.run.Status()
		i = Info{e.name, s.State, s.Checkpoint, s.Restarts.Count, s.Waits}
	}
	if e.why != nil {
		i.State, i.Why = status.Failed, e.why.Error()
	}
	return i
}

// Mount mounts the routes.
func (j *Jobs) Mount(s *server.Server) {
	s.HandleTrusted("GET /jobs", answering(j.listJobs))
	s.HandleTrusted("POST /jobs/{job}/savepoint", answering(j.savepoint))
	s.HandleTrusted("POST /jobs/{job}/stop", answering(j.stop))
}
