// Package server is the one HTTP server of a process: what is asked over HTTP, be it
// metrics, health or an API, is mounted into it and shares its doors.
//
// [Open] decides who may come in, before anything else is begun. On loopback that is
// everybody on the machine, but no web page that a browser of this machine shows: requests
// have to name the machine by a name of loopback. Any other address takes a token and TLS.
// With tokens everything but [Server.HandleOpen] asks for one, and what it is for decides which.
//
//	s, err := server.Open(server.Options{Address: ":9249"})
//	…
//	s.Handle("GET /metrics", metrics)
//	s.Serve()
//	defer s.Close()
//
// Clients that are slow, or too many, keep nobody else from being served for long (limits.go).
package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options is where a server listens, and who may ask it.
type Options struct {
	// Address is HOST:PORT. Without a host it is 127.0.0.1; all addresses of the machine
	// are 0.0.0.0 or [::]. Port 0 is one that is free.
	Address string
	// TokenFile holds the tokens of which requests have to bring one along ([ReadTokens]); "" is none.
	TokenFile string
	// Certificate and Key are PEM files for TLS; "" is plain HTTP.
	Certificate, Key string
	// Warn, if set, is told of connections that fail. Any goroutine may call it.
	Warn func(error)
}

// Server listens and, once it serves, answers.
type Server struct {
	options  Options
	listener net.Listener
	tokens   tokens
	loopback bool
	mux      *http.ServeMux
	http     *http.Server
	served   sync.WaitGroup
}

// Open checks the options and listens. What is wrong is said before anything is begun.
func Open(o Options) (*Server, error) {
	address, err := resolve(o.Address)
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, mux: http.NewServeMux(), loopback: address.IP.IsLoopback()}
	if s.tokens, err = knownTokens(o.TokenFile); err != nil {
		return nil, err
	}
	secure, err := o.certificate()
	if err != nil {
		return nil, err
	}
	if !s.loopback && (s.tokens.areNone() || secure == nil) {
		return nil, o.refusal()
	}
	listener, err := net.ListenTCP("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w; another port may be free, such as the one that %s finds", o.Address, err, o.anyPort())
	}
	s.listener = limit(listener, mostConnections)
	if secure != nil {
		s.listener = tls.NewListener(s.listener, secure)
	}
	s.http = s.server()
	return s, nil
}

// resolve finds the address to listen on.
func resolve(text string) (*net.TCPAddr, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil || port == "" {
		return nil, fmt.Errorf("%q is no address; give HOST:PORT, or :PORT for this machine only, such as :9249", text)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	address, err := net.ResolveTCPAddr("tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, fmt.Errorf("%q is no address to listen on: %w", text, err)
	}
	if address.IP == nil { // all of them
		address.IP = net.IPv6unspecified
	}
	return address, nil
}

// anyPort returns the address with a port that is free.
func (o Options) anyPort() string {
	host, _, _ := net.SplitHostPort(o.Address)
	return net.JoinHostPort(host, "0")
}

// refusal says what an address that others reach lacks.
func (o Options) refusal() error {
	_, port, _ := net.SplitHostPort(o.Address)
	return fmt.Errorf("%s can be reached by other machines, and so takes a token and TLS: give --http-token-file FILE, --http-cert FILE "+
		"and --http-key FILE; or use 127.0.0.1:%s, which only this machine reaches", o.Address, port)
}

// certificate returns the configuration of TLS, nil for none.
func (o Options) certificate() (*tls.Config, error) {
	switch {
	case o.Certificate == "" && o.Key == "":
		return nil, nil
	case o.Certificate == "" || o.Key == "":
		return nil, errors.New("TLS takes two files: --http-cert, the certificate, and --http-key, its key")
	}
	pair, err := tls.LoadX509KeyPair(o.Certificate, o.Key)
	if err != nil {
		return nil, fmt.Errorf("--http-cert %s with --http-key %s: %w", o.Certificate, o.Key, err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}, nil
}

// Handle mounts a handler, under a pattern of [http.ServeMux]. With tokens, only requests
// that have one come to it. All handlers are mounted before [Server.Serve].
func (s *Server) Handle(pattern string, h http.Handler) {
	s.mux.Handle(pattern, s.allowed(Viewer, h))
}

// HandleFor mounts a handler for those with a role. A server without tokens, which everybody on
// the machine may ask, lets nobody.
func (s *Server) HandleFor(least Role, pattern string, h http.Handler) {
	if s.tokens.areNone() {
		h = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "this takes a token, and the server has none: start it with --http-token-file FILE", http.StatusForbidden)
		})
		least = Viewer
	}
	s.mux.Handle(pattern, s.allowed(least, h))
}

// HandleOpen mounts a handler that needs no token. It learns from [Authorized] whether the
// request has it, and tells others nothing that is worth one.
func (s *Server) HandleOpen(pattern string, h http.Handler) {
	s.mux.Handle(pattern, s.marked(h))
}

// URL is where the server is, with the port that it has found.
func (s *Server) URL() string {
	scheme := "http"
	if s.options.Certificate != "" {
		scheme = "https"
	}
	return scheme + "://" + s.listener.Addr().String()
}

// Serve begins to answer, and returns at once.
func (s *Server) Serve() {
	s.served.Go(func() {
		if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			s.warn(fmt.Errorf("HTTP on %s has ended: %w", s.listener.Addr(), err))
		}
	})
}

func (s *Server) warn(err error) {
	if s.options.Warn != nil {
		s.options.Warn(err)
	}
}

// OnClose has something done when the server begins to end, such as to end an answer that would go
// on for ever.
func (s *Server) OnClose(do func()) { s.http.RegisterOnShutdown(do) }

// graceful is how long answers that are under way have at the end.
const graceful = time.Second

// Close ends the server: answers that are under way are finished, if they take no longer than
// a second.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), graceful)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if err != nil { // somebody is slow
		err = s.http.Close()
	}
	_ = s.listener.Close() // where Serve was never called
	s.served.Wait()
	return err
}

// quiet drops what net/http says of connections that fail: anybody could fill a log with it.
func quiet() *log.Logger { return log.New(discard{}, "", 0) }

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
