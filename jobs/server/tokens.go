package server

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Role is what somebody may do. Each may do what those before it may.
type Role int

// The roles.
const (
	Nobody   Role = iota // has no token, or one that is not known here
	Viewer               // looks at jobs
	Operator             // acts on jobs that are there: stops them, takes savepoints
	Admin                // says what runs: submits jobs and deletes them
)

var roleNames = []string{"nobody", "viewer", "operator", "admin"}

// String returns the name that a role has in files of tokens.
func (r Role) String() string { return roleNames[r] }

// Token is what a request brings along to be let in, and what it may do then.
type Token struct {
	Role Role
	Text string
}

// shortestToken is how many characters a token has that nobody guesses.
const shortestToken = 16

// ReadTokens reads a file of tokens: one word, which is an admin's, or lines of a role and a
// token. Blank lines, and those that begin with #, say nothing.
func ReadTokens(file string) (tokens []Token, err error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--http-token-file: %w", err)
	}
	lines := bufio.NewScanner(bytes.NewReader(content))
	for n := 1; lines.Scan(); n++ {
		words := strings.Fields(lines.Text())
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		token, err := readToken(words)
		if err == nil && slices.ContainsFunc(tokens, func(t Token) bool { return t.Text == token.Text }) {
			err = fmt.Errorf("the token stands in a line before; each has one role")
		}
		if err != nil {
			return nil, fmt.Errorf("--http-token-file %s:%d: %w", file, n, err)
		}
		tokens = append(tokens, token)
	}
	if lines.Err() == nil && len(tokens) > 0 {
		return tokens, nil
	}
	return nil, fmt.Errorf("--http-token-file %s: it holds no token; make one with `openssl rand -hex 32`", file)
}

// readToken reads a line. What is wrong is said without the token.
func readToken(words []string) (Token, error) {
	t := Token{Admin, words[len(words)-1]}
	if len(words) > 1 {
		t.Role = Role(slices.Index(roleNames, words[0]))
	}
	if len(words) > 2 || t.Role < Viewer {
		return t, fmt.Errorf("a line is a token, or a role and its token: viewer, operator or admin TOKEN")
	}
	if len(t.Text) < shortestToken {
		return t, fmt.Errorf("a token is one word of at least %d characters, such as `openssl rand -hex 32` makes", shortestToken)
	}
	return t, nil
}

// tokens are those that a server knows, by their hashes: comparing these takes the same time
// whatever is guessed.
type tokens []hashedToken

type hashedToken struct {
	role Role
	hash [sha256.Size]byte
}

// knownTokens reads those that a server knows; no file is none.
func knownTokens(file string) (known tokens, err error) {
	if file == "" {
		return nil, nil
	}
	all, err := ReadTokens(file)
	for _, t := range all {
		known = append(known, hashedToken{t.Role, sha256.Sum256([]byte(t.Text))})
	}
	return known, err
}

// areNone reports whether everybody who comes in may look at everything.
func (t tokens) areNone() bool { return t == nil }

// role returns what somebody with a token may do.
func (t tokens) role(text string) (r Role) {
	hash := sha256.Sum256([]byte(text))
	for _, known := range t {
		if subtle.ConstantTimeCompare(hash[:], known.hash[:]) == 1 {
			r = known.role
		}
	}
	return r
}
