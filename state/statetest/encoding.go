package statetest

import (
	"bytes"
	"errors"
	"iter"

	"github.com/weirstream/weir/state"
)

// encoding is a Frozen that is written a piece at a time while the owner goes on: as
// another goroutine would, but in an order that follows from the seed.
type encoding struct {
	*state.Frozen
	object bytes.Buffer
	err    error
	next   func() (struct{}, bool) // writes the next piece, and reports whether there was one
	stop   func()
}

func newEncoding(f *state.Frozen) *encoding {
	e := &encoding{Frozen: f}
	e.next, e.stop = iter.Pull(func(yield func(struct{}) bool) {
		e.err = f.Encode(pieces{e, yield})
	})
	return e
}

// pieces takes what is encoded, and lets the owner go on behind every piece.
type pieces struct {
	to    *encoding
	yield func(struct{}) bool
}

var errAbandoned = errors.New("the checkpoint was abandoned while it was written")

// Write implements [io.Writer].
func (p pieces) Write(piece []byte) (int, error) {
	if !p.yield(struct{}{}) {
		return 0, errAbandoned
	}
	return p.to.object.Write(piece)
}

// writeSome writes pieces of the checkpoints that are open.
func (d *driver) writeSome() {
	for _, c := range d.open {
		for _, e := range c.frozen {
			for n := d.random.IntN(2) << d.random.IntN(5); n > 0; n-- {
				e.next()
			}
		}
	}
}

// encode writes what is left and returns the object.
func (d *driver) encode(e *encoding) state.Object {
	for more := true; more; {
		_, more = e.next()
	}
	if e.err != nil {
		d.fatalf("encode: %v", e.err)
	}
	return state.ObjectOf(e.object.Bytes())
}

// abandon gives up an open checkpoint, wherever it stands.
func (d *driver) abandon(i int) {
	for _, e := range d.open[i].frozen {
		if d.random.IntN(2) == 0 {
			d.encode(e) // was written, but the checkpoint did not complete
		}
		e.stop()
		e.Release()
	}
	d.open = append(d.open[:i:i], d.open[i+1:]...)
}
