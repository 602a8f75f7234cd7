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
		runs  map[string]Run
		names []string // in the order of their start
	}
}

// Started adds a job that can be acted on from now on.
func (j *Jobs) Started(name string, r Run) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.mu.runs == nil {
		j.mu.runs = map[string]Run{}
	}
	j.mu.runs[name] = r
	j.mu.names = append(j.mu.names, name)
}

func (j *Jobs) find(name string) Run {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.mu.runs[name]
}

// Info is a job in the list.
type Info struct {
	Name  string       `json:"name"`
	State status.State `json:"state"`
}

// list returns the jobs in the order of their start.
func (j *Jobs) list() []Info {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := []Info{}
	for _, name := range j.mu.names {
		all = append(all, Info{name, j.mu.runs[name].Status().State})
	}
	return all
}

// Mount mounts the routes.
func (j *Jobs) Mount(s *server.Server) {
	s.HandleTrusted("GET /jobs", answering(j.listJobs))
	s.HandleTrusted("POST /jobs/{job}/savepoint", answering(j.savepoint))
	s.HandleTrusted("POST /jobs/{job}/stop", answering(j.stop))
}
