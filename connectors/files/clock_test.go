package files

import (
	"context"
	"time"
)

// clock is a clock that stands still but for those who sleep: to them it is the
// later time at once.
type clock struct {
	now   time.Time
	sleep func() // called in the middle of each sleep, unless nil
}

func (c *clock) Now() time.Time { return c.now }

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.now = c.now.Add(d)
	if c.sleep != nil {
		c.sleep()
	}
	return ctx.Err()
}

func newClock() *clock { return &clock{now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)} }
