package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/weirstream/weir/runtime/stream"
)

// openStandardInput returns standard input, which can be read but once.
func (r *reader) openStandardInput(start stream.Mark) (io.ReadCloser, error) {
	switch {
	case r.context.Env.Stdin == nil:
		return nil, errors.New("file source: there is no standard input here")
	case start != (stream.Mark{}) || r.stdin != nil:
		return nil, errors.New("file source: standard input was read in part and cannot be read again: to be able to go on after a crash, write it to a file and read that; to begin anew, start afresh")
	}
	r.stdin = newPump(func() (io.Reader, error) {
		return decompress(io.NopCloser(r.context.Env.Stdin), "standard input", r.source.compression)
	})
	return r.stdin, nil
}

// pump reads ahead on a goroutine of its own, so that its Read never waits.
type pump struct {
	chunks  chan chunk  // has room for all buffers: sending never waits
	free    chan []byte // buffers to fill
	stopped chan struct{}
	current chunk
}

type chunk struct {
	text []byte
	err  error // behind text
	buf  []byte
}

const pumpBytes = 64 << 10

func newPump(open func() (io.Reader, error)) *pump {
	p := &pump{chunks: make(chan chunk, 2), free: make(chan []byte, 2), stopped: make(chan struct{})}
	for range cap(p.free) {
		p.free <- make([]byte, pumpBytes)
	}
	go p.run(open)
	return p
}

// run reads until there is no more. A panic, of a decompressor perhaps, is an
// error to whoever reads from the pump: here nobody would catch it.
func (p *pump) run(open func() (io.Reader, error)) {
	defer func() {
		if r := recover(); r != nil {
			p.chunks <- chunk{err: fmt.Errorf("panic, which is a bug in weir: %v\n%s", r, debug.Stack())}
		}
	}()
	from, err := open()
	for err == nil {
		select {
		case buf := <-p.free:
			var n int
			n, err = from.Read(buf)
			p.chunks <- chunk{buf[:n], err, buf}
		case <-p.stopped:
			return
		}
	}
	if from == nil {
		p.chunks <- chunk{err: err}
	}
}

// Read returns what is there already, or [stream.ErrNotReady].
func (p *pump) Read(to []byte) (int, error) {
	if !p.ready() {
		return 0, stream.ErrNotReady
	}
	n := copy(to, p.current.text)
	p.current.text = p.current.text[n:]
	if len(p.current.text) > 0 {
		return n, nil
	}
	return n, p.current.err
}

// ready reports whether Read has text or an error to return.
func (p *pump) ready() bool {
	for len(p.current.text) == 0 && p.current.err == nil {
		select {
		case c := <-p.chunks:
			p.take(c)
		default:
			return false
		}
	}
	return true
}

// take makes a chunk the current one; the buffer of the one before can be filled
// again.
func (p *pump) take(c chunk) {
	if p.current.buf != nil {
		p.free <- p.current.buf
	}
	p.current = c
}

// wait returns when there is something to read, at once where it has come
// meanwhile, or with the error of ctx.
func (p *pump) wait(ctx context.Context) error {
	if p.ready() {
		return nil
	}
	select {
	case c := <-p.chunks:
		p.take(c)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close has nothing to do: the pump is stopped with its reader.
func (p *pump) Close() error { return nil }

func (p *pump) stop() {
	if p != nil {
		close(p.stopped)
	}
}
