package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/deadletter"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/status"
)

// feedFlags is what a command line says about feeding.
type feedFlags struct {
	jobs.Options
	path string
	sets []string
	json bool
}

// feed feeds the dead letters of a box to a job, until none are left that were
// there.
func feed(box *deadletter.Box, f feedFlags, stdout io.Writer, v voice) error {
	f.Env = env.Real()
	f.Env.Stdout = stdout
	f.Warn = v.warn
	f.Memory = machineMemory()
	var tuned sync.Once // the job of a round is that of the one before
	load := func() (*jobs.Job, error) {
		job, err := deadletter.LoadAppending(builtin.Registry(), f.Env.Files, f.path, f.sets)
		if err == nil {
			tuned.Do(func() { tuneMemory(f.MemoryOf(job)) })
		}
		return job, err
	}
	feeder, err := deadletter.NewFeeder(box, load, f.Options)
	if err != nil {
		return err
	}
	for rounds := 0; ; rounds++ {
		round, err := feeder.Next()
		switch {
		case err != nil:
			return err
		case round == nil && rounds == 0:
			v.say("note", "%s holds no dead letters that wait; there is nothing to do.", box)
			return nil
		case round == nil:
			return nil
		}
		if err := feedRound(round, v); err != nil {
			return err
		}
	}
}

// feedRound feeds the letters of one round.
func feedRound(round *deadletter.Round, v voice) error {
	if round.Resumed {
		v.say("note", "weir: an earlier feeding did not finish; finishing it first")
	}
	sayUnfit(round, v)
	signals, ignore := listen()
	defer ignore()
	r, err := round.Start()
	if err != nil {
		return begun{err}
	}
	last, err := watch(r, signals, stopFeeding(r), newProgress(v, round.Job.Graph), v)
	if !v.json && hasMoved(last) {
		report(v.to, last)
	}
	if err == nil {
		err = round.Finish()
	}
	if err != nil {
		v.say("note", "%s", unfinished(last))
		return v.failed(last, err)
	}
	v.end(last, "%s: fed %s in %v.%s", last.Name, orNothing(round.String()), last.Elapsed.Round(time.Millisecond), failedAgain(last))
	return nil
}

// unfinished says what a feeding that failed has left, by its only checkpoint.
func unfinished(s status.Job) string {
	if s.Checkpoint == 0 && s.State != status.Finished {
		return "No result was written. Mend what is wrong; the same command feeds the letters again."
	}
	return "The results are decided, but not all of them are in place yet. " +
		"Run the same command once more, with the job unchanged, to complete them."
}

func orNothing(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}

// failedAgain says how many letters have become dead letters once more.
func failedAgain(s status.Job) string {
	again := int64(0)
	for _, step := range s.Steps {
		again += step.Counters.DeadLetters
	}
	if again == 0 {
		return ""
	}
	return fmt.Sprintf(" %d failed again and are new dead letters.", again)
}

// sayUnfit names letters that hold no whole record.
func sayUnfit(round *deadletter.Round, v voice) {
	for _, l := range round.Examples {
		v.say("warning", "%s of %s cannot be fed, because the record was not kept whole (%s): %s", l.Position, l.Step, l.Kind, l.Error)
	}
	if more := round.Unfit - len(round.Examples); more > 0 {
		v.say("warning", "and %d more like these", more)
	}
}
