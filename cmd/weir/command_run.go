package main

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/status"
)

func runCommand() *cobra.Command {
	var sets []string
	var o jobs.Options
	var drain bool
	c := &cobra.Command{
		Use:   "run JOB",
		Short: "Runs a job file until its input ends or it is stopped",
		Long: `Runs a job file until its input ends or it is stopped.

The first interrupt (SIGINT, SIGTERM) takes a last checkpoint and ends the job,
the second ends it at once. With --state-dir the next run goes on where this one
ended, however it did. With --drain the first interrupt ends the job as if its
input had ended: open windows fire, and the job is finished.`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("run takes one job file, not %d: weir run JOB", len(args))
			}
			return run(args[0], sets, o, drain, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	addSetFlag(c, &sets)
	flags := c.Flags()
	flags.StringVar(&o.StateDir, "state-dir", "", "folder of the job's checkpoints, to go on from at the next start")
	flags.IntVar(&o.Parallelism, "parallelism", 0, "subtasks of each step that does not set its own (default: the job's)")
	flags.BoolVar(&o.AllowChanged, "allow-changed", false, "start although steps differ from those in the checkpoint: their state is dropped")
	flags.BoolVar(&o.AllowDuplicates, "allow-duplicates", false, "start although the last checkpoint is damaged, from an older one: output may appear twice")
	flags.BoolVar(&drain, "drain", false, "on an interrupt, finish the job as if its input had ended")
	return c
}

// run runs a job to its end and reports on standard error what became of it.
func run(path string, sets []string, o jobs.Options, drain bool, stdout, stderr io.Writer) error {
	if o.Parallelism < 0 || o.Parallelism > jobs.MaxParallelism {
		return fmt.Errorf("--parallelism %d is not from 1 to %d", o.Parallelism, jobs.MaxParallelism)
	}
	job, err := jobs.Load(env.OS{}, path, sets)
	if err != nil {
		return err
	}
	tuneMemory()
	o.Env = env.Real()
	o.Env.Stdout = stdout
	o.Warn = func(err error) { fmt.Fprintf(stderr, "weir: warning: %v\n", err) }
	r, err := jobs.Start(job, o)
	if err != nil {
		return failure{err}
	}
	last, err := watch(r, drain, newProgress(stderr, job.Graph), stderr)
	if hasMoved(last) || err == nil && !hadFinished(last) {
		report(stderr, last)
	}
	if err != nil {
		if o.StateDir == "" && last.Checkpoint > 0 {
			fmt.Fprintf(stderr, "The checkpoints are kept: go on from them with --state-dir %s\n", r.StateDir)
		}
		return failure{err}
	}
	explainLate(stderr, job.Graph, last)
	fmt.Fprintln(stderr, ending(last, o.StateDir))
	return nil
}

// watch waits for the end of a job, writes its progress and turns signals into
// stops.
func watch(r *jobs.Run, drain bool, p progress, stderr io.Writer) (status.Job, error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	done, shown := make(chan struct{}), make(chan struct{})
	go stopOnSignal(r, drain, signals, done, stderr)
	go func() {
		p.show(r.Status, done)
		close(shown)
	}()
	last, err := r.Wait()
	close(done)
	<-shown
	return last, err
}

// stopOnSignal stops or drains a job at the first signal and leaves the process
// at the second.
func stopOnSignal(r *jobs.Run, drain bool, signals <-chan os.Signal, done <-chan struct{}, stderr io.Writer) {
	select {
	case <-done:
		return
	case <-signals:
	}
	if drain {
		fmt.Fprintln(stderr, "weir: finishing as if the input had ended; a second signal stops at once")
		r.Drain()
	} else {
		fmt.Fprintln(stderr, "weir: stopping with a last checkpoint; a second signal stops at once")
		r.Stop()
	}
	select {
	case <-done:
	case <-signals:
		os.Exit(exitInterrupted)
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
		return fmt.Sprintf("%s stopped after %v. Its checkpoints are gone; with --state-dir DIR a next run would go on from here.", s.Name, s.Elapsed.Round(time.Millisecond))
	case s.State == status.Stopped:
		return fmt.Sprintf("%s stopped at checkpoint %d in %s. The same command goes on from there.", s.Name, s.Checkpoint, stateDir)
	case hadFinished(s):
		return fmt.Sprintf("%s had finished before; there is nothing to do. To run it afresh, give another --state-dir or remove %s.", s.Name, stateDir)
	}
	return fmt.Sprintf("%s finished in %v.", s.Name, s.Elapsed.Round(time.Millisecond))
}
