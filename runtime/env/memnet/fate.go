package memnet

import (
	"math/rand/v2"
	"time"
)

// Faults are what goes wrong with connections. Of the zero Faults nothing does.
type Faults struct {
	// Delay is the most that a piece, or the making of a connection, takes.
	Delay time.Duration
	// Piece is the most bytes that arrive at once; 0 is 64 KiB.
	Piece int
	// Refused is the share of connections that are refused, from 0 to 1.
	Refused float64
	// Breaks is the share of connections that break: with a byte in either direction that is
	// drawn from the first Within.
	Breaks float64
	Within int
}

// fate is what becomes of one direction of a connection.
type fate struct {
	faults Faults
	random *rand.Rand
	breaks int // at this byte; -1 is never
	left   int // bytes of the piece that is being written
	delay  time.Duration
}

// draw returns what becomes of a connection.
func (f Faults) draw(random *rand.Rand) (delay time.Duration, refused bool, there, back fate) {
	direction := func() fate {
		return fate{faults: f, random: rand.New(rand.NewPCG(random.Uint64(), random.Uint64())), breaks: -1}
	}
	there, back = direction(), direction()
	delay, refused = f.wait(random), random.Float64() < f.Refused
	if breaks, at, reply := random.Float64() < f.Breaks, random.IntN(max(f.Within, 1)), random.IntN(2) == 0; !breaks {
		return delay, refused, there, back
	} else if reply {
		back.breaks = at
	} else {
		there.breaks = at
	}
	return delay, refused, there, back
}

// wait draws a delay.
func (f Faults) wait(random *rand.Rand) time.Duration {
	return time.Duration(random.Int64N(int64(f.Delay) + 1))
}

// piece returns how many of so many bytes arrive together, and how much later than they were written.
func (f *fate) piece(n int) (int, time.Duration) {
	if f.left == 0 {
		f.left, f.delay = 64<<10, f.faults.wait(f.random)
		if f.faults.Piece > 0 {
			f.left = 1 + f.random.IntN(f.faults.Piece)
		}
	}
	n = min(n, f.left)
	f.left -= n
	return n, f.delay
}
