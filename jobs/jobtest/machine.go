package jobtest

import (
	"errors"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/sim"
	"github.com/weirstream/weir/runtime/status"
)

// machine is a simulated computer: a file system that may lose power, and the
// processes on it, each of which runs the job. All of it follows from random.
type machine struct {
	random    *rand.Rand
	job       *jobs.Job
	files     *memfs.FS
	processes []*process // the one that was started last is the owner
	traces    uint64     // of processes that are gone

	trouble trouble
	left    *memfs.FS // what the medium holds, once the machine has died
	damage  *damage   // that no process has come upon yet
	leave   bool      // the user allows for duplicates

	givenUp int // checkpoints

	state     string // the folder of checkpoints
	savepoint string // that those begin with; "" is none
	changed   bool   // the user allows for a job that has changed

	play     *play // of the scenario, if it has one
	begun    int   // phases of it that have begun in any process
	silences int   // that have passed in any process
	wrong    error // what a director has found
}

// trouble is what a machine has in store for its processes. It befalls file
// operations of one kind.
type trouble struct {
	kind    memfs.Kind // or anyChange, showing
	failing int        // one in how many operations fails; 0: none
	fuse    int        // the machine dies at the first operation behind so many - 1; 0: it does not
	power   bool       // its death is a power cut, not only that of the processes

	// timeout, where it is short, has checkpoints given up while their barriers are
	// on the way; 0 is the usual one.
	timeout time.Duration
}

const (
	anyChange memfs.Kind = ""
	showing   memfs.Kind = "link of a staged file" // between decision and commit
)

func (t *trouble) befalls(op memfs.Op) bool {
	switch t.kind {
	case anyChange:
		return op.Changes()
	case showing:
		return op.Kind == memfs.Link && strings.Contains(op.Name, "/.weir/")
	}
	return op.Kind == t.kind
}

// process runs the job in a world of its own.
type process struct {
	world    *sim.World
	job      *master.Job
	director *director // nil unless the scenario has a play
	busy     bool      // in the middle of a step
	stopped  int       // how many of its turns go by before it wakes
	over     bool      // nothing will ever happen in it again
}

var (
	errDead     = errors.New("the machine is dead")
	errInjected = errors.New("injected fault")
)

// some draws a number from 1 to most, of each order of magnitude as often.
func some(random *rand.Rand, most int) int {
	return 1 + random.IntN(most>>random.IntN(bits.Len(uint(most))))
}

// newMachine returns a machine with the job file and the input of a scenario.
func newMachine(random *rand.Rand, s *Scenario) (*machine, error) {
	m := &machine{random: random, files: memfs.New(), play: s.play, state: "state"}
	if err := s.Write(m.files); err != nil {
		return nil, err
	}
	var err error
	m.job, err = s.Load(m.files)
	m.files.Inject(m.operation)
	return m, err
}

// start starts one more process, which takes over from those before it.
func (m *machine) start() error {
	p := &process{world: sim.NewWorld(m.random)}
	store, err := objstore.OpenDir(m.files, m.state)
	if err != nil {
		return err
	}
	o := settings(m.random)
	o.Env = env.Env{Clock: p.world, Random: env.NewRandom(m.random), Files: m.files}
	o.Room = room(rand.New(rand.NewPCG(uint64(o.EdgeBytes), 1)))
	o.Warn = func(err error) {
		if strings.Contains(err.Error(), "was given up") {
			m.givenUp++
		}
	}
	if m.play != nil {
		p.director = &director{play: m.play, stage: &stage{World: p.world}, machine: m}
		o.Env.Clock = p.director.stage
	}
	o.Store, o.AllowDuplicates, o.AllowChanged = store, m.leave, m.changed
	if m.savepoint != "" {
		o.Savepoint = objstore.ViewDir(m.files, m.savepoint)
	}
	o.CheckpointInterval, o.CheckpointTimeout = m.job.CheckpointInterval, m.trouble.timeout
	if p.job, err = master.On(p.world, m.job.Graph, o); err != nil {
		return err
	}
	m.processes = append(m.processes, p)
	return nil
}

// owner returns the process that was started last.
func (m *machine) owner() *process { return m.processes[len(m.processes)-1] }

// retire drops a process that has ended.
func (m *machine) retire(p *process) {
	m.traces = m.traces*31 + p.world.Trace()
	p.job.Close()
	m.processes = slices.DeleteFunc(m.processes, func(q *process) bool { return q == p })
}

// run steps processes until the owner has ended, the machine has died, or limit
// steps are made. Processes that have lost their job go on beside the owner.
func (m *machine) run(limit int) {
	for range limit {
		if m.step(); m.left != nil || m.wrong != nil || m.owner().over {
			return
		}
	}
}

// step lets some process make a step.
func (m *machine) step() {
	p := m.processes[m.random.IntN(len(m.processes))]
	switch {
	case p.busy || p.over:
	case p.stopped > 0:
		p.stopped--
	default:
		p.busy = true
		p.over = !p.world.Step()
		p.busy = false
		if p.director != nil && m.wrong == nil {
			m.wrong = p.director.look(p.job)
		}
	}
}

// operation lets other processes run before a file operation of one of them: now
// and then for long, as if the one were stopped in the middle of what it does.
// Then it decides what becomes of the operation.
func (m *machine) operation(op memfs.Op) memfs.Outcome {
	if len(m.processes) > 1 && m.random.IntN(8) == 0 {
		for range some(m.random, 400) {
			m.step()
		}
	}
	t := &m.trouble
	if m.left == nil && t.fuse == 1 {
		m.die()
	}
	switch {
	case m.left != nil:
		return memfs.Outcome{Err: errDead}
	case !t.befalls(op):
		return memfs.Outcome{}
	case t.fuse > 0:
		t.fuse--
	}
	if t.failing > 0 && m.random.IntN(t.failing) == 0 {
		return memfs.Outcome{Err: errInjected, After: m.random.IntN(2) == 0}
	}
	return memfs.Outcome{}
}

// die keeps what the medium holds at this moment.
func (m *machine) die() {
	if m.trouble.power {
		m.left = m.files.CrashClone(m.random)
	} else {
		m.left = m.files.Clone()
	}
}

// kill ends all processes at once, unless the machine has died before, and goes
// on with what the medium holds.
func (m *machine) kill() {
	if m.left == nil {
		m.die()
	}
	m.files.Inject(func(memfs.Op) memfs.Outcome { return memfs.Outcome{Err: errDead} })
	for len(m.processes) > 0 {
		m.retire(m.owner())
	}
	m.files, m.left, m.trouble = m.left, nil, trouble{}
	m.files.Inject(m.operation)
}

// ending says how the owner's job has ended: well (Finished or Stopped), not at
// all (Running), or by an error.
func (m *machine) ending() (status.Job, error) {
	p := m.owner()
	last := p.job.Status()
	err := p.world.Err()
	if err == nil || master.Ended(err) {
		return last, nil
	}
	return last, fmt.Errorf("the job failed: %w", err)
}

// superseded reports that an error which ended the owner says that it has lost the
// job, and that this may be: to a process that was started before it, and that has
// taken over behind it or may do so yet.
func (m *machine) superseded(err error) bool {
	m.trouble = trouble{power: m.trouble.power} // the log is to be read
	own := m.owner().job.Status().Generation
	return errors.Is(m.owner().job.Explain(err), master.ErrLost) &&
		slices.ContainsFunc(m.processes[:len(m.processes)-1], func(p *process) bool {
			generation := p.job.Status().Generation
			return generation > own || generation == 0
		})
}

// running reports whether some process has come to run the job.
func (m *machine) running() bool {
	return slices.ContainsFunc(m.processes, func(p *process) bool { return p.job.Status().Generation > 0 })
}

// trace identifies the course of everything that has run.
func (m *machine) trace() uint64 {
	trace := m.traces
	for _, p := range m.processes {
		trace = trace*31 + p.world.Trace()
	}
	return trace
}
