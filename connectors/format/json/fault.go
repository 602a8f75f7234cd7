package json

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/jsontext"
	"github.com/weirstream/weir/runtime/stream"
)

// fault is why a record fails, and where in the buffer.
type fault struct {
	at  int
	err error
}

// fail notes why a record fails. It returns -1, which stands for no position.
func (d *Decoder) fail(at int, format string, args ...any) int {
	d.fault = fault{at, fmt.Errorf(format, args...)}
	return -1
}

// failLine uses up the line that has just failed and takes back what it left in
// the columns.
func (d *Decoder) failLine() stream.FailedRecord {
	d.rows.Truncate()
	line, _, _ := bytes.Cut(d.in.Text(), newline)
	err := errTooLong
	if !d.tooLong(d.in.At + len(line)) {
		character := utf8.RuneCount(d.in.Buf[d.in.At:d.fault.at]) + 1
		err = fmt.Errorf("character %d: %w", character, d.fault.err)
	}
	failed := d.in.Failed(d.in.Lines, line, err)
	d.endLine(d.in.At + len(line))
	return failed
}

var newline = []byte{'\n'}

// noObject fails a line that does not begin with an object.
func (d *Decoder) noObject(buf []byte, at int) int {
	if buf[at] == '[' {
		return d.fail(at, "a list stands where an object belongs; a file that is a list, in which objects stand, is read with rows: $[*]")
	}
	if buf[at] >= utf8.RuneSelf || buf[at] < ' ' {
		return d.fail(at, "%s stands where an object belongs; is the file compressed, or in another encoding than UTF-8?", shownAt(buf, at))
	}
	return d.fail(at, "%s stands where an object belongs; each line is one object such as {\"id\": 1}", shownAt(buf, at))
}

// missing says what has to stand where something else does.
var missing = [...]string{
	jsontext.NoValue:          "a value",
	jsontext.NoKey:            "a key in quotes",
	jsontext.NoColon:          "a colon",
	jsontext.NoCommaOrBrace:   "a comma or a closing brace",
	jsontext.NoCommaOrBracket: "a comma or a closing bracket",
}

// broken fails what is no JSON.
func (d *Decoder) broken(buf []byte, f *jsontext.Fault) int {
	d.fault = fault{f.At, broken(buf, f)}
	if f.Problem == jsontext.BadEscape && buf[f.At+1] == '\n' {
		d.fault.at++
	}
	return -1
}

// unexpected fails what does not follow the grammar.
func (d *Decoder) unexpected(buf []byte, at int, want string) int {
	d.fault = fault{at, unexpected(buf, at, want)}
	return -1
}

// broken says why a text is no JSON.
func broken(buf []byte, f *jsontext.Fault) error {
	switch f.Problem {
	case jsontext.TooDeep:
		return fmt.Errorf("the value is nested deeper than %d levels", jsontext.MaxDepth)
	case jsontext.BadEscape:
		return badEscape(buf, f.At)
	case jsontext.HalfPair:
		return fmt.Errorf(`%s is half of a surrogate pair, without the other half`, buf[f.At:][:len(`\ud83d`)])
	case jsontext.Control:
		return control(buf, f.At)
	case jsontext.NotUTF8:
		return fmt.Errorf(`\x%02x is not valid UTF-8; convert the file`, buf[f.At])
	}
	return unexpected(buf, f.At, missing[f.Problem])
}

// unexpected says that something else stands where something has to.
func unexpected(buf []byte, at int, want string) error {
	if buf[at] == '\n' {
		return fmt.Errorf("the line ends where %s belongs; is it cut short? A file of objects that stretch over several "+
			"lines is read with rows: $", want)
	}
	return fmt.Errorf("%s stands where %s belongs", shownAt(buf, at), want)
}

// wrong fails a value that its column cannot hold.
func (d *Decoder) wrong(v *value, buf []byte, at int, problem string) int {
	end := d.skip(buf, at)
	if end < 0 {
		return end
	}
	return d.fail(at, "column %q: %s %s", v.name, excerpt.Of(buf[at:end]), problem)
}

func badEscape(buf []byte, at int) error {
	switch buf[at+1] {
	case '\n':
		return control(buf, at+1)
	case 'u':
		return errors.New(`\u is not followed by four hexadecimal digits`)
	}
	return fmt.Errorf(`\\%s is not an escape; a backslash that is text is written \\`, shownRune(buf[at+1:]))
}

// control says which character of a string has to be escaped.
func control(buf []byte, at int) error {
	if buf[at] == '\n' {
		return errors.New(`the line ends within a string; is it cut short? A line end that is text is written \n`)
	}
	return fmt.Errorf(`a control character stands in a string; it is written \u%04x`, buf[at])
}

// mostShown is how many characters of a word a message shows.
const mostShown = 20

// shownAt draws what stands at a position, up to a character that is not part of
// a word, for a message.
func shownAt(buf []byte, at int) string {
	end := at
	for end-at < mostShown && isWord(buf[end]) {
		end++
	}
	if end == at {
		return "'" + shownRune(buf[at:]) + "'"
	}
	return excerpt.Of(buf[at:end])
}

func isWord(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || isDigit(c) || c == '_' || c == '-' || c == '+' || c == '.'
}

// shownRune draws the character that a text begins with.
func shownRune(text []byte) string {
	r, n := utf8.DecodeRune(text)
	if r == utf8.RuneError && n < 2 || !strconv.IsPrint(r) {
		return fmt.Sprintf(`\x%02x`, text[0])
	}
	return string(r)
}
