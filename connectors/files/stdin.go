package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// openStandardInput returns standard input, which can be read but once.
func (r *reader) openStandardInput(start stream.Bookmark) (io.ReadCloser, error) {
	switch {
	case r.context.Env.Stdin == nil:
		return nil, failure.Fatal(errors.New("file source: there is no standard input here"))
	case start != (stream.Bookmark{}) || r.stdin != nil:
		return nil, failure.Fatal(errors.New("file source: standard input was read in part and cannot be read again: " +
			"to be able to resume after a crash, write it to a file and read that; otherwise start afresh"))
	}
	r.stdin = newPump(func() (io.Reader, error) {
		return decompress(io.NopCloser(r.context.Env.Stdin), "standard input", r.source.compression)
	})
	return r.stdin, nil
}

// isDraining reports whether nothing behind standard input is to be read.
func (r *reader) isDraining() bool { return r.stdin != nil && r.stdin.draining }

// pump reads ahead on a goroutine of its own, so that its Read never waits.
type pump struct {
	chunks  chan chunk  // has room for all buffers: sending never waits
	free    chan []byte // buffers to fill
	stopped chan struct{}
	ended   chan struct{} // nothing is read any more
	current chunk

	draining bool // it takes in no more
}

type chunk struct {
	text []byte
	err  error // behind text
	buf  []byte
}

const pumpBytes = 64 << 10

func newPump(open func() (io.Reader, error)) *pump {
	p := &pump{
		chunks: make(chan chunk, 2), free: make(chan []byte, 2),
		stopped: make(chan struct{}), ended: make(chan struct{}),
	}
	for range cap(p.free) {
		p.free <- make([]byte, pumpBytes)
	}
	go p.run(open)
	return p
}

// run reads until there is no more. A panic, of a decompressor perhaps, is an
// error to whoever reads from the pump: here nobody would catch it.
func (p *pump) run(open func() (io.Reader, error)) {
	defer close(p.ended)
	defer func() {
		if r := recover(); r != nil {
			p.chunks <- chunk{err: fmt.Errorf("panic, which is a bug in weir: %v\n%s", r, debug.Stack())}
		}
	}()
	from, err := open()
	for err == nil {
		select {
		case buf := <-p.free:
			if p.isStopped() {
				return
			}
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
			continue
		default:
		}
		if !p.draining || !p.takeLast() {
			return false
		}
	}
	return true
}

// drain has the pump take in no more.
func (p *pump) drain() {
	p.draining = true
	p.stop()
}

// lastRead is how long a pump that is drained waits for a read under way, which
// may have got its text already. A read that waits for text cannot be ended.
const lastRead = 100 * time.Millisecond

// takeLast takes a chunk of a pump that is drained, if one comes yet.
func (p *pump) takeLast() bool {
	timeout := time.NewTimer(lastRead)
	defer timeout.Stop()
	select {
	case c := <-p.chunks:
		p.take(c)
		return true
	case <-p.ended:
	case <-timeout.C:
	}
	select { // it may have come with the end
	case c := <-p.chunks:
		p.take(c)
		return true
	default:
		return false
	}
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

// stop has the pump read no more.
func (p *pump) stop() {
	if p != nil && !p.isStopped() {
		close(p.stopped)
	}
}

func (p *pump) isStopped() bool {
	select {
	case <-p.stopped:
		return true
	default:
		return false
	}
}
