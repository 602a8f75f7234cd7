// Package shared lets all who run in a process share what is opened once: a log on disk, which
// locks its folder, or a client with its connections. The first who asks for a key has it opened,
// and whoever gives it back last closes it. Jobs of one process share like this, and so do the
// subtasks of one job.
//
//	lease, err := shared.Open(ctx, pool, "log /var/orders", func() (*Log, error) { … })
//	…
//	lease.Value.Append(…)
//	…
//	err = lease.Close()
package shared

import (
	"context"
	"fmt"
	"io"
	"sync"
)

// Pool has what is open, by key. The zero value is empty. Where there is no pool, nil, whoever
// asks gets one of his own.
type Pool struct {
	mu   sync.Mutex
	open map[string]*thing
}

// thing is what is open under a key, is being opened, or closed.
type thing struct {
	value any
	users int           // who have it; none while it is being opened or closed
	moved chan struct{} // closed when it is open, or is not any more
}

// Lease is a share in something. It has to be closed.
type Lease[T io.Closer] struct {
	Value T
	close func() error // once
}

// Close gives it back. The last who does so closes it, and gets the error of that. Another Close
// of the same lease does nothing.
func (l *Lease[T]) Close() error { return l.close() }

// Open returns what is open under a key; if nothing is, it has open open it. Keys begin with what they
// are for, so that no two kinds have one. It waits while another opens or closes what has that
// key, as long as ctx lets it; if opening it failed for the other, it tries itself.
func Open[T io.Closer](ctx context.Context, p *Pool, key string, open func() (T, error)) (*Lease[T], error) {
	if p == nil {
		value, err := open()
		if err != nil {
			return nil, err
		}
		return &Lease[T]{value, sync.OnceValue(value.Close)}, nil
	}
	t, mine, err := p.take(ctx, key)
	if err != nil {
		return nil, err
	}
	if mine {
		if err := p.fill(key, t, func() (any, error) { return open() }); err != nil {
			return nil, err
		}
	}
	give := sync.OnceValue(func() error { return p.give(key, t, func() error { return t.value.(io.Closer).Close() }) })
	value, ok := t.value.(T)
	if !ok {
		_ = give() // the error below is the one that counts
		return nil, fmt.Errorf("%s is open as %T, not as %T", key, t.value, value)
	}
	return &Lease[T]{value, give}, nil
}

// take takes a share in what is open, or makes room for it: then it is the caller's to open.
func (p *Pool) take(ctx context.Context, key string) (t *thing, mine bool, err error) {
	for {
		p.mu.Lock()
		t = p.open[key]
		if t == nil {
			t = &thing{moved: make(chan struct{})}
			if p.open == nil {
				p.open = map[string]*thing{}
			}
			p.open[key] = t
			p.mu.Unlock()
			return t, true, nil
		}
		moved := t.moved
		if t.users > 0 {
			t.users++
			p.mu.Unlock()
			return t, false, nil
		}
		p.mu.Unlock()
		select {
		case <-moved:
		case <-ctx.Done():
			return nil, false, ctx.Err()
		}
	}
}

// fill opens what there is room for. If that fails, or panics, there is none any more.
func (p *Pool) fill(key string, t *thing, open func() (any, error)) (err error) {
	opened := false
	defer func() {
		if !opened {
			p.drop(key, t)
		}
	}()
	value, err := open()
	if err != nil {
		return err
	}
	opened = true
	p.mu.Lock()
	defer p.mu.Unlock()
	t.value, t.users = value, 1
	close(t.moved)
	t.moved = make(chan struct{})
	return nil
}

// give gives a share back, and closes what nobody has any more. Until it is closed, nobody opens
// it anew.
func (p *Pool) give(key string, t *thing, closeIt func() error) error {
	p.mu.Lock()
	t.users--
	last := t.users == 0
	p.mu.Unlock()
	if !last {
		return nil
	}
	defer p.drop(key, t)
	return closeIt()
}

// drop makes room for another one.
func (p *Pool) drop(key string, t *thing) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, key)
	close(t.moved)
}
