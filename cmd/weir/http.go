package main

import (
	"errors"
	"fmt"
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
	flags.StringVar(&o.TokenFile, "http-token-file", "", "ask HTTP requests for the token in this `FILE`")
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

// front is what a run shows over HTTP; nil is nothing.
type front struct {
	server  *server.Server
	job     *monitor.Job
	control *control.Jobs
	name    string
}

// openFront begins to show a job that has not started.
func openFront(o server.Options, v voice, job string) (*front, error) {
	if o.Address == "" {
		return nil, nil
	}
	o.Warn = v.warn
	s, err := server.Open(o)
	if err != nil {
		return nil, fmt.Errorf("--http: %w", err)
	}
	all := monitor.New(time.Now)
	s.MountProcess()
	all.Mount(s)
	f := &front{s, all.Add(job), &control.Jobs{}, job}
	f.control.Mount(s)
	s.Serve()
	v.say("note", "weir: HTTP at %s: /metrics, /healthz, /readyz and /debug/pprof/", s.URL())
	return f, nil
}

func (f *front) started(k *jobs.Kept) {
	if f != nil {
		f.job.Started(k.Detail)
		f.control.Started(f.name, k)
	}
}

func (f *front) ended(err error) {
	if f != nil {
		f.job.Ended(err)
	}
}

// close ends it; answers under way are finished.
func (f *front) close() {
	if f != nil {
		_ = f.server.Close() // the job's end is what counts
	}
}
