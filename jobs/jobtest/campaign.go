package jobtest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"time"

	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/status"
)

// stepLimit is more than any undisturbed run of a scenario takes.
const stepLimit = 300_000

// Report is what happened to a job on the way to its end.
type Report struct {
	Kills, PowerCuts, Takeovers, Stops, Failures int
	Damages, Refusals                            int
	Checkpoints                                  uint64
	GivenUp                                      int    // checkpoints
	Silences, LateWoken                          int    // of a play: those that passed; rows that were late after them
	Trace                                        uint64 // identifies the course of the run
}

// isTame reports that some kind of trouble never came.
func (r Report) isTame() bool {
	return min(r.Kills, r.PowerCuts, r.Takeovers, r.Stops, r.Failures, r.Damages, r.Refusals, r.GivenUp) == 0 || r.Checkpoints == 0
}

// Add returns the sum of two reports.
func (r Report) Add(s Report) Report {
	return Report{
		r.Kills + s.Kills, r.PowerCuts + s.PowerCuts, r.Takeovers + s.Takeovers,
		r.Stops + s.Stops, r.Failures + s.Failures, r.Damages + s.Damages, r.Refusals + s.Refusals,
		r.Checkpoints + s.Checkpoints, r.GivenUp + s.GivenUp,
		r.Silences + s.Silences, r.LateWoken + s.LateWoken, r.Trace ^ s.Trace,
	}
}

// Campaign is a random job on a simulated machine, on its way to its end through
// kills, power cuts, failing files, stops and takeovers, all drawn from one seed.
type Campaign struct {
	*machine
	scenario *Scenario
	report   Report
}

// NewCampaign draws a campaign over what draw draws from a random source and a
// number of rows: [NewScenario] or [NewPlay].
func NewCampaign(seed uint64, draw func(*rand.Rand, int) *Scenario) (*Campaign, error) {
	random := rand.New(rand.NewPCG(seed, 9))
	s := draw(random, 40+random.IntN(200))
	m, err := newMachine(random, s)
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, s.Job)
	}
	return &Campaign{machine: m, scenario: s}, nil
}

// String says what has happened so far, where the processes stand, and what the
// job is.
func (c *Campaign) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "after %+v, in store %+v, %v\n", c.report, c.trouble, c.damage)
	for i, p := range c.processes {
		fmt.Fprintf(&b, "process %d, after %d steps: %+v\n", i, p.world.Steps(), p.job.Status())
	}
	return b.String() + c.scenario.Job
}

// Run runs the job to its end and checks what it has committed. The error says
// what was lost, doubled or wrong.
func (c *Campaign) Run() (report Report, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
		c.report.Trace, c.report.GivenUp, c.report.Silences = c.trace(), c.givenUp, c.silences
		report = c.report
	}()
	return c.report, c.live()
}

// live disturbs the job a few times and then lets it come to its end.
func (c *Campaign) live() error {
	for range c.random.IntN(12) {
		if finished, err := c.disturb(); finished || err != nil {
			return err
		}
	}
	return c.toTheEnd()
}

// disturb starts the job, lets it run for a while, with or without trouble, and
// ends it in some way or has the next process take it over.
func (c *Campaign) disturb() (finished bool, err error) {
	c.drawTrouble()
	if err := c.start(); err != nil {
		return false, c.startFailed(err)
	}
	c.run(c.spell())
	if c.random.IntN(5) == 0 {
		c.report.Stops++
		c.owner().job.Stop()
		if err := c.runOut("stop"); err != nil {
			return false, err
		}
	}
	if done, err := c.ended(); done || err != nil {
		return done, err
	}
	c.report.Checkpoints = max(c.report.Checkpoints, uint64(c.owner().job.Status().Checkpoint))
	switch on := c.left == nil && c.random.IntN(3) > 0; {
	case on && c.owner().over:
		c.retire(c.owner())
	case on && len(c.processes) < 3:
		c.report.Takeovers++
		c.owner().stopped = some(c.random, 2000)
	default:
		return false, c.killAndSpoil()
	}
	return false, nil
}

// spell draws for how many steps a job runs until something happens to it.
func (c *Campaign) spell() int {
	if c.play != nil { // which takes its time
		return some(c.random, 40_000)
	}
	return some(c.random, 4000)
}

// killAndSpoil ends all processes. While none runs, damage may be done.
func (c *Campaign) killAndSpoil() (err error) {
	wasRunning := c.running()
	c.kill()
	if wasRunning {
		err = c.overcome()
	}
	if err == nil && c.damage == nil && c.random.IntN(2) == 0 {
		c.report.Damages++
		err = c.spoil()
	}
	return err
}

// kinds are the file operations that can fail. Rare ones stand beside all that
// change something, so that trouble comes to each of them.
var kinds = []memfs.Kind{
	anyChange, showing, showing, showing, showing,
	memfs.Create, memfs.Write, memfs.Sync, memfs.Rename, memfs.Link, memfs.Remove, memfs.Mkdir, memfs.SyncDir,
	memfs.Open, memfs.Read, memfs.ReadDir, memfs.Size,
}

// drawTrouble draws what is to happen to the next process.
func (c *Campaign) drawTrouble() {
	c.trouble = trouble{kind: kinds[c.random.IntN(len(kinds))], power: c.random.IntN(2) == 0}
	switch c.random.IntN(4) {
	case 0:
		c.trouble.failing = 1 + some(c.random, 200)
	case 1, 2:
		c.trouble.fuse = 1 + some(c.random, 200)
	}
	if c.random.IntN(4) == 0 {
		c.trouble.timeout = time.Duration(some(c.random, 1000)) * time.Millisecond
	}
}

// kill ends all processes.
func (c *Campaign) kill() {
	if c.trouble.power {
		c.report.PowerCuts++
	} else {
		c.report.Kills++
	}
	c.machine.kill()
}

// runOut runs until the owner has ended, or the machine has died.
func (c *Campaign) runOut(why string) error {
	c.run(stepLimit)
	if c.wrong != nil {
		return c.wrong
	}
	if c.left == nil && !c.owner().over {
		return fmt.Errorf("the job did not %s within %d steps: %v", why, stepLimit, c.owner().job.Status())
	}
	return nil
}

// startFailed passes over errors that an injected fault accounts for, and ends
// the processes, as whoever supervises them would.
func (c *Campaign) startFailed(err error) error {
	if errors.Is(err, errDead) || errors.Is(err, errInjected) {
		c.report.Failures++
		c.kill()
		return nil
	}
	return err
}

// ended checks how the owner stands: whether the job is finished, and rightly.
func (c *Campaign) ended() (finished bool, err error) {
	if c.left != nil {
		return false, nil
	}
	last, err := c.ending()
	switch {
	case c.wrong != nil:
		return false, c.wrong
	case err != nil:
		return false, c.ownerFailed(err)
	case last.State == status.Finished:
		return true, c.check(last)
	}
	return false, nil
}

// ownerFailed judges an error that ended the owner: an injected fault accounts
// for it, or the loss of the job to somebody else.
func (c *Campaign) ownerFailed(err error) error {
	switch {
	case errors.Is(err, errInjected), errors.Is(err, errDead):
		c.report.Failures++
	case c.trouble.timeout > 0 && strings.Contains(err.Error(), "checkpoints in a row have failed"):
		c.report.Failures++
	case c.damage.accountsFor(err):
		c.report.Refusals++
		return c.repair()
	case c.superseded(err):
	default:
		return err
	}
	return nil
}

// toTheEnd lets the job finish without more trouble: beside the processes that
// are there or, where it loses the job to one of them, alone.
func (c *Campaign) toTheEnd() error {
	for range 10 {
		c.trouble = trouble{}
		if err := c.start(); err != nil {
			return err
		}
		if err := c.runOut("finish"); err != nil {
			return err
		}
		if finished, err := c.ended(); finished || err != nil {
			return err
		}
		c.kill()
	}
	return errors.New("the job has been started ten times without trouble, and does not finish")
}

// check holds a finished job against the answer, once all processes are awake
// and have had their say. Started once more, it must say that it has finished
// and touch nothing.
func (c *Campaign) check(last status.Job) error {
	c.trouble = trouble{}
	if err := c.overcome(); err != nil {
		return err
	}
	if p := c.play; p != nil && !p.orderly {
		if err := p.judge(c.scenario, c.files); err != nil {
			return err
		}
		c.report.LateWoken = len(c.scenario.Late.Rows) - p.behind
	}
	if last.Generation > 0 { // else it had finished before this process began
		if err := checkCounters(c.scenario, last); err != nil {
			return err
		}
	}
	for _, p := range c.processes {
		p.stopped = 0
		for range stepLimit {
			if p.over {
				break
			}
			c.step()
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
