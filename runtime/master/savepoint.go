package master

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// This file has a running job take savepoints. Each has a checkpoint of its own; while that is
// copied the job goes on, and takes others.

// errOver is what becomes of a savepoint that the end of the job was faster than.
var errOver = failure.Fatal(errors.New("the job has ended before the savepoint was written"))

// wish is a savepoint that somebody waits for.
type wish struct {
	to     objstore.Store
	behind stream.CheckpointID // only checkpoints behind this one were begun when it was asked for
	saving bool
	once   sync.Once
	tell   func(stream.CheckpointID, error)
}

// grant tells of the outcome, of which the first counts.
func (w *wish) grant(id stream.CheckpointID, err error) { w.once.Do(func() { w.tell(id, err) }) }

// Savepoint has the job take a checkpoint, and writes it as a savepoint into a store, which is
// empty. tell is told, once and by any goroutine, which
// checkpoint that is, or why there is no savepoint. The job goes on.
func (j *Job) Savepoint(to objstore.Store, tell func(stream.CheckpointID, error)) {
	m := j.master
	w := &wish{to: to, tell: tell}
	m.mu.Lock()
	over := m.mu.over
	if !over {
		m.mail.Post(wished{w})
	}
	m.mu.Unlock()
	if over {
		w.grant(0, errOver)
	}
}

// wish asks for a checkpoint, as soon as there is somebody to ask.
func (m *master) wish(w *wish) error {
	w.behind = m.taking.id
	m.wishes = append(m.wishes, w)
	if m.coordinator == nil {
		return nil
	}
	return m.tell(checkpoint.CheckpointRequested{})
}

// save writes a checkpoint that was asked for as a savepoint, for those who waited for it.
func (m *master) save(id stream.CheckpointID) {
	for _, w := range m.wishes {
		if w.saving || id <= w.behind {
			continue
		}
		w.saving = true
		taken, release := m.owner.Newest()
		m.host.Background("savepoint", func(ctx context.Context) func() {
			err := taken.Save(ctx, w.to)
			if err != nil && ctx.Err() != nil {
				err = errOver
			}
			release()
			w.grant(id, err)
			return func() { m.mail.Post(granted{w}) }
		})
	}
}

// forget drops a wish of which the outcome is known.
func (m *master) forget(w *wish) {
	m.wishes = slices.DeleteFunc(m.wishes, func(other *wish) bool { return other == w })
}

// denyWishes tells those who still wait that the job has ended. Nobody steps it any more.
func (m *master) denyWishes() {
	for _, w := range m.wishes {
		w.grant(0, errOver)
	}
}
