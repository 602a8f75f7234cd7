package memnet

import (
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// conn is one end of a connection.
type conn struct {
	net             *Net
	in, out         *pipe
	local, remote   addr
	closed, writing bool
	readBy, writeBy time.Time // deadlines
}

// connect returns both ends of a new connection. REQUIRES: n.mu.
func (n *Net) connect(from, to string, there, back fate) (near, far *conn) {
	out := &pipe{net: n, path: [2]string{from, to}, fate: there}
	in := &pipe{net: n, path: [2]string{to, from}, fate: back, back: out}
	out.back = in
	return &conn{net: n, in: in, out: out}, &conn{net: n, in: out, out: in}
}

// Read implements [net.Conn]. It reads of one piece only.
func (c *conn) Read(b []byte) (int, error) {
	c.net.mu.Lock()
	defer c.net.mu.Unlock()
	for {
		if err := c.over(c.readBy); err != nil {
			return 0, c.fail("read", err)
		}
		if len(b) == 0 {
			return 0, nil
		}
		n, due, err := c.in.take(b)
		switch {
		case err == io.EOF:
			return 0, err
		case err != nil:
			return 0, c.fail("read", err)
		case n > 0:
			return n, nil
		}
		c.net.await(earlier(due, c.readBy), nil)
	}
}

// Write implements [net.Conn].
func (c *conn) Write(b []byte) (n int, err error) {
	c.net.mu.Lock()
	defer c.net.mu.Unlock()
	for c.writing && !c.closed {
		c.net.await(time.Time{}, nil)
	}
	c.writing = true
	defer func() {
		c.writing = false
		c.net.tell()
	}()
	for {
		err := c.over(c.writeBy)
		switch {
		case err != nil:
		case c.out.dead:
			err = syscall.ECONNRESET
		case c.out.closed && !c.out.cut():
			err = syscall.EPIPE
		}
		if err != nil {
			return n, c.fail("write", err)
		}
		if len(b) == 0 {
			return n, nil
		}
		room := min(window-c.out.held, len(b))
		if room <= 0 {
			c.net.await(c.writeBy, nil)
			continue
		}
		sent := c.out.put(b[:room])
		n, b = n+sent, b[sent:]
	}
}

// Close implements [net.Conn]. What was written still arrives.
func (c *conn) Close() error {
	c.net.mu.Lock()
	defer c.net.mu.Unlock()
	if c.closed {
		return c.fail("close", net.ErrClosed)
	}
	c.closed, c.in.closed = true, true
	if !c.out.dead {
		c.out.send(piece{end: io.EOF}, c.net.faults.wait(c.out.fate.random))
	}
	c.net.tell()
	return nil
}

// over says why nothing is read or written any more.
func (c *conn) over(deadline time.Time) error {
	switch {
	case c.closed:
		return net.ErrClosed
	case !deadline.IsZero() && !time.Now().Before(deadline):
		return os.ErrDeadlineExceeded
	}
	return nil
}

func (c *conn) fail(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Source: c.local, Addr: c.remote, Err: err}
}

// earlier returns the earlier of two moments, of which zero is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// LocalAddr implements [net.Conn].
func (c *conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr implements [net.Conn].
func (c *conn) RemoteAddr() net.Addr { return c.remote }

// SetDeadline implements [net.Conn].
func (c *conn) SetDeadline(t time.Time) error { return c.setDeadlines(t, &c.readBy, &c.writeBy) }

// SetReadDeadline implements [net.Conn].
func (c *conn) SetReadDeadline(t time.Time) error { return c.setDeadlines(t, &c.readBy) }

// SetWriteDeadline implements [net.Conn].
func (c *conn) SetWriteDeadline(t time.Time) error { return c.setDeadlines(t, &c.writeBy) }

func (c *conn) setDeadlines(t time.Time, deadlines ...*time.Time) error {
	c.net.mu.Lock()
	defer c.net.mu.Unlock()
	if c.closed {
		return c.fail("set", net.ErrClosed)
	}
	for _, d := range deadlines {
		*d = t
	}
	c.net.tell()
	return nil
}
