package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
)

// This file decides which requests come in.

// roleKey is where the context of a request has the role of who sent it.
type roleKey struct{}

// Authorized reports whether a request may be told what needs a token: it has one, or
// there is none.
func Authorized(r *http.Request) bool { return roleOf(r) > Nobody }

func roleOf(r *http.Request) Role {
	role, _ := r.Context().Value(roleKey{}).(Role)
	return role
}

// marked lets a handler know who has sent a request.
func (s *Server) marked(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		role := Viewer
		if !s.tokens.areNone() {
			role = s.tokens.role(bearerOf(r))
		}
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), roleKey{}, role)))
	})
}

// bearerOf returns the token of a request, "" without one.
func bearerOf(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// allowed keeps requests from a handler whose senders have a lesser role.
func (s *Server) allowed(least Role, h http.Handler) http.Handler {
	return s.marked(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch role := roleOf(r); {
		case role >= least:
			h.ServeHTTP(w, r)
		case role > Nobody:
			http.Error(w, fmt.Sprintf("this takes the role %v, and the token is one of a %v", least, role), http.StatusForbidden)
		default:
			w.Header().Set("WWW-Authenticate", `Bearer realm="weir"`)
			http.Error(w, noToken(r), http.StatusUnauthorized)
		}
	}))
}

// noToken says why a request has no role.
func noToken(r *http.Request) string {
	if bearerOf(r) == "" {
		return "this takes a token of --http-token-file: send the header Authorization: Bearer TOKEN"
	}
	return "the token is none of those in the server's --http-token-file, which it has read when it was started"
}

// guarded refuses what a page in a browser sends to a server of its user's machine. Such a
// page can have its own name lead to 127.0.0.1, and then reads the answers as its own; but its
// requests have that name. And it can send forms to any address.
func (s *Server) guarded(h http.Handler) http.Handler {
	var crossOrigin http.CrossOriginProtection
	crossOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "a page of another origin may not ask for this", http.StatusForbidden)
	}))
	h = crossOrigin.Handler(h)
	if !s.loopback || !s.tokens.areNone() {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := isLocal(r.Host); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// isLocal says what is wrong with a host that does not name loopback.
func isLocal(host string) error {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.Trim(name, "[]")
	if ip := net.ParseIP(name); ip.IsLoopback() || strings.EqualFold(name, "localhost") {
		return nil
	}
	if name == "" {
		return errors.New("a request has to name its host")
	}
	return fmt.Errorf("the host %q is no name of this machine: ask for localhost or 127.0.0.1, or give the server a token "+
		"(--http-token-file)", host)
}
