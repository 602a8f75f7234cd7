package json

import (
	"bytes"
	"io"

	"github.com/weirstream/weir/connectors/format/input"
	"github.com/weirstream/weir/runtime/jsontext"
)

// expected is what comes next in a document.
type expected uint8

const (
	document expected = iota // the first value of a document, or the end
	value1                   // the first value of a list, or its end
	valueN                   // a value
	key1                     // the first key of an object, or its end
	keyN                     // a key
	colon
	behind // a comma, or the end of the innermost list or object
)

// frame is a list or object that the place lies in.
type frame struct {
	object bool
	step   int  // of the path, that leads on from here; -1 where none does
	found  bool // the member that the step names has been met
}

// walker walks through the documents of a stream from unit to unit. What lies between
// is checked token by token, so that it may be of any length. Documents follow one
// another, as they do where files are put together.
type walker struct {
	in        *input.Records
	path      *path
	frames    []frame
	expected  expected
	wanted    bool  // the key that was met last is the one of the step
	documents int64 // that have been walked through
	lineStart int64 // where the line of the place begins
	scratch   []byte

	reached bool   // the path has led to where units are
	absent  string // where else it ended first, for want of a member
	keys    []byte // that the innermost object of the path has, if it is the only one of a document
}

// next moves to the next unit. It returns io.EOF behind the last document. Called
// again before passed, it stays.
func (w *walker) next() error {
	for {
		c, err := w.peek()
		if err == io.EOF {
			return w.end()
		}
		if err != nil {
			return err
		}
		var unit bool
		switch w.expected {
		case colon:
			err = w.punctuation(c, ':', valueN)
		case behind:
			err = w.comma(c)
		case key1, keyN:
			err = w.key(c)
		default:
			unit, err = w.value(c)
		}
		if unit || err != nil {
			return err
		}
	}
}

// passed says that the unit has been used up.
func (w *walker) passed() { w.leave() }

// peek passes over what is blank and returns the next byte.
func (w *walker) peek() (byte, error) {
	for {
		for at := w.in.At; at < w.in.End; at++ {
			switch c := w.in.Buf[at]; c {
			case ' ', '\t', '\r':
			case '\n':
				w.in.Lines++
				w.lineStart = w.in.Offset() + int64(at-w.in.At) + 1
			default:
				w.in.At = at
				return c, nil
			}
		}
		w.in.At = w.in.End
		if err := w.in.Fill(); err == io.EOF {
			return 0, err
		} else if err != nil {
			return 0, w.in.ReadError(err)
		}
	}
}

// value goes into a value or passes over it, unless it is a unit.
func (w *walker) value(c byte) (unit bool, err error) {
	if w.expected == value1 && c == ']' {
		return false, w.close(c)
	}
	step := w.step()
	if step == len(w.path.units) && c != ',' && c != ':' && c != ']' && c != '}' {
		return true, nil
	}
	if step >= 0 && step < len(w.path.units) {
		return false, w.follow(step, c)
	}
	if c == '{' || c == '[' {
		return false, w.open(c, -1)
	}
	return false, w.scalar()
}

// step returns the step that leads on from the value that comes, -1 for none.
func (w *walker) step() int {
	if len(w.frames) == 0 {
		return 0
	}
	f := &w.frames[len(w.frames)-1]
	if f.step < 0 || f.object && !w.wanted {
		return -1
	}
	return f.step + 1
}

// follow goes where the path leads to. A null holds no rows.
func (w *walker) follow(step int, c byte) error {
	s := w.path.units[step]
	if step == len(w.path.units)-1 {
		w.reached = true
	}
	switch {
	case s.each && c == '[' || !s.each && c == '{':
		return w.open(c, step)
	case c == 'n':
		return w.scalar()
	}
	if err := w.lookAhead(); err != nil {
		return err
	}
	return w.damaged(w.in.At, "%s", w.misled(step, c))
}

func (w *walker) open(c byte, step int) error {
	if len(w.frames) == jsontext.MaxDepth {
		return w.damaged(w.in.At, "the document is nested deeper than %d levels", jsontext.MaxDepth)
	}
	w.frames = append(w.frames, frame{object: c == '{', step: step})
	w.in.At++
	if w.expected = value1; c == '{' {
		w.expected = key1
	}
	return nil
}

// leave ends a value.
func (w *walker) leave() {
	if w.expected = behind; len(w.frames) == 0 {
		w.expected = document
		w.documents++
	}
}

// comma passes over what stands behind a value in a list or an object.
func (w *walker) comma(c byte) error {
	f := &w.frames[len(w.frames)-1]
	if c != ',' {
		return w.close(c)
	}
	w.in.At++
	if w.expected = valueN; f.object {
		w.expected = keyN
	}
	return nil
}

// close ends the innermost list or object.
func (w *walker) close(c byte) error {
	f := w.frames[len(w.frames)-1]
	switch {
	case f.object && c != '}':
		return w.unexpected("a comma or the closing brace of the object")
	case !f.object && c != ']':
		return w.unexpected("a comma or the closing bracket of the list")
	}
	if err := w.checkFound(f); err != nil {
		return err
	}
	w.in.At++
	w.frames = w.frames[:len(w.frames)-1]
	w.leave()
	return nil
}

// key reads a key, and whether it is the one that the path names.
func (w *walker) key(c byte) error {
	if w.expected == key1 && c == '}' {
		return w.close(c)
	}
	if c != '"' {
		return w.unexpected("a key in quotes")
	}
	end, err := w.token()
	if err != nil {
		return err
	}
	f := &w.frames[len(w.frames)-1]
	if w.wanted = f.step >= 0 && w.isNamed(w.in.Buf[w.in.At:end], w.path.units[f.step].name); w.wanted {
		if f.found {
			return w.damaged(w.in.At, "the key %q, which the path %s leads through, appears twice in the object; rename or remove one of them",
				w.path.units[f.step].name, w.path.text)
		}
		f.found = true
	}
	if f.step >= 0 && !f.found {
		w.noteKey(w.in.Buf[w.in.At:end])
	}
	w.in.At, w.expected = end, colon
	return nil
}

func (w *walker) isNamed(quoted []byte, name string) bool {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1:len(quoted)-1]) == name
	}
	w.scratch = jsontext.AppendUnquoted(w.scratch[:0], quoted)
	return string(w.scratch) == name
}

func (w *walker) punctuation(c, want byte, then expected) error {
	if c != want {
		return w.unexpected("a colon")
	}
	w.in.At++
	w.expected = then
	return nil
}

func (w *walker) scalar() error {
	end, err := w.token()
	if err != nil {
		return err
	}
	w.in.At = end
	w.leave()
	return nil
}

// token returns where the string, number or word ends that comes. It has to be in the
// window as a whole, as a row has.
func (w *walker) token() (int, error) {
	for {
		end, fault := jsontext.Skip(w.in.Buf[:w.in.End+input.Slack], w.in.At, 0)
		if fault == nil && (end < w.in.End || w.in.EOF()) {
			return end, nil
		}
		if fault != nil && (w.in.EOF() || w.in.End-fault.At > mostToken) {
			return 0, w.broken(fault)
		}
		if len(w.in.Text()) >= input.MaxRecord {
			return 0, w.damaged(w.in.At, "the text there is longer than %d MiB; is a quote missing?", input.MaxRecord>>20)
		}
		if err := w.in.Double(); err != nil && err != io.EOF {
			return 0, w.in.ReadError(err)
		}
	}
}

// mostToken is more than any token has that is not a string or a number, and more than a message
// shows of one.
const mostToken = mostShown + 1
