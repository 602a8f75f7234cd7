package main

import (
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/runtime/status"
)

// stopper is what the first signal does to a run.
type stopper struct {
	note string
	stop func()
}

// watched is what a command waits for.
type watched interface {
	Status() status.Job
	Wait() (status.Job, error)
}

// stopOrDrain stops a job with a last checkpoint, or finishes it.
func stopOrDrain(k *jobs.Kept, drain bool) stopper {
	if drain {
		return stopper{"weir: finishing as if the input had ended; a second signal stops at once", k.Drain}
	}
	return stopper{"weir: stopping with a last checkpoint; a second signal stops at once", k.Stop}
}

// stopFeeding gives a feeding up, before it has written anything.
func stopFeeding(r *jobs.Run) stopper {
	return stopper{"weir: stopping the feeding", r.Cancel}
}

// listen catches the signals that stop a run, until the caller says ignore. It
// comes before the run starts, so that none ends the process meanwhile.
func listen() (signals chan os.Signal, ignore func()) {
	signals = make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	return signals, func() { signal.Stop(signals) }
}

// watch waits for the end of a job, writes its progress and turns signals into
// stops.
func watch(r watched, signals <-chan os.Signal, s stopper, p progress, v voice) (status.Job, error) {
	done := make(chan struct{})
	var beside sync.WaitGroup
	beside.Go(func() { s.onSignal(signals, done, v) })
	beside.Go(func() { p.show(r.Status, done) })
	last, err := r.Wait()
	close(done)
	beside.Wait() // they write to standard error, too
	return last, err
}

// onSignal stops a run at the first signal and leaves the process at the second.
func (s stopper) onSignal(signals <-chan os.Signal, done <-chan struct{}, v voice) {
	select {
	case <-done:
		return
	case <-signals:
	}
	s.stop()
	v.say("note", "%s", s.note)
	select {
	case <-done:
	case <-signals:
		os.Exit(exitInterrupted)
	}
}
