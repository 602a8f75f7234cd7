// Package monitor shows over HTTP how the jobs of a process are: /metrics for Prometheus, and
// /readyz, which says of each job whether it runs and, where it does not, why.
//
//	jobs := monitor.New(time.Now)
//	jobs.Mount(server)
//	departures := jobs.Add("departures")   // not started yet
//	departures.Started(run.Detail)
//	…
//	departures.Ended(err)
package monitor

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/weirstream/weir/jobs/metrics"
	"github.com/weirstream/weir/jobs/server"
	"github.com/weirstream/weir/runtime/status"
)

// Jobs is the jobs of a process. Any goroutine may use it.
type Jobs struct {
	metrics throttle

	mu struct {
		sync.Mutex
		jobs []*Job
	}
}

// Job is one of them.
type Job struct {
	name string
	all  *Jobs

	// What follows is guarded by all.mu.
	detail func() status.Detail // nil before it has started
	ended  bool
	err    error
}

// New returns a process without jobs. now is its clock.
func New(now func() time.Time) *Jobs {
	j := &Jobs{}
	var renderer metrics.Renderer
	j.metrics.now = now
	j.metrics.render = func(into []byte) []byte { return renderer.Render(into, j.details()) }
	return j
}

// Add adds a job that has not started.
func (j *Jobs) Add(name string) *Job {
	job := &Job{name: name, all: j}
	j.mu.Lock()
	j.mu.jobs = append(j.mu.jobs, job)
	j.mu.Unlock()
	return job
}

// Started says how to ask for the job from now on; it may be started again.
func (job *Job) Started(detail func() status.Detail) {
	job.all.mu.Lock()
	job.detail, job.ended, job.err = detail, false, nil
	job.all.mu.Unlock()
}

// Gone takes the job off the list.
func (job *Job) Gone() {
	job.all.mu.Lock()
	defer job.all.mu.Unlock()
	job.all.mu.jobs = slices.DeleteFunc(job.all.mu.jobs, func(other *Job) bool { return other == job })
}

// Ended says that the job is over, and why it failed; nil if it has not. Its error is shown:
// secrets are hidden in it.
func (job *Job) Ended(err error) {
	job.all.mu.Lock()
	job.ended, job.err = true, err
	job.all.mu.Unlock()
}

// details returns the jobs that have started.
func (j *Jobs) details() (all []status.Detail) {
	for _, job := range j.list() {
		if d, ok := job.now(); ok {
			all = append(all, d)
		}
	}
	return all
}

func (j *Jobs) list() []*Job {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]*Job{}, j.mu.jobs...)
}

// now returns the job as it is; ok is false for one that has not started.
func (job *Job) now() (d status.Detail, ok bool) {
	job.all.mu.Lock()
	detail, ended, err := job.detail, job.ended, job.err
	job.all.mu.Unlock()
	if detail == nil {
		return d, false
	}
	d = detail()
	if ended && err != nil {
		d.State = status.Failed
	}
	return d, true
}

// ready says how a job is, and whether that is as it should be.
func (job *Job) ready() (text string, ok bool) {
	job.all.mu.Lock()
	ended, err := job.ended, job.err
	job.all.mu.Unlock()
	if ended && err != nil {
		return fmt.Sprintf("failed: %v", err), false
	}
	d, ok := job.now()
	switch {
	case !ok:
		return "has not started", false
	case d.Waits != "":
		return fmt.Sprintf("%s, and waits: %s", d.State, d.Waits), d.State == status.Running
	}
	return string(d.State), d.State == status.Running || d.State == status.Finished
}

// Mount mounts /metrics and /readyz.
func (j *Jobs) Mount(s *server.Server) {
	s.Handle("GET /metrics", &j.metrics)
	s.HandleOpen("GET /readyz", http.HandlerFunc(j.readyz))
}

// readyz answers 200 if all jobs are as they should be, else 503. Who is not authorized
// learns nothing else.
func (j *Jobs) readyz(w http.ResponseWriter, r *http.Request) {
	var lines strings.Builder
	code := http.StatusOK
	for _, job := range j.list() {
		text, ok := job.ready()
		if !ok {
			code = http.StatusServiceUnavailable
		}
		fmt.Fprintf(&lines, "%s: %s\n", job.name, text)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	if server.Authorized(r) {
		fmt.Fprint(w, lines.String())
		return
	}
	fmt.Fprintln(w, map[bool]string{true: "ready", false: "not ready"}[code == http.StatusOK])
}
