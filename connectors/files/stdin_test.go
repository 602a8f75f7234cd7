package files

import (
	"context"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// TestWaitForInputThatHasCome has text come between the look for it and the wait.
func TestWaitForInputThatHasCome(t *testing.T) {
	p := newPump(func() (io.Reader, error) { return strings.NewReader("text"), nil })
	defer p.stop()
	for !p.ready() {
		runtime.Gosched()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := p.wait(ctx); err != nil {
		t.Errorf("text was there, and the wait for it ended with: %v", err)
	}
}

// TestPausedStandardInputWaits pauses standard input although text is there:
// Fetch waits for the end of its context, without turning round and round.
func TestPausedStandardInputWaits(t *testing.T) {
	e := env.Real()
	e.Stdin = strings.NewReader("id,text\n1,a\n2,b\n")
	pool := record.NewCheckedPool()
	r, err := openSource(t, sourceSchema, map[string]string{"path": "-"}).NewReader(stream.ReaderContext{Env: e, Pool: pool, BatchRows: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Assign([]stream.Split{{ID: oneSplit}}); err != nil {
		t.Fatal(err)
	}
	r.(stream.Pauser).Pause(oneSplit)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if f, err := r.Fetch(ctx); err != context.DeadlineExceeded {
		t.Errorf("a paused split gave %+v, %v", f, err)
	}
}

// broken panics where a decompressor would.
type broken struct{}

func (broken) Read([]byte) (int, error) { panic("planted panic") }

// TestPanicOfThePumpIsAnError has the goroutine that reads standard input panic.
func TestPanicOfThePumpIsAnError(t *testing.T) {
	e := env.Real()
	e.Stdin = broken{}
	r, err := openSource(t, sourceSchema, map[string]string{"path": "-"}).NewReader(stream.ReaderContext{Env: e,
		Pool: record.NewCheckedPool(), BatchRows: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Assign([]stream.Split{{ID: oneSplit}}); err != nil {
		t.Fatal(err)
	}
	for {
		f, err := fetchOne(context.Background(), r)
		if err == nil && f.CaughtUp {
			continue
		}
		if err == nil || !strings.Contains(err.Error(), "planted panic") {
			t.Errorf("the reader says %v", err)
		}
		return
	}
}
