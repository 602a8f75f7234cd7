// Package control has others act on the jobs of a process over HTTP. Each needs a token of the
// server, one that is for as much ([server.Role]); a server without tokens lets nobody.
//
//	viewer    GET    /v1/jobs                 the jobs and how they are
//	viewer    GET    /v1/jobs/NAME            one of them, step by step
//	viewer    GET    /v1/jobs/NAME/logs       ?last=100&follow=true: what has happened to it, an event a line
//	operator  POST   /v1/jobs/NAME/savepoint  {"folder": "/var/savepoints/1"}
//	operator  POST   /v1/jobs/NAME/stop       {}, {"drain": true} or {"savepoint": "/var/savepoints/1"}
//	operator  POST   /v1/jobs/NAME/restart    {} or {"allow_changed": true}
//	admin     POST   /v1/jobs                 a job file; ?file=orders.yaml&replace=true&savepoint=/var/savepoints/1
//	admin     DELETE /v1/jobs/NAME            ?state=true: with its checkpoints
//
// Requests and answers are JSON but for job files, errors are text. An answer comes once all is done.
// [Client] is the other side.
package control

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/weirstream/weir/jobs/manager"
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

// Manager says which jobs a process runs: [manager.Manager] does.
type Manager interface {
	Submit(ctx context.Context, s manager.Submission) (name string, err error)
	Restart(ctx context.Context, name string, b manager.Beginning) error
	Delete(ctx context.Context, name string, state bool) error
}

// Jobs is the jobs of a process.
type Jobs struct {
	// Manager is set, if there is one, before the routes are mounted. Without it no job is
	// submitted, restarted or deleted.
	Manager Manager

	mu struct {
		sync.Mutex
		jobs []entry // in the order in which they came
	}
	followers atomic.Int64 // of logs
}

// entry is a job.
type entry struct {
	name string
	log  *Log
	run  Run   // nil: it could not be started
	why  error // that is so, or its run has failed
}

// Started adds a job that can be acted on from now on, or gives one another run.
func (j *Jobs) Started(name string, r Run) { j.set(name, func(e *entry) { e.run, e.why = r, nil }) }

// Failed says why a job has failed, or could not be started.
func (j *Jobs) Failed(name string, why error) { j.set(name, func(e *entry) { e.why = why }) }

// Log returns the log of a job, of all its runs.
func (j *Jobs) Log(name string) (l *Log) {
	j.set(name, func(e *entry) { l = e.log })
	return l
}

// Gone takes a job off the list, and ends its log.
func (j *Jobs) Gone(name string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.mu.jobs = slices.DeleteFunc(j.mu.jobs, func(e entry) bool {
		if e.name == name {
			e.log.Close()
		}
		return e.name == name
	})
}

// set changes what is known of a job, which may be a new one.
func (j *Jobs) set(name string, change func(*entry)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	i := slices.IndexFunc(j.mu.jobs, func(e entry) bool { return e.name == name })
	if i < 0 {
		i = len(j.mu.jobs)
		j.mu.jobs = append(j.mu.jobs, entry{name: name, log: newLog()})
	}
	change(&j.mu.jobs[i])
}

func (j *Jobs) find(name string) (e entry, found bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	i := slices.IndexFunc(j.mu.jobs, func(e entry) bool { return e.name == name })
	if i < 0 {
		return entry{}, false
	}
	return j.mu.jobs[i], true
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
	i := Info{Name: e.name, State: status.Starting}
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
	closing := make(chan struct{})
	s.OnClose(sync.OnceFunc(func() { close(closing) }))
	s.HandleFor(server.Viewer, "GET /v1/jobs", answering(j.listJobs))
	s.HandleFor(server.Viewer, "GET /v1/jobs/{job}", answering(j.show))
	s.HandleFor(server.Viewer, "GET /v1/jobs/{job}/logs", j.logs(closing))
	s.HandleFor(server.Operator, "POST /v1/jobs/{job}/savepoint", answering(j.savepoint))
	s.HandleFor(server.Operator, "POST /v1/jobs/{job}/stop", answering(j.stop))
	s.HandleFor(server.Operator, "POST /v1/jobs/{job}/restart", answering(j.restart))
	s.HandleFor(server.Admin, "POST /v1/jobs", answering(j.submit))
	s.HandleFor(server.Admin, "DELETE /v1/jobs/{job}", answering(j.delete))
}
