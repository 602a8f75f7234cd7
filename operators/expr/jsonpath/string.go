package jsonpath

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a string and reports whether it has escapes.
func (s *Scanner) string() (escaped bool) {
	s.at++
	for {
		s.at += plain(s.text[s.at:])
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

const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// plain returns how many bytes of a string stand for themselves.
func plain(text []byte) int {
	i := 0
	for ; i+8 <= len(text); i += 8 {
		word := binary.LittleEndian.Uint64(text[i:])
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

func (s *Scanner) escape() {
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

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

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

// AppendString appends what a string stands for that [Scanner.Find] returned, in
// its quotes. Half a pair of surrogates becomes U+FFFD.
func AppendString(to, quoted []byte) []byte {
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
