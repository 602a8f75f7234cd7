package memnet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirstream/weir/runtime/env"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// pair returns both ends of a connection from a to b.
func pair(t testing.TB, a, b env.Network, address string) (near, far net.Conn) {
	t.Helper()
	l, err := b.Listen("tcp", address)
	must(t, err)
	defer l.Close()
	near, err = a.Dial(t.Context(), "tcp", l.Addr().String())
	must(t, err)
	far, err = l.Accept()
	must(t, err)
	return near, far
}

// contract is what connections do on any network.
func contract(t *testing.T, n env.Network, address string) {
	l, err := n.Listen("tcp", address)
	must(t, err)
	at := l.Addr().String()
	if _, err := n.Listen("tcp", at); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("a port in use: %v", err)
	}
	must(t, l.Close())
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("accept after close: %v", err)
	}
	if _, err := n.Dial(t.Context(), "tcp", at); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("nobody listens: %v", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := n.Dial(ended, "tcp", at); err == nil {
		t.Error("dialled though there is no more time")
	}

	near, far := pair(t, n, n, address)
	if near.LocalAddr().String() != far.RemoteAddr().String() || near.RemoteAddr().String() != far.LocalAddr().String() {
		t.Errorf("%s to %s is %s to %s", near.LocalAddr(), near.RemoteAddr(), far.RemoteAddr(), far.LocalAddr())
	}
	b := make([]byte, 10)
	for _, past := range []time.Duration{-time.Second, time.Millisecond} {
		must(t, far.SetReadDeadline(time.Now().Add(past)))
		var told net.Error
		if _, err := far.Read(b); !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &told) || !told.Timeout() {
			t.Errorf("read past a deadline: %v", err)
		}
	}
	must(t, far.SetReadDeadline(time.Time{}))
	waits := make(chan error)
	go func() {
		_, err := far.Read(make([]byte, 1))
		waits <- err
	}()
	must(t, far.SetReadDeadline(time.Now().Add(time.Millisecond))) // of a read that waits
	if err := <-waits; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a read that waits has got a deadline: %v", err)
	}
	must(t, far.SetDeadline(time.Time{}))
	must(t, near.SetWriteDeadline(time.Now().Add(10*time.Millisecond)))
	sent := 0
	for err = error(nil); err == nil; { // nobody reads
		var n int
		n, err = near.Write(make([]byte, 1<<20))
		sent += n
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("write past a deadline: %v", err)
	}
	if n, err := io.CopyN(io.Discard, far, int64(sent)); err != nil {
		t.Errorf("%d of %d bytes have arrived: %v", n, sent, err)
	}
	must(t, near.SetWriteDeadline(time.Time{}))
	_, err = io.WriteString(near, "last")
	must(t, err)
	must(t, near.Close())
	if rest, err := io.ReadAll(far); string(rest) != "last" || err != nil {
		t.Errorf("the last words were %q: %v", rest, err)
	}
	if _, err := near.Read(b); !errors.Is(err, net.ErrClosed) {
		t.Errorf("read after close: %v", err)
	}
	if _, err := near.Write(b); !errors.Is(err, net.ErrClosed) {
		t.Errorf("write after close: %v", err)
	}
	go func() { waits <- far.Close() }()
	must(t, <-waits)
	if err := far.SetDeadline(time.Now()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a deadline after close: %v", err)
	}
}

// TestContract holds the network in memory and that of the operating system to the same.
func TestContract(t *testing.T) {
	t.Run("in memory", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			contract(t, New(1, Faults{Delay: 100 * time.Microsecond, Piece: 100_000}).Host("a"), ":0")
		})
	})
	t.Run("of the operating system", func(t *testing.T) { contract(t, env.OSNetwork{}, "127.0.0.1:0") })
}

// TestCut: what is sent between hosts that do not reach each other arrives later, and late is
// too late for who has a deadline.
func TestCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(1, Faults{Delay: time.Second})
		a, b := n.Host("a"), n.Host("b")
		near, far := pair(t, a, b, ":1")
		l, err := b.Listen("tcp", ":2")
		must(t, err)
		n.Cut("b", "a")
		_, err = io.WriteString(near, "x")
		must(t, err)
		must(t, near.Close())
		must(t, far.SetReadDeadline(time.Now().Add(time.Hour)))
		if _, err := far.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("read what cannot have arrived: %v", err)
		}
		if _, err := a.Dial(t.Context(), "tcp", "b:2"); !errors.Is(err, syscall.ETIMEDOUT) {
			t.Errorf("dialled a host that cannot be reached: %v", err)
		}
		dialled := make(chan error)
		go func() {
			_, err := a.Dial(t.Context(), "tcp", "b:2")
			dialled <- err
		}()
		synctest.Wait()
		n.Mend("a", "b")
		if err := <-dialled; err != nil {
			t.Errorf("dialled a host that is reached again: %v", err)
		}
		must(t, far.SetReadDeadline(time.Time{}))
		if rest, err := io.ReadAll(far); string(rest) != "x" || err != nil {
			t.Errorf("%q has arrived: %v", rest, err)
		}
		if _, err := a.Dial(t.Context(), "tcp", "c:2"); !errors.As(err, new(*net.DNSError)) {
			t.Errorf("dialled a host that is not there: %v", err)
		}
		if _, err := a.Listen("tcp", "b:3"); !errors.Is(err, syscall.EADDRNOTAVAIL) {
			t.Errorf("listened elsewhere: %v", err)
		}
		must(t, l.Close())
	})
}

// course tells what becomes of sixty connections over each of which a reply of 1000 bytes is read.
func course(t *testing.T, seed uint64) string {
	var told strings.Builder
	synctest.Test(t, func(t *testing.T) {
		n := New(seed, Faults{Delay: time.Second, Piece: 300, Refused: 0.2, Breaks: 0.5, Within: 1500})
		began := time.Now()
		l, err := n.Host("b").Listen("tcp", ":1")
		must(t, err)
		defer l.Close()
		for range 60 {
			near, err := n.Host("a").Dial(t.Context(), "tcp", "b:1")
			if err != nil {
				fmt.Fprintln(&told, err)
				continue
			}
			far, err := l.Accept()
			must(t, err)
			_, err = io.WriteString(near, strings.Repeat("q", 1000))
			fmt.Fprintln(&told, "asked", err)
			asked, err := io.ReadFull(far, make([]byte, 1000))
			fmt.Fprintln(&told, "heard", asked, err)
			_, err = far.Write(make([]byte, 1000))
			fmt.Fprintln(&told, "told", err)
			fmt.Fprintln(&told, "closed", far.Close())
			reply, err := io.ReadAll(near)
			fmt.Fprintln(&told, "read", len(reply), err, time.Since(began))
			if len(reply) < 1000 && !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("%d bytes of the reply are all: %v", len(reply), err)
			}
			_ = near.Close()
		}
	})
	return told.String()
}

// TestSeed: the same seed has the same fate, another one another; replies end anywhere, and never
// look whole.
func TestSeed(t *testing.T) {
	one := course(t, 1)
	if again := course(t, 1); again != one {
		t.Errorf("with one seed once\n%s\nand then\n%s", one, again)
	}
	if course(t, 2) == one {
		t.Error("two seeds have one fate")
	}
	half := false
	for line := range strings.Lines(one) {
		var n int
		_, _ = fmt.Sscanf(line, "read %d", &n)
		half = half || n > 0 && n < 1000
	}
	if !half || !strings.Contains(one, "refused") || !strings.Contains(one, "read 1000 <nil>") {
		t.Errorf("this is too tame:\n%s", one)
	}
}
