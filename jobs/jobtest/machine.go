package jobtest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/sim"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/task"
)

// machine is a simulated computer: a file system that may lose power, and the
// processes on it, each of which runs the job. All of it follows from random.
type machine struct {
	random    *rand.Rand
	files     *memfs.FS
	processes []*process // the one that was started last is the owner
	traces    uint64     // of processes that are gone

	// failing is one in how many file operations fails; 0: none.
	failing int
	// fuse is after how many file operations the machine dies; 0: it does not.
	// What the medium then holds is in left.
	fuse  int
	power bool // the death is a power cut, not only that of the processes
	left  *memfs.FS
}

// process runs the job in a world of its own.
type process struct {
	world *sim.World
	job   *task.Job
}

var (
	errDead     = errors.New("the machine is dead")
	errInjected = errors.New("injected fault")
)

// start starts one more process, which takes over from those before it.
func (m *machine) start() error {
	p := &process{world: sim.NewWorld(m.random)}
	environment := env.Env{Clock: p.world, Random: m.random, Files: m.files}
	m.files.Inject(nil) // who cannot read the job file does not start at all
	job, err := jobs.Load(m.files, "job.yaml", nil)
	m.files.Inject(m.fault)
	if err != nil {
		return err
	}
	store, err := objstore.OpenDir(m.files, "state")
	if err != nil {
		return err
	}
	o := settings(m.random)
	o.Env, o.Store, o.CheckpointInterval = environment, store, job.CheckpointInterval
	if p.job, err = task.On(p.world, job.Graph, o); err != nil {
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
// steps are made. A process that has lost its job may go on beside the owner.
func (m *machine) run(limit int) {
	for range limit {
		p := m.processes[m.random.IntN(len(m.processes))]
		if !p.world.Step() && p == m.owner() || m.left != nil {
			return
		}
	}
}

// kill ends all processes at once, with or without a power cut.
func (m *machine) kill(power bool) {
	left := m.left
	switch {
	case left != nil:
	case power:
		left = m.files.CrashClone(m.random)
	default:
		left = m.files.Clone()
	}
	m.files.Inject(func(memfs.Op) memfs.Outcome { return memfs.Outcome{Err: errDead} })
	for len(m.processes) > 0 {
		m.retire(m.owner())
	}
	m.files, m.left = left, nil
	m.fuse, m.failing = 0, 0
	m.files.Inject(m.fault)
}

// fault decides what becomes of a file operation.
func (m *machine) fault(op memfs.Op) memfs.Outcome {
	if m.left != nil {
		return memfs.Outcome{Err: errDead}
	}
	if m.fuse > 0 && op.Changes() {
		if m.fuse--; m.fuse == 0 {
			m.die()
			return memfs.Outcome{Err: errDead}
		}
	}
	if m.failing > 0 && m.random.IntN(m.failing) == 0 {
		return memfs.Outcome{Err: errInjected, After: m.random.IntN(2) == 0}
	}
	return memfs.Outcome{}
}

// die keeps what the medium holds at this moment.
func (m *machine) die() {
	m.left = m.files.Clone()
	if m.power {
		m.left = m.files.CrashClone(m.random)
	}
}

// ending says how the owner's job has ended: well (Finished or Stopped), not at
// all (Running), or by an error.
func (m *machine) ending() (status.Job, error) {
	p := m.owner()
	last := p.job.Status()
	err := p.world.Err()
	if err == nil || task.Ended(err) {
		return last, nil
	}
	return last, fmt.Errorf("the job failed: %w", err)
}

// trace identifies the course of everything that has run.
func (m *machine) trace() uint64 {
	trace := m.traces
	for _, p := range m.processes {
		trace = trace*31 + p.world.Trace()
	}
	return trace
}
