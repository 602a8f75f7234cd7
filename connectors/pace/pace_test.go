package pace

import (
	"context"
	"errors"
	"testing"
	"time"
)

// clock is a clock on which sleeping takes no time.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.now = c.now.Add(d)
	return ctx.Err()
}

func TestPace(t *testing.T) {
	c := &clock{now: time.Unix(1000, 0)}
	p := New(c, 200)
	n := p.BatchRows(1024)
	if n != 2 {
		t.Errorf("batches of %d rows at 200 rows a second, want 2", n)
	}
	for range 500 {
		if err := p.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.Add(n)
	}
	if took := c.now.Sub(time.Unix(1000, 0)); took != 4990*time.Millisecond {
		t.Errorf("1000 rows took %v, want 4.99s before the last two", took)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting with a cancelled context: %v", err)
	}
}

func TestNoPace(t *testing.T) {
	p := New(nil, 0)
	p.Add(1 << 40)
	if err := p.Wait(t.Context()); err != nil || p.BatchRows(1024) != 1024 {
		t.Errorf("rate 0: %v, batches of %d", err, p.BatchRows(1024))
	}
}
