package actor

import (
	"sync"

	"github.com/weirstream/weir/runtime/fifo"
)

// Mailbox is the messages for one actor, in the order in which they were sent.
// Any goroutine may post one.
type Mailbox[M any] struct {
	wake func()

	mu    sync.Mutex
	queue fifo.Queue[M]
}

// Attach sets what wakes the actor when a message has come.
func (m *Mailbox[M]) Attach(wake func()) { m.wake = wake }

// Wake wakes the actor without a message.
func (m *Mailbox[M]) Wake() { m.wake() }

// Post adds a message.
func (m *Mailbox[M]) Post(message M) {
	m.mu.Lock()
	m.queue.Push(message)
	m.mu.Unlock()
	m.wake()
}

// Take removes the oldest message.
func (m *Mailbox[M]) Take() (message M, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.queue.Len() == 0 {
		return message, false
	}
	return m.queue.Pop(), true
}
