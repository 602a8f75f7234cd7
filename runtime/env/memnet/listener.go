package memnet

import (
	"net"
	"syscall"
	"time"
)

// Listen takes connections at a port of the host; 0 is one that is free.
func (h *Host) Listen(network, address string) (net.Listener, error) {
	fail := func(err error) (net.Listener, error) {
		return nil, &net.OpError{Op: "listen", Net: network, Addr: addr(address), Err: err}
	}
	name, port, err := h.resolve(network, address)
	switch {
	case err != nil:
		return fail(err)
	case name != h.name:
		return fail(syscall.EADDRNOTAVAIL)
	}
	n := h.net
	n.mu.Lock()
	defer n.mu.Unlock()
	at := addr(net.JoinHostPort(name, port))
	for port == "0" && (at == addr(net.JoinHostPort(name, port)) || n.listeners[at] != nil) {
		h.port++
		at = h.at(h.port)
	}
	if n.listeners[at] != nil {
		return fail(syscall.EADDRINUSE)
	}
	l := &listener{net: n, at: at}
	n.listeners[at] = l
	return l, nil
}

// listener takes the connections of an address.
type listener struct {
	net    *Net
	at     addr
	closed bool
	wait   []*conn // for Accept
}

// offer has a connection wait for Accept. REQUIRES: l.net.mu.
func (l *listener) offer(c *conn) {
	l.wait = append(l.wait, c)
	l.net.tell()
}

// Accept implements [net.Listener].
func (l *listener) Accept() (net.Conn, error) {
	l.net.mu.Lock()
	defer l.net.mu.Unlock()
	for !l.closed {
		if len(l.wait) > 0 {
			c := l.wait[0]
			l.wait = l.wait[1:]
			return c, nil
		}
		l.net.await(time.Time{}, nil)
	}
	return nil, &net.OpError{Op: "accept", Net: "tcp", Addr: l.at, Err: net.ErrClosed}
}

// Close implements [net.Listener]. Connections that nobody has accepted break.
func (l *listener) Close() error {
	l.net.mu.Lock()
	defer l.net.mu.Unlock()
	if l.closed {
		return &net.OpError{Op: "close", Net: "tcp", Addr: l.at, Err: net.ErrClosed}
	}
	l.closed = true
	delete(l.net.listeners, l.at)
	for _, c := range l.wait {
		c.out.snap()
	}
	l.net.tell()
	return nil
}

// Addr implements [net.Listener].
func (l *listener) Addr() net.Addr { return l.at }
