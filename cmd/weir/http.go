package main

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/control"
	"github.com/weirstream/weir/jobs/monitor"
	"github.com/weirstream/weir/jobs/server"
)

// addHTTPFlags adds what says where and to whom a run shows itself.
func addHTTPFlags(c *cobra.Command, o *server.Options) {
	flags := c.Flags()
	flags.StringVar(&o.Address, "http", "", "serve metrics, health and profiles at this `ADDRESS`: :9249, for this machine only, "+
		"or HOST:PORT; port 0 is a free one")
	flags.StringVar(&o.TokenFile, "http-token-file", "", "ask HTTP requests for a token in this `FILE`")
	flags.StringVar(&o.Certificate, "http-cert", "", "serve HTTPS, with the certificate in this PEM `FILE`")
	flags.StringVar(&o.Key, "http-key", "", "the PEM `FILE` with the key of --http-cert")
	for _, flag := range []string{"http-token-file", "http-cert", "http-key"} {
		completes(c, flag, completeFiles())
	}
}

// checkHTTP finds flags that do nothing without --http, or with --show.
func checkHTTP(given func(flag string) bool) error {
	for _, flag := range []string{"http-token-file", "http-cert", "http-key"} {
		if given(flag) && !given("http") {
			return fmt.Errorf("--%s is for --http: weir run JOB --http :9249 --%s FILE", flag, flag)
		}
	}
	if given("http") && given("show") {
		return errors.New("--http makes no sense with --show, which ends after its first rows")
	}
	return nil
}

// front is what a process shows of its jobs over HTTP; nil is nothing.
type front struct {
	server  *server.Server
	monitor *monitor.Jobs
	control control.Jobs

	mu   sync.Mutex
	jobs map[string]*monitor.Job
}

// openFront begins to show jobs, none of which has started. Those that a manager runs, nil for
// none, are as it says.
func openFront(o server.Options, v voice, m control.Manager, jobs ...string) (*front, error) {
	if o.Address == "" {
		return nil, nil
	}
	o.Warn = v.warn
	s, err := server.Open(o)
	if err != nil {
		return nil, fmt.Errorf("--http: %w", err)
	}
	f := &front{server: s, monitor: monitor.New(time.Now), jobs: map[string]*monitor.Job{}}
	for _, job := range jobs {
		f.job(job)
	}
	s.MountProcess()
	f.monitor.Mount(s)
	f.control.Manager = m
	f.control.Mount(s)
	s.Serve()
	v.say("note", "weir: HTTP at %s: /metrics, /healthz, /readyz and /debug/pprof/", s.URL())
	return f, nil
}

// job returns what is shown of a job.
func (f *front) job(name string) *monitor.Job {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.jobs[name] == nil {
		f.jobs[name] = f.monitor.Add(name)
	}
	return f.jobs[name]
}

// log returns the voice for what is kept of a job's log.
func (f *front) log(name string) voice {
	if f == nil {
		return voice{log: slog.New(slog.DiscardHandler)}
	}
	return voice{log: newLog(f.control.Log(name), "json")}.about(name)
}

// started shows a run of a job.
func (f *front) started(name string, k *jobs.Kept) {
	if f != nil {
		f.job(name).Started(k.Detail)
		f.control.Started(name, k)
	}
}

// ended says how a run has ended, or why there is none.
func (f *front) ended(name string, err error) {
	if f == nil {
		return
	}
	if f.job(name).Ended(err); err != nil {
		f.control.Failed(name, err)
	}
}

// gone shows nothing of a job any more.
func (f *front) gone(name string) {
	if f == nil {
		return
	}
	f.job(name).Gone()
	f.control.Gone(name)
	f.mu.Lock()
	delete(f.jobs, name)
	f.mu.Unlock()
}

// close ends it; answers under way are finished.
func (f *front) close() {
	if f != nil {
		_ = f.server.Close() // the job's end is what counts
	}
}
