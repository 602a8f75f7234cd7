package jsontext

import (
	"bytes"
	"encoding/binary"
)

// Slack is how many bytes of the buffer have to follow a line, its line feed
// included.
const Slack = 8

// AppendLine appends a text as a line. A text of several lines becomes a single
// one: carriage returns take the place of its line feeds, which mean the same
// between values and are as wrong in a string, so that positions stay as they are.
func AppendLine(to, text []byte) []byte {
	at := len(to)
	to = append(append(to, text...), "\n\n\n\n\n\n\n\n"...)
	end := len(to) - Slack
	if i := bytes.IndexByte(to[at:end], '\n'); i >= 0 {
		joinLines(to[at+i : end])
	}
	return to
}

// joinLines makes carriage returns of line feeds, eight bytes at a time. The sum
// carries nothing from one byte to the next, so that each mark is right (H. S. Warren,
// Hacker's Delight, section 6-1).
func joinLines(text []byte) {
	const rest = ^uint64(highs)
	for ; len(text) >= 8; text = text[8:] {
		w := binary.LittleEndian.Uint64(text)
		x := w ^ ones*'\n'
		marks := ^(x&rest + rest | x | rest)
		binary.LittleEndian.PutUint64(text, w^marks>>7*('\n'^'\r'))
	}
	for i, c := range text {
		if c == '\n' {
			text[i] = '\r'
		}
	}
}

// Blank passes over white space and returns the position behind it.
func Blank(line []byte, at int) int {
	for line[at] == ' ' || line[at] == '\t' || line[at] == '\r' {
		at++
	}
	return at
}

// Literal returns the position behind a word, or -1 where another one stands.
func Literal(line []byte, at int, word string) int {
	if len(line)-at < len(word) || string(line[at:at+len(word)]) != word {
		return -1
	}
	return at + len(word)
}
