package task

import "context"

// interruption is the context that the fetches of a reader have, for as long as none of
// them is interrupted. It ends with that of the host, too.
type interruption struct {
	of *fetchContext
}

// fetchContext is the context of a fetch. Those who fetch use it one after the other.
type fetchContext struct {
	context.Context
	cancel  context.CancelFunc
	release func() bool // nil until it follows the host's
}

// begin returns the context of the next fetch.
func (i *interruption) begin() *fetchContext {
	if i.of == nil || i.of.Err() != nil {
		i.end()
		ctx, cancel := context.WithCancel(context.Background())
		i.of = &fetchContext{Context: ctx, cancel: cancel}
	}
	return i.of
}

// follow has the context end when the host's does.
func (c *fetchContext) follow(host context.Context) {
	if c.release == nil {
		c.release = context.AfterFunc(host, c.cancel)
	}
}

// end gives up the context. No fetch is under way.
func (i *interruption) end() {
	if i.of != nil {
		i.of.cancel()
		if i.of.release != nil {
			i.of.release()
		}
	}
}

// interruptFetch has the fetch under way return soon.
func (s *source) interruptFetch() {
	if s.fetching {
		s.interrupt.of.cancel()
	}
}
