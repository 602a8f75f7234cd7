package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/server"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/status"
)

// runFlags is what a command line says about a run.
type runFlags struct {
	jobs.Options
	path        string
	sets        []string
	from, until string
	drain       bool
	json        bool
	logFormat   string
	http        server.Options
	show        string
	limit       int
}

func runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run JOB",
		Short: "Runs a job file until its input ends or it is stopped",
		Long: `Runs a job file until its input ends or it is stopped.

The first interrupt (SIGINT, SIGTERM) takes a last checkpoint and ends the job,
the second ends it at once. With --state-dir the next run resumes where this one
ended, however it ended. With --drain the first interrupt ends the job as if its
input had ended: open windows fire, and the job is finished.

--from and --until take a date or a time, such as 2013-01-05 (in UTC) or
2013-01-05T18:00:00Z, and replay the job over that range of event time, the end
not included. Rows outside are skipped, as if the input did not have them.

--show STEP prints the first rows of a step, of STEP.late or STEP.dead_letter, or
of a source, and stops. Nothing is written: of the job only what STEP needs is
run, without its sinks, and no checkpoint is kept.

--json says on standard error how the run goes, one JSON object a line. "type" is
progress, note, warning, problem, error or end, "message" the text. "status", of
progress and end, has the job, its state and the counters of each step; of a job
that has run, end is the last line, and says in "message" why it failed. Its
"class" is what that means for whoever starts it again: transient (passes by
itself), restart (to be taken up from the last checkpoint), fatal (the same again
until somebody mends it) or invalid (the job file is wrong); where nobody knows,
there is none. A problem of the job file has "file", "line" and "column".

--log-format json writes a log instead, one JSON object a line, with "time",
"level", "msg", "job" and, where there is one, "step" and "checkpoint".

--from-savepoint FOLDER begins with a savepoint, if the state folder is empty: it is
copied there, and the job goes on from where it was taken, at any parallelism. Later
runs with the same flags resume from their own checkpoints.

--http :9249 serves /metrics for Prometheus, /healthz, /readyz and Go's profiles
below /debug/pprof/, to this machine only. HOST:PORT of an address that others
reach takes --http-token-file, --http-cert and --http-key as well. With a token
weir savepoint and weir stop reach the job there.`,
		Example: `  weir run departures.yaml --state-dir state/departures
  weir run departures.yaml --show weekly --limit 5
  weir run departures.yaml --from 2013-01-01 --until 2013-02-01`,
		ValidArgsFunction: completeJobs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("run takes one job file, not %d: weir run JOB", len(args))
			}
			f.path = args[0]
			if err := f.check(c.Flags().Changed); err != nil {
				return err
			}
			v := voice{c.ErrOrStderr(), f.json, newLog(c.ErrOrStderr(), f.logFormat)}
			if f.show != "" {
				return v.fail(show(f, c.OutOrStdout(), v))
			}
			return v.fail(run(f, c.OutOrStdout(), v))
		},
	}
	addSetFlag(c, &f.sets)
	flags := c.Flags()
	flags.StringVar(&f.StateDir, "state-dir", "", "keep the job's checkpoints in this `FOLDER`, from which the next run resumes")
	flags.StringVar(&f.Savepoint, "from-savepoint", "", "begin with the savepoint in this `FOLDER`, where the state folder is empty")
	addParallelismFlag(c, &f.Parallelism)
	flags.StringVar(&f.from, "from", "", "skip rows with an event time before this date or `TIME`")
	flags.StringVar(&f.until, "until", "", "skip rows with an event time from this date or `TIME` on")
	flags.StringVar(&f.show, "show", "", "print what this `STEP` emits, and write nothing")
	flags.IntVar(&f.limit, "limit", 20, "how many `ROWS` --show prints")
	flags.BoolVar(&f.AllowChanged, "allow-changed", false,
		"start although the job has changed since the checkpoint, with what of its state still means the same; "+
			"weir explain --state-dir says what that is")
	flags.BoolVar(&f.AllowDuplicates, "allow-duplicates", false,
		"start although the last checkpoint is damaged or lost, from an older one: output may appear twice")
	flags.BoolVar(&f.drain, "drain", false, "on an interrupt, finish the job as if its input had ended")
	flags.BoolVar(&f.json, "json", false, jsonFlag)
	flags.StringVar(&f.logFormat, "log-format", "text",
		"what standard error looks like: text, or json, a log with one object a line (`FORMAT`)")
	addHTTPFlags(c, &f.http)
	completes(c, "log-format", cobra.FixedCompletions(logFormats, cobra.ShellCompDirectiveNoFileComp))
	completes(c, "show", completeShow)
	completes(c, "state-dir", completeFolders)
	completes(c, "from-savepoint", completeFolders)
	return c
}

// check finds flags that make no sense, or not together.
func (f *runFlags) check(given func(flag string) bool) error {
	if err := checkParallelism(given, f.Parallelism); err != nil {
		return err
	}
	if err := checkHTTP(given); err != nil {
		return err
	}
	if err := checkLogFormat(f.logFormat, f.json); err != nil {
		return err
	}
	if !given("show") {
		if given("limit") {
			return errors.New("--limit is for --show: weir run JOB --show STEP --limit 5")
		}
		return nil
	}
	for _, flag := range []string{"state-dir", "from-savepoint", "drain", "allow-changed", "allow-duplicates"} {
		if given(flag) {
			return fmt.Errorf("--%s makes no sense with --show, which keeps no checkpoints and resumes from none", flag)
		}
	}
	if f.limit < 1 {
		return fmt.Errorf("--limit %d is less than 1", f.limit)
	}
	return nil
}

// run runs a job to its end and says what became of it.
func run(f runFlags, stdout io.Writer, v voice) error {
	job, err := jobs.Load(builtin.Registry(), env.OS{}, f.path, f.sets)
	if err == nil {
		err = f.replay(job)
	}
	if err != nil {
		return err
	}
	v = v.about(job.Graph.Name)
	front, err := openFront(f.http, v, nil, job.Graph.Name)
	if err != nil {
		return v.fail(err)
	}
	defer front.close()
	f.prepare(stdout, v, job)
	f.Observe = observers(f.Observe, front.log(job.Graph.Name).observe)
	signals, ignore := listen()
	defer ignore()
	k, err := jobs.Keep(job, f.Options)
	if err != nil {
		front.ended(job.Graph.Name, err)
		return v.fail(begun{err})
	}
	front.started(job.Graph.Name, k)
	last, err := watch(k, signals, stopOrDrain(k, f.drain), newProgress(v, job.Graph), v)
	front.ended(job.Graph.Name, err)
	if v.isText() && (hasMoved(last) || err == nil && !hadFinished(last)) {
		report(v.to, last)
		if text := memoryReport(last.Memory, mostMemory()); text != "" {
			v.say("note", "%s", text)
		}
	}
	sayFindings(v, job.Graph, last)
	if err != nil {
		if f.StateDir == "" && last.Checkpoint > 0 {
			v.say("note", "The checkpoints are kept: resume from them with --state-dir %s", k.Run().StateDir)
		}
		return v.failed(last, withChoices(err))
	}
	sayPlaces(v, job.Graph, last)
	v.end(last, "%s", ending(last, f.StateDir))
	return nil
}

// replay narrows the job to the range of --from and --until, if there is one.
func (f *runFlags) replay(job *jobs.Job) error {
	r, err := jobs.ParseRange(f.from, f.until)
	if err != nil {
		return fmt.Errorf("--%w", err) // it begins with the end that is wrong, and the flags are named like them
	}
	if r == nil {
		return nil
	}
	return jobs.Replay(job, r)
}

// prepare sets what is the same for each way to run a job.
func (f *runFlags) prepare(stdout io.Writer, v voice, job *jobs.Job) {
	f.Memory = machineMemory()
	tuneMemory(f.MemoryOf(job))
	f.Env = env.Real()
	f.Env.Stdout = stdout
	if f.Warn = v.warn; v.log != nil {
		f.Warn, f.Observe = nil, v.observe
	}
}

// observers tells both of what happens to a job; the first may be nil.
func observers(a, b func(status.Event)) func(status.Event) {
	if a == nil {
		return b
	}
	return func(e status.Event) {
		a(e)
		b(e)
	}
}

// hadFinished reports whether there was nothing to do: a job that has finished
// has no owner any more.
func hadFinished(s status.Job) bool { return s.State == status.Finished && s.Generation == 0 }

// hasMoved reports whether any rows were read before the job ended.
func hasMoved(s status.Job) bool {
	return slices.ContainsFunc(s.Steps, func(step status.Step) bool { return step.Counters.In > 0 })
}

// ending says how a job ended and what a next run does.
func ending(s status.Job, stateDir string) string {
	switch {
	case s.State == status.Stopped && stateDir == "":
		return fmt.Sprintf("%s stopped after %v. Its checkpoints are gone; with --state-dir DIR the next run would resume from here.",
			s.Name, s.Elapsed.Round(time.Millisecond))
	case s.State == status.Stopped:
		return fmt.Sprintf("%s stopped at checkpoint %d in %s. The same command resumes from there.", s.Name, s.Checkpoint, stateDir)
	case hadFinished(s):
		return fmt.Sprintf("%s has already finished; there is nothing to do. To run it afresh, give another --state-dir or remove %s.",
			s.Name, stateDir)
	}
	return fmt.Sprintf("%s finished in %v.", s.Name, s.Elapsed.Round(time.Millisecond))
}
