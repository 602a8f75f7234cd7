// Package input is what decoders of text have in common: [Records], a [Window] on
// what they read, and [Rows], the batch that they fill.
package input

import (
	"errors"
	"io"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

const (
	// MaxRecord is the most bytes of a record. A decoder gives up on a longer one,
	// so that a missing line end does not take all memory.
	MaxRecord = 16 << 20
	// Slack is the room behind the text that eight-byte loads may reach into.
	Slack = 8

	firstBuffer = 128 << 10
)

// ByteOrderMark is what some programs write at the start of UTF-8 text.
var ByteOrderMark = []byte("\xEF\xBB\xBF")

// Window is a window on a stream of bytes: Buf[At:End] has been read and not yet
// been used up. Line ends fill the [Slack] from Buf[End] on, so that a search
// always stops.
type Window struct {
	Buf  []byte
	At   int
	End  int
	Size int // of the first buffer

	from io.Reader
	pool *record.Pool
	base int64 // where Buf[0] stands in the stream
	err  error // why nothing follows Buf[End]; io.EOF at the natural end
}

// newWindow returns a window at the start of a stream. It reads nothing yet.
func newWindow(from io.Reader, pool *record.Pool) Window {
	return Window{from: from, pool: pool, Size: firstBuffer}
}

// EOF reports that the text in the window is the last.
func (w *Window) EOF() bool { return w.err == io.EOF }

// EndInput has what is put into Buf be all there is.
func (w *Window) EndInput() { w.err = io.EOF }

// Offset returns how many bytes of the stream are used up.
func (w *Window) Offset() int64 { return w.base + int64(w.At) }

// Text returns what the window holds.
func (w *Window) Text() []byte { return w.Buf[w.At:w.End] }

// Fill reads on, once. It moves the unused bytes to the front or to a larger
// buffer: positions in Buf are void afterwards. An error other than
// [stream.ErrNotReady] stays.
func (w *Window) Fill() error {
	if w.err != nil {
		return w.err
	}
	w.makeRoom()
	n, err := w.from.Read(w.Buf[w.End : len(w.Buf)-Slack])
	w.End += n
	w.seal()
	if errors.Is(err, stream.ErrNotReady) {
		if n > 0 {
			return nil
		}
		return stream.ErrNotReady
	}
	w.err = err
	if n > 0 {
		return nil
	}
	return err
}

// Double reads on until the window has twice the text, or there is no more just
// now: a record that does not end is looked at again and again, and so no more
// often than its length doubles. An error comes with the next call, if there was
// text before it.
func (w *Window) Double() error {
	had := len(w.Text())
	err := w.Fill()
	for err == nil && w.err == nil && len(w.Text()) < min(2*had, MaxRecord) {
		err = w.Fill()
	}
	if len(w.Text()) > had {
		return nil
	}
	return err
}

func (w *Window) seal() {
	for i := range w.Buf[w.End:][:Slack] {
		w.Buf[w.End+i] = '\n'
	}
}

func (w *Window) makeRoom() {
	if w.Buf == nil {
		w.Buf = w.pool.Allocate(w.Size)
	}
	if w.At > 0 {
		copy(w.Buf, w.Buf[w.At:w.End])
		w.base += int64(w.At)
		w.At, w.End = 0, w.End-w.At
	}
	if w.End > len(w.Buf)/2 {
		w.Buf = w.pool.Reallocate(2*len(w.Buf), w.Buf)
	}
}

var errNoLine = errors.New("no line begins there")

// Advance moves forward to an offset at which a line begins or the stream ends, by
// seeking where it can. Where neither is so, it is another stream than the one
// that the offset was noted in.
func (w *Window) Advance(offset int64) error {
	if offset == w.Offset() {
		return nil // what stands before it has just been read
	}
	if err := w.move(offset - 1); err != nil {
		return err
	}
	if err := w.need(1); err != nil {
		return err
	}
	if w.Buf[w.At] != '\n' && w.need(2) != io.ErrUnexpectedEOF {
		return errNoLine
	}
	w.At++
	return nil
}

// need reads on until the window has so many bytes.
func (w *Window) need(bytes int) error {
	for len(w.Text()) < bytes {
		if err := w.Fill(); err == io.EOF {
			return io.ErrUnexpectedEOF
		} else if err != nil {
			return err
		}
	}
	return nil
}

// move moves forward to an offset of the stream.
func (w *Window) move(offset int64) error {
	ahead := offset - w.base
	if ahead <= int64(w.End) {
		if ahead < int64(w.At) {
			return errors.New("the position lies before the first record")
		}
		w.At = int(ahead)
		return nil
	}
	if s, ok := w.from.(io.Seeker); ok && w.err == nil {
		if _, err := s.Seek(offset, io.SeekStart); err != nil {
			return err
		}
		w.base, w.At, w.End = offset, 0, 0
		if w.Buf != nil {
			w.seal()
		}
		return nil
	}
	return w.discard(offset)
}

// discard reads on to an offset of the stream.
func (w *Window) discard(offset int64) error {
	for w.base+int64(w.End) < offset {
		w.At = w.End
		if err := w.Fill(); err == io.EOF {
			return io.ErrUnexpectedEOF
		} else if err != nil {
			return err
		}
	}
	w.At = int(offset - w.base)
	return nil
}

// Close gives the buffer back. It may be called more than once.
func (w *Window) Close() {
	w.pool.Free(w.Buf)
	w.Buf, w.At, w.End, w.err = nil, 0, 0, io.EOF
}
