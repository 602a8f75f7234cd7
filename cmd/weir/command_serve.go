package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/manager"
	"github.com/weirstream/weir/jobs/server"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/status"
)

// serveFlags is what a command line says about a process that runs a folder of jobs.
type serveFlags struct {
	jobs      string
	stateDir  string
	logFormat string
	http      server.Options
}

func serveCommand() *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use:   "serve",
		Short: "Runs a folder of job files, and takes up changes of them",
		Long: `Runs all job files in a folder (*.yaml, *.yml) in one process, until it is
interrupted. A file that is added is a job that is started. One that is changed is
stopped with a last checkpoint and goes on from there, if what it keeps still means
the same; weir explain JOB --state-dir says whether it does. One that is removed is
stopped, and its checkpoints stay: each job has a folder named like it in
--state-dir.

A job that fails leaves the others alone. It is started again as its section
restart says; without one, again and again, after a second at first and a minute at
most. A job that cannot be started at all waits for its file to change.

Give a file its new content in one go, by renaming another one: a file that is seen
half written is a job with mistakes.

With --http and --http-token-file weir ps lists the jobs, weir logs, weir stop, weir
restart and weir savepoint reach them, and weir submit and weir delete change which
there are. The first interrupt (SIGINT, SIGTERM) stops all jobs, each with
a last checkpoint, the second ends the process at once.`,
		Example: `  weir serve --jobs jobs --state-dir state
  weir serve --jobs jobs --state-dir state --http :9249 --http-token-file token`,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			if err := noArguments(c, args); err != nil {
				return err
			}
			if err := f.check(c.Flags().Changed); err != nil {
				return err
			}
			v := voice{c.ErrOrStderr(), false, newLog(c.ErrOrStderr(), f.logFormat)}
			return v.fail(serve(f, c.OutOrStdout(), v))
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.jobs, "jobs", "", "the `FOLDER` of the job files")
	flags.StringVar(&f.stateDir, "state-dir", "", "keep the checkpoints of all jobs in this `FOLDER`")
	flags.StringVar(&f.logFormat, "log-format", "text",
		"what standard error looks like: text, or json, a log with one object a line (`FORMAT`)")
	addHTTPFlags(c, &f.http)
	completes(c, "jobs", completeFolders)
	completes(c, "state-dir", completeFolders)
	completes(c, "log-format", cobra.FixedCompletions(logFormats, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func (f *serveFlags) check(given func(flag string) bool) error {
	if f.jobs == "" || f.stateDir == "" {
		return errors.New("serve takes a folder of job files and one for checkpoints: weir serve --jobs FOLDER --state-dir FOLDER")
	}
	if err := checkHTTP(given); err != nil {
		return err
	}
	return checkLogFormat(f.logFormat, false)
}

// serve runs a folder of jobs until it is interrupted.
func serve(f serveFlags, stdout io.Writer, v voice) error {
	w := &ward{voice: v}
	m := manager.New(manager.Options{
		Folder: f.jobs, StateDir: f.stateDir, Registry: builtin.Registry(), Memory: machineMemory(), Watch: w,
		Env: func() env.Env {
			e := env.Real()
			e.Stdout = stdout
			return e
		},
	})
	var err error
	if w.front, err = openFront(f.http, v, m); err != nil {
		return err
	}
	defer w.front.close()
	tuneMemory(machineMemory())
	signals, ignore := listen()
	defer ignore()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	defer close(done)
	go stopper{"weir: stopping all jobs with a last checkpoint; a second signal stops at once", stop}.onSignal(signals, done, v)
	if err := m.Run(ctx); err != nil {
		return begun{err}
	}
	return nil
}

// ward tells of the jobs of a process.
type ward struct {
	voice voice
	front *front
}

// of returns the voice for a job: its name stands before what it says.
func (w *ward) of(job string) voice { return w.voice.about(job) }

// Begins implements manager.Watcher.
func (w *ward) Begins(job string) jobs.Options {
	kept := w.front.log(job)
	if w.voice.log != nil {
		return jobs.Options{Observe: observers(w.of(job).observe, kept.observe)}
	}
	return jobs.Options{Warn: func(err error) { w.voice.say("warning", "%s: %v", job, err) }, Observe: kept.observe}
}

// Began implements manager.Watcher.
func (w *ward) Began(job string, k *jobs.Kept) {
	w.front.started(job, k)
	w.say(job, "started")
}

// Ended implements manager.Watcher.
func (w *ward) Ended(job string, last status.Job, err error) {
	w.front.ended(job, err)
	if err == nil {
		w.say(job, string(last.State))
		return
	}
	w.front.log(job).logFailure(err)
	if w.voice.log != nil {
		w.of(job).logFailure(err)
	} else {
		w.voice.say("warning", "%s: failed: %v", job, err)
	}
}

// Gone implements manager.Watcher.
func (w *ward) Gone(job string) { w.front.gone(job) }

// say says what has become of a job, and has it in its log.
func (w *ward) say(job, text string) {
	w.front.log(job).logLine("note", text)
	if w.voice.log != nil {
		w.of(job).logLine("note", text)
	} else {
		w.voice.say("note", "%s: %s", job, text)
	}
}
