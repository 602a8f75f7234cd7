package master

import (
	"context"
	"fmt"
	"time"

	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/task"
)

// This file has a job wait while the disk of its checkpoints is nearly full: sources read
// nothing, so that state does not grow, and no checkpoint begins. What is under way goes on as
// far as it can. When there is room again the job goes on where it was.

// askForRoomEvery is how often a job that waits for room asks whether there is some.
const askForRoomEvery = time.Second

// shortage is what a job that waits for room waits for.
type shortage struct {
	bytes int64     // the most that there was no room for
	next  time.Time // to ask; zero while somebody does
}

// room returns what chains ask for room, nil where nobody is to ask. Any goroutine may call it.
func (m *master) room() func(bytes int64) error {
	if m.options.Room == nil {
		return nil
	}
	return func(bytes int64) error {
		err := m.options.Room(bytes)
		if err != nil {
			m.mail.Post(crowded{bytes, err})
		}
		return err
	}
}

// runShort begins to wait for room.
func (m *master) runShort(c crowded) error {
	if m.coordinator == nil {
		return nil // it will be noticed again
	}
	if m.shortage != nil {
		m.shortage.bytes = max(m.shortage.bytes, c.bytes)
		return nil
	}
	m.shortage = &shortage{bytes: c.bytes, next: m.host.Now().Add(askForRoomEvery)}
	m.waitFor(c.err)
	m.warn(fmt.Errorf("the job waits for room: %w", c.err))
	return m.hold(true)
}

// askForRoom asks in the background whether there is room again.
func (m *master) askForRoom() {
	bytes := m.shortage.bytes
	m.shortage.next = time.Time{}
	m.host.Background("ask for room", func(context.Context) func() {
		err := m.options.Room(bytes)
		return func() { m.mail.Post(askedForRoom{err}) }
	})
}

// roomAnswered goes on if there is room again.
func (m *master) roomAnswered(a askedForRoom) error {
	m.waitFor(a.err)
	if a.err != nil {
		m.shortage.next = m.host.Now().Add(askForRoomEvery)
		return nil
	}
	m.shortage = nil
	return m.hold(false)
}

// hold has sources and checkpoints wait, or go on.
func (m *master) hold(on bool) error {
	for _, s := range m.sources {
		for _, c := range s.chains {
			c.Post(task.Hold{On: on})
		}
	}
	return m.tell(checkpoint.Crowded{Full: on})
}

// waitFor says in the status what the job waits for; nil is nothing.
func (m *master) waitFor(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.mu.status.Waits = ""; err != nil {
		m.mu.status.Waits = err.Error()
	}
}
