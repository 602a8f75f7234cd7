package checkpoint

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/trial"
)

// TestFatalErrorsEndTheJob has some work fail for good: the job ends at once, with
// that error, whatever else is under way. Another error does not end it.
func TestFatalErrorsEndTheJob(t *testing.T) {
	kinds := map[string]bool{}
	whole := trial.Run(t, 200, func(c *trial.Case) {
		o := takeOver(c.T, objstore.NewMemory(), c.Seed)
		shows(o, &display{})
		d := newDrive(c.Random, o)
		c.Describe(d.c.Describe)
		for range 1 + c.Random.IntN(30) {
			d.next()
		}
		for i := 0; i < 10 && len(d.works) == 0; i++ {
			d.next()
		}
		for _, fatal := range []bool{false, true} {
			err := errors.New("planted")
			if fatal {
				err = failure.Fatal(err)
			}
			if len(d.works) == 0 { // the work is to be done again, or was given up
				at, _ := d.c.Wake()
				d.step(Tick{at})
			}
			if len(d.works) == 0 {
				return
			}
			w := d.take()
			kind, _, _ := strings.Cut(w.Name, " ")
			kinds[kind] = true
			d.step(workDone{w, err})
			if ended := d.ended != nil; ended != fatal || ended && (d.ended.Outcome != OutcomeFailed || !errors.Is(d.ended.Err, err)) {
				c.Fatalf("a failure that is fatal: %v, ends the job: %+v", fatal, d.ended)
			}
		}
	})
	if whole && !(kinds["slot"] && kinds["commit"] && kinds["marker"]) {
		t.Errorf("too tame: what has failed is %v", kinds)
	}
}

// TestFatalDeclineEndsTheJob has a subtask that can take part in no checkpoint any
// more: the job says so at once, not after as many attempts as there may be.
func TestFatalDeclineEndsTheJob(t *testing.T) {
	for _, fatal := range []bool{false, true} {
		d := newDrive(rand.New(rand.NewPCG(1, 1)), takeOver(t, objstore.NewMemory(), 1))
		for d.c.phase != aligning {
			d.next()
		}
		err := errors.New("planted")
		if fatal {
			err = failure.Fatal(err)
		}
		d.step(Decline{d.c.id, "map", 0, err})
		if ended := d.ended != nil; ended != fatal || ended && (d.ended.Outcome != OutcomeFailed || !errors.Is(d.ended.Err, err)) {
			t.Errorf("a decline that is fatal: %v, ends the job: %+v", fatal, d.ended)
		}
	}
}
