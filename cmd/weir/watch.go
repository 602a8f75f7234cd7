package main

import (
	"os"
	"os/signal"
	"syscall"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/runtime/status"
)

// watch waits for the end of a job, writes its progress and turns signals into
// stops.
func watch(r *jobs.Run, drain bool, p progress, v voice) (status.Job, error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	done, shown := make(chan struct{}), make(chan struct{})
	go stopOnSignal(r, drain, signals, done, v)
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
func stopOnSignal(r *jobs.Run, drain bool, signals <-chan os.Signal, done <-chan struct{}, v voice) {
	select {
	case <-done:
		return
	case <-signals:
	}
	if drain {
		v.say("note", "weir: finishing as if the input had ended; a second signal stops at once")
		r.Drain()
	} else {
		v.say("note", "weir: stopping with a last checkpoint; a second signal stops at once")
		r.Stop()
	}
	select {
	case <-done:
	case <-signals:
		os.Exit(exitInterrupted)
	}
}
