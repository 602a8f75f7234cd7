package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// process is one weir that was started.
type process struct {
	cmd    *exec.Cmd
	said   bytes.Buffer  // not to be read before ended is closed
	ended  chan struct{} // closed when the process is gone
	killed bool          // by us
}

// patience is how long a process may live. One that hangs is killed and reported.
const patience = 5 * time.Minute

// start starts a command. When ctx or our patience ends, so does the process,
// which is a failure.
func start(ctx context.Context, binary string, args []string, c *cage) (*process, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	p := &process{cmd: exec.CommandContext(ctx, binary, args...), ended: make(chan struct{})}
	p.cmd.Stderr = &p.said
	if err := p.cmd.Start(); err != nil {
		cancel()
		return nil, err
	}
	caged := c.take(p.cmd.Process.Pid)
	if caged != nil {
		cancel()
	}
	go func() {
		defer cancel()
		_ = p.cmd.Wait() // what came of it is in ProcessState
		close(p.ended)
	}()
	return p, caged
}

// kill kills the process with SIGKILL, unless it has ended by itself.
func (p *process) kill() {
	p.killed = p.cmd.Process.Kill() == nil
}

// wait returns when the process is gone: whether it ended well by itself, or
// why it ended otherwise than by kill.
func (p *process) wait() (finished bool, err error) {
	<-p.ended
	state := p.cmd.ProcessState
	switch {
	case state.Success():
		return true, nil
	case p.killed && !state.Exited():
		return false, nil
	}
	return false, fmt.Errorf("%s: %v; it said:\n%s", strings.Join(p.cmd.Args, " "), state, p.said.String())
}

// poll is how long a look at the state directory waits for the next one: much
// less than a phase of a checkpoint takes, which is some milliseconds.
const poll = 50 * time.Microsecond

// until returns when seen reports true, or false if the process ends first.
func (p *process) until(seen func() bool) bool {
	for !seen() {
		if !p.pause(poll) {
			return false
		}
	}
	return true
}

// pause lets the process go on for a while; it returns false if that ends.
func (p *process) pause(d time.Duration) bool {
	select {
	case <-p.ended:
		return false
	case <-time.After(d):
		return true
	}
}
