package memnet

import (
	"slices"
	"syscall"
	"time"
)

// window is how many bytes are on their way at most before a writer waits.
const window = 64 << 10

// pipe is one direction of a connection. All of it is guarded by the lock of the network.
type pipe struct {
	net  *Net
	path [2]string // from and to
	fate fate
	back *pipe // the other direction

	pieces []piece // on their way, in order
	held   int     // bytes of them
	sent   int
	dead   bool // the connection has broken
	closed bool // by the reader
}

// piece is bytes that arrive together, or the end of all.
type piece struct {
	data []byte
	end  error
	due  time.Time
}

func (p *pipe) cut() bool { return p.net.cut[p.path] }

// put sends some bytes on their way, and returns how many. What follows the byte with which the
// connection breaks is lost, but the writer has no news of that yet.
func (p *pipe) put(b []byte) int {
	n, delay := p.fate.piece(len(b))
	arrives := n
	breaks := p.fate.breaks >= 0 && p.sent+n > p.fate.breaks
	if breaks {
		arrives = p.fate.breaks - p.sent
	}
	if p.sent += n; arrives > 0 {
		p.send(piece{data: slices.Clone(b[:arrives])}, delay)
	}
	if breaks {
		p.snap()
		return len(b)
	}
	return n
}

// send puts a piece behind those that are on their way.
func (p *pipe) send(s piece, delay time.Duration) {
	s.due = time.Now().Add(delay)
	if n := len(p.pieces); n > 0 && p.pieces[n-1].due.After(s.due) {
		s.due = p.pieces[n-1].due
	}
	p.pieces = append(p.pieces, s)
	p.held += len(s.data)
	p.net.tell()
}

// snap breaks the connection. What is on its way in either direction arrives.
func (p *pipe) snap() {
	for _, p := range []*pipe{p, p.back} {
		if !p.dead {
			p.dead = true
			p.send(piece{end: syscall.ECONNRESET}, 0)
		}
	}
}

// take reads what has arrived. Where that is nothing, it returns when something will have, if that
// is known.
func (p *pipe) take(b []byte) (n int, due time.Time, err error) {
	if p.cut() || len(p.pieces) == 0 {
		return 0, time.Time{}, nil
	}
	first := &p.pieces[0]
	switch {
	case first.due.After(time.Now()):
		return 0, first.due, nil
	case first.end != nil:
		return 0, time.Time{}, first.end
	}
	n = copy(b, first.data)
	first.data = first.data[n:]
	if len(first.data) == 0 {
		p.pieces = p.pieces[1:]
	}
	p.held -= n
	p.net.tell()
	return n, time.Time{}, nil
}
