// Package env is the only door through which the engine, operators and
// connectors reach the world: clock, random numbers, files, the network and the standard
// streams. Production code uses [Real]; tests and the simulation pass models of it, so that a run is a
// function of its seed and its input.
package env

import (
	"context"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"github.com/weirstream/weir/runtime/env/shared"
)

// Env is what a job may touch.
type Env struct {
	Clock  Clock
	Random *Random
	Files  FS
	// Net is nil where nobody may wait for others, as in a simulation that steps actors.
	Net Network
	// Stdin and Stdout are nil where there is no such stream. Writes to Stdout
	// come from several goroutines; the writers see to whole lines.
	Stdin  io.Reader
	Stdout io.Writer
	// Shared has what jobs open once between them; nil where each opens its own.
	Shared *shared.Pool
}

// ofProcess is what all jobs of this process share: what a file is locked against, or a
// connection counted by, is the process.
var ofProcess shared.Pool

// Clock tells processing time.
type Clock interface {
	Now() time.Time
	// Sleep returns after d, or with ctx's error when that ends first.
	Sleep(ctx context.Context, d time.Duration) error
}

// Real returns the environment of the operating system.
func Real() Env {
	return Env{
		Clock:  systemClock{},
		Random: NewRandom(rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))),
		Files:  OS{},
		Net:    OSNetwork{},
		Stdin:  os.Stdin,
		Stdout: os.Stdout,
		Shared: &ofProcess,
	}
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
