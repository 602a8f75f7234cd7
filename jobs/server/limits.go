package server

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// What one client can take of the server. Those that read and write slowly lose their
// connection, and there are no more connections than these, so that a process with a job in it
// runs out of neither memory nor files.
const (
	mostConnections = 256
	mostHeaders     = 16 << 10
	mostBody        = 1 << 20
	headerTime      = 5 * time.Second  // to send the headers
	requestTime     = 10 * time.Second // to send all of the request
	answerTime      = 30 * time.Second // from then to the end of the answer
	restTime        = 60 * time.Second // between two requests of a connection
)

// server returns the server of net/http with its limits.
func (s *Server) server() *http.Server {
	return &http.Server{
		Handler:           s.guarded(http.MaxBytesHandler(s.mux, mostBody)),
		ReadHeaderTimeout: headerTime, ReadTimeout: requestTime, WriteTimeout: answerTime, IdleTimeout: restTime,
		MaxHeaderBytes: mostHeaders, ErrorLog: quiet(),
	}
}

// limited is a listener with a bound on open connections: beyond it, new ones wait to be
// accepted.
type limited struct {
	net.Listener
	free  chan struct{}
	ended chan struct{}
	end   sync.Once
}

func limit(l net.Listener, connections int) net.Listener {
	return &limited{Listener: l, free: make(chan struct{}, connections), ended: make(chan struct{})}
}

// Accept implements [net.Listener].
func (l *limited) Accept() (net.Conn, error) {
	select {
	case l.free <- struct{}{}:
	case <-l.ended:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.free
		return nil, err
	}
	return &counted{Conn: c, done: sync.OnceFunc(func() { <-l.free })}, nil
}

// Close implements [net.Listener].
func (l *limited) Close() error {
	l.end.Do(func() { close(l.ended) })
	return l.Listener.Close()
}

// counted is a connection that makes room for another when it is closed.
type counted struct {
	net.Conn
	done func()
}

// Close implements [net.Conn].
func (c *counted) Close() error {
	defer c.done()
	return c.Conn.Close()
}
