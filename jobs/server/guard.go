package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
)

// This file decides which requests come in.

// token is what requests have to bring along, by its hash: comparing hashes takes the same
// time whatever is guessed.
type token struct {
	hash  [sha256.Size]byte
	isSet bool
}

func (t token) isNone() bool { return !t.isSet }

// shortestToken is how many characters a token has that nobody guesses.
const shortestToken = 16

// readToken reads a token from a file; no file is none.
func readToken(file string) (token, error) {
	if file == "" {
		return token{}, nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return token{}, fmt.Errorf("--http-token-file: %w", err)
	}
	text := strings.TrimSpace(string(content))
	if len(text) < shortestToken || strings.ContainsAny(text, " \t\r\n") {
		return token{}, fmt.Errorf("--http-token-file %s: a token is one word of at least %d characters, such as `openssl rand -hex 32` makes",
			file, shortestToken)
	}
	return token{sha256.Sum256([]byte(text)), true}, nil
}

// isIn reports whether a request has the token.
func (t token) isIn(r *http.Request) bool {
	scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	hash := sha256.Sum256([]byte(strings.TrimSpace(given)))
	return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(hash[:], t.hash[:]) == 1
}

// authorizedKey marks the context of a request that may know everything.
type authorizedKey struct{}

// Authorized reports whether a request may be told what needs a token: it has the token, or
// there is none.
func Authorized(r *http.Request) bool {
	is, _ := r.Context().Value(authorizedKey{}).(bool)
	return is
}

// marked lets a handler know whether the request is authorized.
func (s *Server) marked(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		is := s.token.isNone() || s.token.isIn(r)
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), authorizedKey{}, is)))
	})
}

// authorized keeps requests without the token from a handler.
func (s *Server) authorized(h http.Handler) http.Handler {
	return s.marked(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !Authorized(r) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="weir"`)
			http.Error(w, "this takes the token of --http-token-file: send the header Authorization: Bearer TOKEN", http.StatusUnauthorized)
			return
		}
		h.ServeHTTP(w, r)
	}))
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
	if !s.loopback || !s.token.isNone() {
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
