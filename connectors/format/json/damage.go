package json

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/weirstream/weir/runtime/jsontext"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is about documents that are damaged, or not such as the path describes.

// end says what the end of the stream means.
func (w *walker) end() error {
	switch {
	case len(w.frames) > 0:
		return w.cutShort()
	case !w.reached && w.absent != "":
		return w.damaged(w.in.At, "%s", w.absent)
	}
	return io.EOF
}

func (w *walker) cutShort() error {
	return w.damaged(w.in.End, "the document is cut short: the file ends within it; copy the file again")
}

// lookAhead reads what a message about the place may show.
func (w *walker) lookAhead() error {
	for w.in.End-w.in.At < 2*mostToken && !w.in.EOF() {
		if err := w.in.Fill(); err == stream.ErrNotReady {
			return err
		} else if err != nil {
			break // it is too late for that
		}
	}
	return nil
}

// checkFound refuses a document without the member that the path leads through. An
// element of a list may lack it, if not all do: it has no rows then.
func (w *walker) checkFound(f frame) error {
	if f.step < 0 || !f.object || f.found {
		return nil
	}
	missing := fmt.Sprintf("there is no %q in the object %s, through which rows: %s leads; its keys are %s",
		w.path.units[f.step].name, w.path.before(f.step), w.path.text, w.keys)
	w.keys = w.keys[:0]
	if slices.ContainsFunc(w.path.units[:f.step], func(s step) bool { return s.each }) {
		if w.absent == "" {
			w.absent = fmt.Sprintf("no rows were found: on line %d, %s", w.in.Lines+1, missing)
		}
		return nil
	}
	return w.damaged(w.in.At, "%s", missing)
}

// noteKey notes a key for checkFound.
func (w *walker) noteKey(quoted []byte) {
	const most = 200
	switch {
	case len(w.keys) == 0:
		w.keys = append(w.keys, quoted[:min(len(quoted), most)]...)
	case len(w.keys)+len(quoted) < most:
		w.keys = append(append(w.keys, ", "...), quoted...)
	case !bytes.HasSuffix(w.keys, more):
		w.keys = append(w.keys, more...)
	}
}

var more = []byte(", …")

// misled says that the path leads into something else than what comes.
func (w *walker) misled(step int, c byte) string {
	what, want := shownAt(w.in.Buf, w.in.At), "an object"
	if w.path.units[step].each {
		want = "a list"
	}
	switch c {
	case '{':
		what = "an object"
	case '[':
		what = "a list"
	case '"':
		what = "a string"
	}
	if step == 0 && w.documents > 0 {
		return fmt.Sprintf("%s follows the document, and is not another one such as that: %s; cut off what does not belong to it", what, want)
	}
	return fmt.Sprintf("%s stands where %s belongs, as rows: %s leads through %s at %s", what, want, w.path.text, want, w.path.before(step))
}

func (w *walker) unexpected(want string) error {
	if err := w.lookAhead(); err != nil {
		return err
	}
	return w.damaged(w.in.At, "%w", unexpected(w.in.Buf, w.in.At, want))
}

func (w *walker) broken(f *jsontext.Fault) error {
	return w.damaged(f.At, "%w", broken(w.in.Buf, f))
}

// damaged is the end of the stream at a position of the window, of the line of the
// place.
func (w *walker) damaged(at int, format string, args ...any) error {
	column := w.in.Offset() + int64(at-w.in.At) - w.lineStart + 1
	return &stream.DamagedError{Where: w.in.Spot(w.in.Lines, column), Err: fmt.Errorf(format, args...)}
}
