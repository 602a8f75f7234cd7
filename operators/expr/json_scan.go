package expr

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonScanner walks over a JSON text, which it checks as a whole (RFC 8259), and
// keeps where the value of a path stands. It allocates nothing.
type jsonScanner struct {
	text  []byte
	at    int
	depth int
	err   error

	start, end int // of the value; start is -1 where there is none
	name       []byte
}

// mostJSONDepth is how deep lists and objects may be nested.
const mostJSONDepth = 200

// find returns the text of the value that a path leads to, nil if there is none,
// or what is wrong with the JSON text.
func (s *jsonScanner) find(text []byte, path []jsonStep) ([]byte, error) {
	*s = jsonScanner{text: text, start: -1, name: s.name[:0]}
	s.value(path, true)
	if s.space(); s.err == nil && s.at < len(text) {
		s.expected("the end")
	}
	if s.err != nil || s.start < 0 {
		return nil, s.err
	}
	return text[s.start:s.end], nil
}

// value reads a value; wanted says that it lies on the path, of which steps are
// left.
func (s *jsonScanner) value(steps []jsonStep, wanted bool) {
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
func (s *jsonScanner) peek() byte {
	if s.at >= len(s.text) || s.err != nil {
		return 0
	}
	return s.text[s.at]
}

func (s *jsonScanner) space() {
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
func (s *jsonScanner) accept(sign byte) bool {
	s.space()
	if s.peek() == sign {
		s.at++
		return true
	}
	return false
}

func (s *jsonScanner) expected(what string) {
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
func (s *jsonScanner) enter() bool {
	s.at++
	if s.depth++; s.depth > mostJSONDepth && s.err == nil {
		s.err = fmt.Errorf("the JSON is nested more than %d levels deep, at byte %d", mostJSONDepth, s.at)
	}
	return s.err == nil
}

func (s *jsonScanner) object(steps []jsonStep, wanted bool) {
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
func (s *jsonScanner) isName(quoted []byte, escaped bool, name []byte) bool {
	if !escaped {
		return bytes.Equal(quoted[1:len(quoted)-1], name)
	}
	s.name = appendJSONString(s.name[:0], quoted)
	return bytes.Equal(s.name, name)
}

func (s *jsonScanner) array(steps []jsonStep, wanted bool) {
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

func (s *jsonScanner) word(word string) {
	if !bytes.HasPrefix(s.text[s.at:], []byte(word)) {
		s.expected("a value")
		return
	}
	s.at += len(word)
}

// number reads -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
func (s *jsonScanner) number() {
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

func (s *jsonScanner) digits() {
	if !isDigit(s.peek()) {
		s.expected("a digit")
	}
	for isDigit(s.peek()) {
		s.at++
	}
}

// string reads a string and reports whether it has escapes.
func (s *jsonScanner) string() (escaped bool) {
	s.at++
	for {
		s.at += plainJSON(s.text[s.at:])
		switch s.peek() {
		case '"':
			s.at++
			return escaped
		case '\\':
			escaped = true
			s.escape()
		default:
			s.expected(`a closing " or a character that is no control character`)
		}
		if s.err != nil {
			return escaped
		}
	}
}

// plainJSON returns how many bytes of a string stand for themselves.
func plainJSON(text []byte) int {
	i := 0
	for ; i+8 <= len(text); i += 8 {
		word := wordAt(text, i)
		quote, backslash := word^'"'*ones, word^'\\'*ones
		// A byte less than n makes a borrow, if no byte below it did by mistake:
		// what is found may be a byte too late, which the loop below mends.
		if ((word-0x20*ones)&^word|(quote-ones)&^quote|(backslash-ones)&^backslash)&highs != 0 {
			break
		}
	}
	for i < len(text) && text[i] >= 0x20 && text[i] != '"' && text[i] != '\\' {
		i++
	}
	return i
}

func (s *jsonScanner) escape() {
	s.at++
	switch c := s.peek(); {
	case c == 'u' && s.at+5 <= len(s.text) && isHex(s.text[s.at+1:s.at+5]):
		s.at += 5
	case unescaped[c] != 0:
		s.at++
	default:
		s.expected("an escape such as \\n or \\u00e9")
	}
}

func isHex(text []byte) bool {
	for _, c := range text {
		if hexOf(c) < 0 {
			return false
		}
	}
	return true
}

func hexOf(c byte) rune {
	switch {
	case isDigit(c):
		return rune(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return rune(c|0x20-'a') + 10
	}
	return -1
}

// appendJSONString appends what a checked string, in quotes, stands for. Half a
// pair of surrogates becomes U+FFFD.
func appendJSONString(to, quoted []byte) []byte {
	text := quoted[1 : len(quoted)-1]
	for len(text) > 0 {
		plain := bytes.IndexByte(text, '\\')
		if plain < 0 {
			return append(to, text...)
		}
		to, text = append(to, text[:plain]...), text[plain+1:]
		if text[0] == 'u' {
			r := hexRune(text)
			text = text[5:]
			if utf16.IsSurrogate(r) {
				if len(text) >= 6 && text[0] == '\\' && text[1] == 'u' {
					if pair := utf16.DecodeRune(r, hexRune(text[1:])); pair != utf8.RuneError {
						to, text = utf8.AppendRune(to, pair), text[6:]
						continue
					}
				}
				r = utf8.RuneError
			}
			to = utf8.AppendRune(to, r)
			continue
		}
		to, text = append(to, unescaped[text[0]]), text[1:]
	}
	return to
}

var unescaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// hexRune reads u and four digits.
func hexRune(text []byte) rune {
	return hexOf(text[1])<<12 | hexOf(text[2])<<8 | hexOf(text[3])<<4 | hexOf(text[4])
}
