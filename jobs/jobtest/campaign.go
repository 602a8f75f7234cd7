package jobtest

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/task"
)

// stepLimit is more than any undisturbed run of a scenario takes.
const stepLimit = 300_000

// Report is what happened to a job on the way to its end.
type Report struct {
	Kills, PowerCuts, Takeovers, Stops, Failures int
	Checkpoints                                  uint64
	Trace                                        uint64 // identifies the course of the run
}

// Add returns the sum of two reports.
func (r Report) Add(s Report) Report {
	return Report{
		r.Kills + s.Kills, r.PowerCuts + s.PowerCuts, r.Takeovers + s.Takeovers,
		r.Stops + s.Stops, r.Failures + s.Failures, r.Checkpoints + s.Checkpoints, r.Trace ^ s.Trace,
	}
}

// Simulate runs a random job to its end on a simulated machine, through kills,
// power cuts, failing files, stops and takeovers drawn from the seed, and
// checks what it has committed. The error says what was lost, doubled or wrong.
func Simulate(seed uint64) (Report, *Scenario, error) {
	random := rand.New(rand.NewPCG(seed, 9))
	s := NewScenario(random, 40+random.IntN(200))
	m := &machine{random: random, files: memfs.New()}
	if err := s.Write(m.files); err != nil {
		return Report{}, s, err
	}
	m.files.Inject(m.fault)
	c := &campaign{machine: m, scenario: s}
	err := c.live()
	c.report.Trace = m.trace()
	return c.report, s, err
}

// campaign is the run of one scenario.
type campaign struct {
	*machine
	scenario *Scenario
	report   Report
}

// live disturbs the job a few times and then lets it come to its end.
func (c *campaign) live() error {
	for range c.random.IntN(8) {
		if finished, err := c.disturb(); finished || err != nil {
			return err
		}
	}
	c.failing, c.fuse = 0, 0
	return c.toTheEnd()
}

// disturb starts the job, lets it run for a while and does something to it.
func (c *campaign) disturb() (finished bool, err error) {
	fault := c.random.IntN(6)
	switch fault {
	case 0, 1: // dies at one of its next file operations
		c.fuse, c.power = 1+c.random.IntN(120), fault == 0
	case 2: // files fail now and then
		c.failing = 20 + c.random.IntN(200)
	}
	if err := c.start(); err != nil {
		return false, c.expected(err)
	}
	c.run(1 + c.random.IntN(c.random.IntN(20_000)+1))
	if fault == 3 && c.left == nil {
		c.owner().job.Stop()
		c.run(stepLimit)
		c.report.Stops++
	}
	if done, err := c.ended(); done || err != nil {
		return done, err
	}
	c.report.Checkpoints = max(c.report.Checkpoints, uint64(c.owner().job.Status().Checkpoint))
	if fault == 4 && len(c.processes) < 3 {
		c.report.Takeovers++ // the old owner goes on beside the new one
		return false, nil
	}
	c.kill(fault == 0 || fault == 5)
	if c.power || fault == 5 {
		c.report.PowerCuts++
	} else {
		c.report.Kills++
	}
	return false, nil
}

// expected passes over errors that an injected fault accounts for, and ends the
// processes, as whoever supervises them would.
func (c *campaign) expected(err error) error {
	if errors.Is(err, errDead) || errors.Is(err, errInjected) {
		c.report.Failures++
		c.kill(c.random.IntN(2) == 0)
		return nil
	}
	return err
}

// ended checks how the owner stands: whether the job is finished, and rightly.
func (c *campaign) ended() (finished bool, err error) {
	if c.left != nil {
		return false, nil
	}
	last, err := c.ending()
	switch {
	case err != nil:
		return false, c.ownerFailed(err)
	case last.State == status.Finished:
		return true, c.check(last)
	}
	return false, nil
}

// ownerFailed judges an error that ended the owner. It can have lost its job
// only if there was somebody to lose it to: a process that was started before,
// and took over late.
func (c *campaign) ownerFailed(err error) error {
	switch {
	case errors.Is(err, errInjected), errors.Is(err, errDead):
		c.report.Failures++
	case errors.Is(err, task.ErrLost) && len(c.processes) > 1:
	default:
		return err
	}
	return nil
}

// toTheEnd lets the job finish undisturbed.
func (c *campaign) toTheEnd() error {
	if c.left != nil {
		c.kill(false)
	}
	if err := c.start(); err != nil {
		return err
	}
	for {
		c.run(stepLimit)
		finished, err := c.ended()
		switch lost := errors.Is(c.owner().world.Err(), task.ErrLost); {
		case finished || err != nil:
			return err
		case lost:
			c.retire(c.owner())
		default:
			return fmt.Errorf("the job did not finish within %d steps: %v", stepLimit, c.owner().job.Status())
		}
	}
}

// check holds a finished job against the answer, and starts it once more: it
// must say that it has finished and touch nothing.
func (c *campaign) check(last status.Job) error {
	c.failing, c.fuse = 0, 0
	if last.Generation > 0 { // else it had finished before this process began
		if err := checkCounters(c.scenario, last); err != nil {
			return err
		}
	}
	if err := c.scenario.Check(c.files); err != nil {
		return err
	}
	if err := c.start(); err != nil {
		return err
	}
	c.run(stepLimit)
	again, err := c.ending()
	if err != nil || again.State != status.Finished {
		return fmt.Errorf("started again after its end the job is %s: %w", again.State, err)
	}
	return c.scenario.Check(c.files)
}
