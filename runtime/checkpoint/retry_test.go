package checkpoint

import (
	"errors"
	"testing"
	"time"
)

// Waits double up to a minute; where there is a limit, the last attempt is at its end and not behind
// it.
func TestRetry(t *testing.T) {
	for _, c := range []struct {
		long time.Duration
		want []int // seconds between attempts
	}{
		{0, []int{1, 2, 4, 8, 16, 32, 60, 60, 60}},
		{100 * time.Second, []int{1, 2, 4, 8, 16, 32, 37}},
		{time.Second, []int{1}},
		{500 * time.Second, []int{1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60, 60, 17}},
	} {
		var r Retry
		now := time.Unix(0, 0)
		for i, want := range c.want {
			if r.Over(now, c.long) {
				t.Errorf("within %v: over after %d attempts", c.long, i)
			}
			r.Failed(now, c.long, errors.New("refused"))
			if wait := r.Again.Sub(now); wait != time.Duration(want)*time.Second {
				t.Errorf("within %v: wait %d is %v, not %d s", c.long, i+1, wait, want)
			}
			now = r.Again
		}
		r.Failed(now, c.long, errors.New("refused"))
		if over := r.Over(now, c.long); over != (c.long > 0) {
			t.Errorf("within %v: over is %v at %v", c.long, over, now.Sub(r.Since))
		}
	}
}
