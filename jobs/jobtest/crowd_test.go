package jobtest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/trial"
)

// TestManyStartAtOnce starts processes on one state folder, each in the middle of
// what the others do. One of them comes to the end of the job, whichever it is,
// with the right answer; the others say that they have lost it.
func TestManyStartAtOnce(t *testing.T) {
	lost := 0
	whole := trial.Run(t, 150, func(c *trial.Case) {
		w, err := newCrowd(c)
		if err == nil {
			c.Describe(w.String)
			err = w.run()
		}
		if err != nil {
			c.Fatalf("%v\n%v", err, w)
		}
		lost += w.lost
	})
	if whole && lost < 150 {
		t.Errorf("too tame: only %d processes have lost their job", lost)
	}
}

// crowd is a machine on which some processes are still to come.
type crowd struct {
	*machine
	scenario *Scenario
	toCome   int
	err      error
	lost     int
}

func newCrowd(c *trial.Case) (*crowd, error) {
	s := NewScenario(c.Random, 40)
	m, err := newMachine(c.Random, s)
	w := &crowd{machine: m, scenario: s, toCome: 2 + c.Random.IntN(5)}
	if err == nil {
		m.files.Inject(w.operation)
	}
	return w, err
}

func (w *crowd) String() string {
	text := fmt.Sprintf("%d processes have lost the job, %d are to come", w.lost, w.toCome)
	for i, p := range w.processes {
		text += fmt.Sprintf("\nprocess %d, over: %v, after %d steps: %v %+v", i, p.over, p.world.Steps(), p.world.Err(), p.job.Status())
	}
	return text + "\n" + w.scenario.Job
}

// operation lets the next process come, now and then, before an operation on a
// file of another.
func (w *crowd) operation(op memfs.Op) memfs.Outcome {
	if w.toCome > 0 && w.random.IntN(8) == 0 {
		w.arrive()
	}
	return w.machine.operation(op)
}

func (w *crowd) arrive() {
	w.toCome--
	w.err = errors.Join(w.err, w.start())
}

// run lets everybody come, and go on until nothing happens any more.
func (w *crowd) run() error {
	w.arrive()
	for range 10 * stepLimit {
		if w.toCome > 0 && w.random.IntN(100) == 0 {
			w.arrive()
		}
		if len(w.processes) > 0 {
			w.step()
		}
		if w.err != nil || w.toCome == 0 && w.allOver() {
			break
		}
	}
	if w.err != nil {
		return fmt.Errorf("a start failed: %w", w.err)
	}
	if !w.allOver() {
		return errors.New("there is no end to it")
	}
	return w.check()
}

func (w *crowd) allOver() bool {
	for _, p := range w.processes {
		if !p.over {
			return false
		}
	}
	return true
}

// check looks at how each process has ended. Who comes late finds the job done.
func (w *crowd) check() error {
	finished := 0
	for i, p := range w.processes {
		last, err := p.job.Status(), p.world.Err()
		switch {
		case master.Ended(err) && last.State == status.Finished && last.Generation > 0:
			finished++
		case master.Ended(err) && last.State == status.Finished:
		case errors.Is(p.job.Explain(err), master.ErrLost):
			w.lost++
		default:
			return fmt.Errorf("process %d is %s: %w", i, last.State, p.job.Explain(err))
		}
	}
	if finished != 1 {
		return fmt.Errorf("%d processes have finished the job", finished)
	}
	return w.scenario.Check(w.files)
}
