package main

import (
	"os"
	"os/signal"
	"syscall"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/runtime/status"
)

// stopper is what the first signal does to a run.
type stopper struct {
	note string
	stop func()
}

// stopOrDrain stops a job with a last checkpoint, or finishes it.
func stopOrDrain(r *jobs.Run, drain bool) stopper {
	if drain {
		return stopper{"weir: finishing as if the input had ended; a second signal stops at once", r.Drain}
	}
	return stopper{"weir: stopping with a last checkpoint; a second signal stops at once", r.Stop}
}

// stopFeeding gives a feeding up, before it has written anything.
func stopFeeding(r *jobs.Run) stopper {
	return stopper{"weir: giving the feeding up", r.Cancel}
}

// watch waits for the end of a job, writes its progress and turns signals into
// stops.
func watch(r *jobs.Run, s stopper, p progress, v voice) (status.Job, error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	done, shown := make(chan struct{}), make(chan struct{})
	go s.onSignal(signals, done, v)
	go func() {
		p.show(r.Status, done)
		close(shown)
	}()
	last, err := r.Wait()
	close(done)
	<-shown
	return last, err
}

// onSignal stops a run at the first signal and leaves the process at the second.
func (s stopper) onSignal(signals <-chan os.Signal, done <-chan struct{}, v voice) {
	select {
	case <-done:
		return
	case <-signals:
	}
	v.say("note", "%s", s.note)
	s.stop()
	select {
	case <-done:
	case <-signals:
		os.Exit(exitInterrupted)
	}
}
