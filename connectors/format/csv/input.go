package csv

import (
	"errors"
	"io"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

const (
	firstBuffer = 128 << 10
	maxRecord   = 16 << 20
	// slack is the room behind the text that eight-byte loads may reach into.
	slack = 8
)

// input is a window on a stream of bytes: buf[at:end] has been read and not yet
// been used up. buf[end] is a line end, so that a search always stops.
type input struct {
	from io.Reader
	pool *record.Pool
	size int // of the first buffer
	buf  []byte
	at   int
	end  int
	base int64 // where buf[0] stands in the stream
	err  error // why nothing follows buf[end]; io.EOF at the natural end
}

// eof reports that the text in the window is the last.
func (in *input) eof() bool { return in.err == io.EOF }

// offset returns how many bytes of the stream are used up.
func (in *input) offset() int64 { return in.base + int64(in.at) }

// text returns the window.
func (in *input) text() []byte { return in.buf[in.at:in.end] }

// fill reads on, once. It moves the unused bytes to the front or to a larger
// buffer: positions in the buffer are void afterwards. An error other than
// [stream.ErrNotReady] stays.
func (in *input) fill() error {
	if in.err != nil {
		return in.err
	}
	in.makeRoom()
	n, err := in.from.Read(in.buf[in.end : len(in.buf)-slack])
	in.end += n
	in.buf[in.end] = '\n'
	if errors.Is(err, stream.ErrNotReady) {
		if n > 0 {
			return nil
		}
		return stream.ErrNotReady
	}
	in.err = err
	if n > 0 {
		return nil
	}
	return err
}

// double reads on until the window has twice the text, or there is no more just
// now: a record that does not end is looked at again and again, and so no more
// often than its length doubles. An error comes with the next call, if there was
// text before it.
func (in *input) double() error {
	had := len(in.text())
	err := in.fill()
	for err == nil && in.err == nil && len(in.text()) < min(2*had, maxRecord) {
		err = in.fill()
	}
	if len(in.text()) > had {
		return nil
	}
	return err
}

func (in *input) makeRoom() {
	if in.buf == nil {
		in.buf = in.pool.Allocate(in.size)
	}
	if in.at > 0 {
		copy(in.buf, in.buf[in.at:in.end])
		in.base += int64(in.at)
		in.at, in.end = 0, in.end-in.at
	}
	if in.end > len(in.buf)/2 {
		in.buf = in.pool.Reallocate(2*len(in.buf), in.buf)
	}
}

// advance moves forward to an offset of the stream, by seeking where it can.
func (in *input) advance(offset int64) error {
	ahead := offset - in.base
	if ahead <= int64(in.end) {
		if ahead < int64(in.at) {
			return errors.New("the position lies inside the header")
		}
		in.at = int(ahead)
		return nil
	}
	if s, ok := in.from.(io.Seeker); ok && in.err == nil {
		if _, err := s.Seek(offset, io.SeekStart); err != nil {
			return err
		}
		in.base, in.at, in.end = offset, 0, 0
		in.buf[0] = '\n'
		return nil
	}
	return in.discard(offset)
}

// discard reads on to an offset of the stream.
func (in *input) discard(offset int64) error {
	for in.base+int64(in.end) < offset {
		in.at = in.end
		if err := in.fill(); err == io.EOF {
			return io.ErrUnexpectedEOF
		} else if err != nil {
			return err
		}
	}
	in.at = int(offset - in.base)
	return nil
}

func (in *input) close() {
	in.pool.Free(in.buf)
	in.buf, in.at, in.end, in.err = nil, 0, 0, io.EOF
}
