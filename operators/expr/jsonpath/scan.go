package jsonpath

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// Scanner walks over a JSON text, which it checks as a whole (RFC 8259), and
// keeps where the value of a path stands. The zero value is ready; it keeps
// scratch memory from one text to the next.
type Scanner struct {
	text  []byte
	at    int
	depth int
	err   error

	start, end int // of the value; start is -1 where there is none
	name       []byte
}

// maxDepth is how deep lists and objects may be nested.
const maxDepth = 200

// Find returns the part of text that is the value a path leads to, nil if there
// is none, or what is wrong with the JSON text and at which byte, from 1. A name
// on the path that stands twice in its object is wrong, too.
func (s *Scanner) Find(text []byte, path Path) ([]byte, error) {
	*s = Scanner{text: text, start: -1, name: s.name[:0]}
	s.value(path, true)
	if s.space(); s.err == nil && s.at < len(text) {
		s.expected("the end")
	}
	s.text = nil // it is the caller's
	if s.err != nil || s.start < 0 {
		return nil, s.err
	}
	return text[s.start:s.end], nil
}

// value reads a value; wanted says that it lies on the path, of which steps are
// left.
func (s *Scanner) value(steps Path, wanted bool) {
	s.space()
	start := s.at
	switch c := s.peek(); {
	case c == '{':
		s.object(steps, wanted)
	case c == '[':
		s.array(steps, wanted)
	case c == '"':
		s.string()
	case c == '-' || isDigit(c):
		s.number()
	case c == 't':
		s.word("true")
	case c == 'f':
		s.word("false")
	case c == 'n':
		s.word("null")
	default:
		s.expected("a value")
	}
	if wanted && len(steps) == 0 {
		s.start, s.end = start, s.at
	}
}

// peek returns the next byte, 0 at the end and after an error.
func (s *Scanner) peek() byte {
	if s.at >= len(s.text) || s.err != nil {
		return 0
	}
	return s.text[s.at]
}

func (s *Scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

// accept moves over a sign and the white space before it, if it is next.
func (s *Scanner) accept(sign byte) bool {
	s.space()
	if s.peek() == sign {
		s.at++
		return true
	}
	return false
}

func (s *Scanner) expected(what string) {
	if s.err != nil {
		return
	}
	found := "the end"
	if s.at < len(s.text) {
		_, size := utf8.DecodeRune(s.text[s.at:])
		found = fmt.Sprintf("%q", s.text[s.at:s.at+size])
	}
	s.err = fmt.Errorf("broken JSON: %s should stand where %s is, at byte %d", what, found, s.at+1)
}

// enter counts a level of nesting.
func (s *Scanner) enter() bool {
	s.at++
	if s.depth++; s.depth > maxDepth && s.err == nil {
		s.err = fmt.Errorf("the JSON is nested more than %d levels deep, at byte %d", maxDepth, s.at)
	}
	return s.err == nil
}

func (s *Scanner) object(steps Path, wanted bool) {
	if !s.enter() {
		return
	}
	if s.accept('}') {
		s.depth--
		return
	}
	found := false
	for s.err == nil {
		if s.space(); s.peek() != '"' {
			s.expected("a name in double quotes")
			return
		}
		start := s.at
		escaped := s.string()
		is := wanted && len(steps) > 0 && steps[0].name != nil && s.err == nil && s.isName(s.text[start:s.at], escaped, steps[0].name)
		if is && found {
			s.err = fmt.Errorf("the JSON has the name %q twice in an object, at byte %d", steps[0].name, start+1)
		}
		if !s.accept(':') {
			s.expected("a colon")
		}
		if is {
			found = true
			s.value(steps[1:], true)
		} else {
			s.value(nil, false)
		}
		if s.accept('}') {
			s.depth--
			return
		}
		if !s.accept(',') {
			s.expected("a comma or }")
		}
	}
}

// isName reports whether a string, in quotes, is a name.
func (s *Scanner) isName(quoted []byte, escaped bool, name []byte) bool {
	if !escaped {
		return bytes.Equal(quoted[1:len(quoted)-1], name)
	}
	s.name = AppendString(s.name[:0], quoted)
	return bytes.Equal(s.name, name)
}

func (s *Scanner) array(steps Path, wanted bool) {
	if !s.enter() {
		return
	}
	if s.accept(']') {
		s.depth--
		return
	}
	for i := int64(0); s.err == nil; i++ {
		if wanted && len(steps) > 0 && steps[0].name == nil && steps[0].index == i {
			s.value(steps[1:], true)
		} else {
			s.value(nil, false)
		}
		if s.accept(']') {
			s.depth--
			return
		}
		if !s.accept(',') {
			s.expected("a comma or ]")
		}
	}
}

func (s *Scanner) word(word string) {
	if !bytes.HasPrefix(s.text[s.at:], []byte(word)) {
		s.expected("a value")
		return
	}
	s.at += len(word)
}

// number reads -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
func (s *Scanner) number() {
	if s.peek() == '-' {
		s.at++
	}
	if s.peek() == '0' {
		s.at++
	} else {
		s.digits()
	}
	if s.peek() == '.' {
		s.at++
		s.digits()
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.at++
		if c := s.peek(); c == '+' || c == '-' {
			s.at++
		}
		s.digits()
	}
}

func (s *Scanner) digits() {
	if !isDigit(s.peek()) {
		s.expected("a digit")
	}
	for isDigit(s.peek()) {
		s.at++
	}
}
