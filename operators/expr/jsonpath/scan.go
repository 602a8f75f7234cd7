package jsonpath

import (
	"bytes"

	"github.com/weirstream/weir/runtime/jsontext"
)

// Scanner walks over a JSON text, which it checks as a whole, and keeps where the
// value of a path stands. The zero value is ready; it keeps scratch memory from one
// text to the next.
//
// Its methods return the position behind what they have checked, or -1 where that is
// no JSON, once err says why.
type Scanner struct {
	text []byte
	line []byte // the text, as package jsontext reads it
	err  error

	start, end int // of the value; start is -1 where there is none
	name       []byte
}

// Find returns the part of text that is the value a path leads to, nil if there
// is none, or what is wrong with the JSON text and at which byte, from 1. A name
// on the path that stands twice in its object is wrong, too.
func (s *Scanner) Find(text []byte, path Path) ([]byte, error) {
	s.text, s.line = text, jsontext.AppendLine(s.line[:0], text)
	s.err, s.start = nil, -1
	at := s.value(jsontext.Blank(s.line, 0), 0, path)
	if at >= 0 {
		if at = jsontext.Blank(s.line, at); at < len(text) {
			s.expected("the end", at)
		}
	}
	s.text = nil // it is the caller's
	if s.err != nil || s.start < 0 {
		return nil, s.err
	}
	return text[s.start:s.end], nil
}

// value checks a value on the path, of which steps are left. depth is how many
// objects and arrays it lies in.
func (s *Scanner) value(at, depth int, steps Path) int {
	start := at
	if len(steps) > 0 && depth < jsontext.MaxDepth {
		switch isName := steps[0].name != nil; {
		case isName && s.line[at] == '{':
			return s.object(at+1, depth+1, steps)
		case !isName && s.line[at] == '[':
			return s.array(at+1, depth+1, steps)
		}
	}
	if at = s.skip(at, depth); at >= 0 && len(steps) == 0 {
		s.start, s.end = start, at
	}
	return at
}

// skip checks a value into which the path does not lead.
func (s *Scanner) skip(at, depth int) int {
	end, fault := jsontext.Skip(s.line, at, depth)
	if fault != nil {
		return s.broken(fault)
	}
	return end
}

// object checks an object behind its brace, which steps lead into.
func (s *Scanner) object(at, depth int, steps Path) int {
	if at = jsontext.Blank(s.line, at); s.line[at] == '}' {
		return at + 1
	}
	for found := false; ; {
		end, escaped, next, fault := jsontext.Key(s.line, at)
		if fault != nil {
			return s.broken(fault)
		}
		wanted := s.isName(s.line[at:end], escaped, steps[0].name)
		if wanted && found {
			return s.fail(at, "the JSON has the name %q twice in an object", steps[0].name)
		}
		found = found || wanted
		if at = s.inner(next, depth, steps, wanted); at < 0 {
			return at
		}
		switch s.line[at] {
		case ',':
			at = jsontext.Blank(s.line, at+1)
		case '}':
			return at + 1
		default:
			return s.broken(&jsontext.Fault{At: at, Problem: jsontext.NoCommaOrBrace})
		}
	}
}

// isName reports whether a key, in quotes, is a name.
func (s *Scanner) isName(key []byte, escaped bool, name []byte) bool {
	if !escaped {
		return bytes.Equal(key[1:len(key)-1], name)
	}
	s.name = jsontext.AppendUnquoted(s.name[:0], key)
	return bytes.Equal(s.name, name)
}

// array checks an array behind its bracket, which steps lead into.
func (s *Scanner) array(at, depth int, steps Path) int {
	if at = jsontext.Blank(s.line, at); s.line[at] == ']' {
		return at + 1
	}
	for i := int64(0); ; i++ {
		if at = s.inner(at, depth, steps, i == steps[0].index); at < 0 {
			return at
		}
		switch s.line[at] {
		case ',':
			at++
		case ']':
			return at + 1
		default:
			return s.broken(&jsontext.Fault{At: at, Problem: jsontext.NoCommaOrBracket})
		}
	}
}

// inner checks a member or an element, and the white space around it.
func (s *Scanner) inner(at, depth int, steps Path, wanted bool) int {
	at = jsontext.Blank(s.line, at)
	if wanted {
		at = s.value(at, depth, steps[1:])
	} else {
		at = s.skip(at, depth)
	}
	if at < 0 {
		return at
	}
	return jsontext.Blank(s.line, at)
}
