package checkpoint

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/stream"
)

// ctx is that of calls that nobody cancels.
var ctx = context.Background()

// drive drives a coordinator of the job that takeOver takes over: works are done
// in any order, subtasks acknowledge at once.
type drive struct {
	random *rand.Rand
	c      *Coordinator
	works  []Work
	ended  *Ended
}

func newDrive(random *rand.Rand, o *Owner) *drive {
	d := &drive{random: random, c: NewCoordinator(o, Timing{Interval: time.Second})}
	d.step(Started{})
	return d
}

func (d *drive) step(e Event) {
	for _, effect := range d.c.Step(e) {
		switch effect := effect.(type) {
		case Work:
			d.works = append(d.works, effect)
		case Ended:
			d.ended = &effect
		}
	}
}

// next lets one thing happen.
func (d *drive) next() {
	switch at, ok := d.c.Wake(); {
	case len(d.works) > 0:
		d.step(d.take().Do(ctx))
	case d.c.phase == aligning:
		d.step(Ack{d.c.id, "map", 0, Entry{}})
		d.step(Ack{d.c.id, "out", 0, Entry{Pending: []stream.Pending{[]byte("rows")}}})
	case ok:
		d.step(Tick{at})
	}
}

// until lets things happen until a checkpoint has been decided and tidied up after,
// or the job has ended.
func (d *drive) until(t *testing.T, id stream.CheckpointID) {
	t.Helper()
	for range 10_000 {
		if d.ended != nil || d.c.decided >= id && d.c.phase == idle {
			return
		}
		d.next()
	}
	t.Fatalf("checkpoint %d never came: %s", id, d.c.Describe())
}

func (d *drive) take() Work {
	i := d.random.IntN(len(d.works))
	w := d.works[i]
	d.works = slices.Delete(d.works, i, i+1)
	return w
}

// display is a sink that remembers which checkpoints it has shown.
type display struct {
	shown []stream.CheckpointID
}

func (d *display) Commit(_ context.Context, id stream.CheckpointID, _ []stream.Pending) error {
	d.shown = append(d.shown, id)
	return nil
}

func (d *display) Abort(context.Context) error { return nil }

// shows makes a display the only sink of an owner.
func shows(o *Owner, d *display) { o.lanes = []*lane{newLane(Sink{"out", d}, o.whole)} }
