// Package pace slows a source down to a number of rows a second, so that a short
// input lasts long enough to watch, or to kill the job in the middle of it.
package pace

import (
	"context"
	"time"

	"github.com/weirstream/weir/runtime/env"
)

// Pace holds back a reader. A Pace of rate 0 never waits.
type Pace struct {
	clock env.Clock
	rate  int64 // rows a second
	begin time.Time
	rows  int64 // since begin
}

// New returns a pace of rate rows a second.
func New(clock env.Clock, rate int64) *Pace { return &Pace{clock: clock, rate: rate} }

// BatchRows returns how many rows to read at a time: at most full, and fewer at
// a low rate, so that rows come evenly and not in bursts.
func (p *Pace) BatchRows(full int) int {
	const batchesPerSecond = 100
	if p.rate == 0 {
		return full
	}
	return int(min(int64(full), max(1, p.rate/batchesPerSecond)))
}

// Wait returns when the next rows are due, or with ctx's error.
func (p *Pace) Wait(ctx context.Context) error {
	if p.rate == 0 {
		return ctx.Err()
	}
	now := p.clock.Now()
	if p.begin.IsZero() {
		p.begin = now
	}
	due := p.begin.Add(time.Duration(float64(p.rows) / float64(p.rate) * float64(time.Second)))
	if early := due.Sub(now); early > 0 {
		return p.clock.Sleep(ctx, early)
	}
	return ctx.Err()
}

// Add tells that rows were read.
func (p *Pace) Add(rows int) { p.rows += int64(rows) }
