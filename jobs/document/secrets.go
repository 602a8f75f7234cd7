package document

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/component"
)

// Secrets are the contents of ${file:…}, to keep them out of what people see and
// of what is stored.
type Secrets struct {
	texts []string // in every form in which messages may show them
}

const (
	// minSecret is the least length of a secret: what is shorter stands in texts by
	// chance, and to hide it there would make them unreadable without hiding it.
	minSecret = 4
	// longSecret is from where on a secret is hidden inside words, too, and where
	// only its beginning is shown.
	longSecret = 8
)

// add remembers a secret.
func (s *Secrets) add(secret string) error {
	if n := utf8.RuneCountInString(secret); n < minSecret {
		return fmt.Errorf("has %d characters, and a secret has %d at least, so that it can be kept out of messages; "+
			"write the value here, or use a variable", n, minSecret)
	}
	s.addTexts(secret)
	return nil
}

// cover makes sure that a text which holds a secret does not show it: a short one
// within a word is hidden together with all of the text.
func (s *Secrets) cover(text string) {
	hidden := s.Hide(text)
	if slices.ContainsFunc(s.texts, func(t string) bool { return strings.Contains(hidden, t) }) {
		s.addTexts(text)
	}
}

func (s *Secrets) addTexts(secret string) {
	texts := []string{secret}
	for line := range strings.Lines(secret) {
		if line = strings.TrimSpace(line); len(line) >= longSecret {
			texts = append(texts, line)
		}
	}
	for _, t := range texts {
		quoted, ascii := strconv.Quote(t), strconv.QuoteToASCII(t)
		s.texts = append(s.texts, t, quoted[1:len(quoted)-1], ascii[1:len(ascii)-1],
			url.QueryEscape(t), url.PathEscape(t))
	}
	slices.Sort(s.texts)
	s.texts = slices.Compact(s.texts)
}

// Hide returns text with "(secret)" in the place of each secret, also of one
// that is cut off at its end.
func (s *Secrets) Hide(text string) string {
	if len(s.texts) == 0 {
		return text
	}
	var b strings.Builder
	kept := 0 // what stands before is written
	for at := 0; at < len(text); {
		n := s.at(text, at)
		if n == 0 {
			at++
			continue
		}
		b.WriteString(text[kept:at] + "(secret)")
		at += n
		kept = at
	}
	return b.String() + text[kept:]
}

// at returns how much of text, from at on, is secret.
func (s *Secrets) at(text string, at int) int {
	longest := 0
	for _, secret := range s.texts {
		n := commonPrefix(text[at:], secret)
		if n > longest && (n >= longSecret || n == len(secret) && isAlone(text, at, at+n)) {
			longest = n
		}
	}
	return longest
}

// isAlone reports that a piece of a text does not stand within a word.
func isAlone(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	return !isWord(before) && !isWord(after)
}

func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// HideProblems hides secrets in the messages of problems.
func (s *Secrets) HideProblems(problems component.Problems) component.Problems {
	for i := range problems {
		problems[i].Message = s.Hide(problems[i].Message)
	}
	return problems
}

// HideError returns err with secrets hidden in its text. What err wraps is found
// as before.
func (s *Secrets) HideError(err error) error {
	if err == nil || len(s.texts) == 0 {
		return err
	}
	text := err.Error()
	if hidden := s.Hide(text); hidden != text {
		return &hiddenError{hidden, err}
	}
	return err
}

// hiddenError is an error whose text must not be shown.
type hiddenError struct {
	text string
	err  error
}

func (e *hiddenError) Error() string { return e.text }

// Unwrap lets the reason be found.
func (e *hiddenError) Unwrap() error { return e.err }
