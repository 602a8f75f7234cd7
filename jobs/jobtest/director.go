package jobtest

import (
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/sim"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// stage is the clock of a process, and what its director has let happen.
type stage struct {
	*sim.World
	begun   int  // phases whose rows may be read
	silent  bool // readers sleep until their splits are idle
	readers []*playReader
}

// haveSlept reports that all splits are idle that can be.
func (s *stage) haveSlept() bool {
	return !slices.ContainsFunc(s.readers, func(r *playReader) bool { return !r.hasSlept() })
}

// director begins the phases of a play in one process, each when the one before
// has been processed, and checks that all comes out that is finished, and nothing
// before its time.
type director struct {
	*play
	*stage
	machine *machine
	steps   int

	// Since the phase has been processed:
	checkpoint stream.CheckpointID // the last one decided
	decided    int                 // how many were
	waited     int                 // looks since all of the job knows of it
}

// lookEvery is after how many steps of its process a director looks how far it is.
const lookEvery = 10

// look is called after each step of the process.
func (d *director) look(job *master.Job) error {
	if d.steps++; d.steps%lookEvery != 0 {
		return nil
	}
	last := job.Status()
	if last.State != status.Running {
		return nil
	}
	p := d.progress(last)
	if err := d.premature(p.due); err != nil {
		return err
	}
	return d.direct(job, p)
}

// progress is how far a process is.
type progress struct {
	processed
	due        // what is out
	checkpoint stream.CheckpointID
}

func (d *director) progress(last status.Job) (p progress) {
	p.checkpoint = last.Checkpoint
	for _, s := range last.Steps {
		switch {
		case s.ID == "windows":
			p.counted, p.windows = s.Counters.In, s.Counters.Out
		case s.ID == "coarse":
			p.again = s.Counters.Out
		case d.isSource(s.ID):
			p.read += s.Counters.In
		}
	}
	return p
}

// premature finds results that are out before their time.
func (d *director) premature(out due) error {
	begun := d.machine.begun
	if !d.orderly || begun == 0 || begun > len(d.phases) {
		return nil
	}
	if most := d.phases[begun-1].most; !most.covers(out) {
		return fmt.Errorf("in phase %d results are out before their time: %+v; at most %+v are due", begun, out, most)
	}
	return nil
}

// direct decides whether the next phase begins.
func (d *director) direct(job *master.Job, at progress) error {
	if d.begun > len(d.phases) {
		return nil
	}
	if d.begun == 0 {
		d.next(job)
		return nil
	}
	p := d.phases[d.begun-1]
	switch {
	case at.read < p.read || at.counted < p.counted:
		if !d.orderly && d.begun < len(d.phases) && d.machine.random.IntN(20) == 0 {
			d.next(job)
		}
	case at.read > p.read: // it went on in an earlier life
		d.next(job)
	default:
		return d.await(job, p, at)
	}
	return nil
}

// grace is how many looks what is due may take to come out.
const grace = 2000

// await waits until all of the job knows what has been read, and in a silence of
// what is idle. By then what is due is out.
func (d *director) await(job *master.Job, p phase, at progress) error {
	d.silent = p.silent
	switch {
	case p.silent && !d.haveSlept():
		return nil
	case !d.orderly && d.machine.random.IntN(20) > 0, d.orderly && p.awaited && !d.isEverywhere(at.checkpoint):
		return nil
	case !d.orderly || !p.awaited || at.due.covers(p.least):
		d.next(job)
	case d.waited > grace:
		return fmt.Errorf("behind phase %d only %+v results are out, and %+v are due", d.begun, at.due, p.least)
	}
	d.waited++
	return nil
}

// isEverywhere reports that a checkpoint has been decided which was begun after
// the first call in this phase: what had been sent by then has arrived.
func (d *director) isEverywhere(checkpoint stream.CheckpointID) bool {
	if d.decided == 0 || checkpoint != d.checkpoint {
		d.checkpoint = checkpoint
		d.decided++
	}
	return d.decided > 2 // one was before, one was under way
}

// next begins a phase; behind the last one the splits end, or the job is drained.
func (d *director) next(job *master.Job) {
	if d.silent {
		d.machine.silences++
	}
	d.begun++
	d.machine.begun = max(d.machine.begun, d.begun)
	d.silent, d.decided, d.waited = false, 0, 0
	if d.begun > len(d.phases) && d.drained {
		job.Drain()
	}
}
