package master

import (
	"context"
	"fmt"
	"sync/atomic"
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

// due returns when to ask; zero is never.
func (s *shortage) due() time.Time {
	if s == nil {
		return time.Time{}
	}
	return s.next
}

// Room knows whether the disk of a job's checkpoints and rows of state has room. Whoever is to
// write asks it, and where there is none the job is told.
type Room struct {
	ask func(bytes int64) error
	job atomic.Pointer[master]
}

// NewRoom returns the room of one run of a job. ask says why there is no room for so many
// bytes more; any goroutine may call it.
func NewRoom(ask func(bytes int64) error) *Room { return &Room{ask: ask} }

// Lacks says why there is no room for so many bytes more, nil if there is. Any goroutine may
// call it.
func (r *Room) Lacks(bytes int64) error {
	if r == nil {
		return nil
	}
	err := r.ask(bytes)
	if job := r.job.Load(); err != nil && job != nil {
		job.mail.Post(crowded{bytes, err})
	}
	return err
}

// runShort begins to wait for room.
func (m *master) runShort(c crowded) error {
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
		err := m.options.Room.ask(bytes)
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

// hold has sources and checkpoints wait, or go on. A job that has not begun to run does so
// when it does.
func (m *master) hold(on bool) error {
	if m.coordinator == nil {
		return nil
	}
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
