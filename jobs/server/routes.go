package server

import (
	"io"
	"net/http"
	"net/http/pprof"
)

// MountProcess mounts what is there whatever runs in the process: /healthz, which answers as
// long as the process does, and the profiles of Go below /debug/pprof/.
func (s *Server) MountProcess() {
	s.HandleOpen("GET /healthz", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "ok\n") // the client's matter
	}))
	s.Handle("GET /debug/pprof/", http.HandlerFunc(pprof.Index))
	s.Handle("GET /debug/pprof/profile", http.HandlerFunc(pprof.Profile))
	s.Handle("GET /debug/pprof/trace", http.HandlerFunc(pprof.Trace))
	s.Handle("GET /debug/pprof/cmdline", http.HandlerFunc(pprof.Cmdline))
	s.Handle("GET /debug/pprof/symbol", http.HandlerFunc(pprof.Symbol))
}
