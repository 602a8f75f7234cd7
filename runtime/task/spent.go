package task

import (
	"runtime"
	"sync/atomic"
	"time"

	"github.com/weirstream/weir/runtime/status"
)

// activity is what a chain does with its time.
type activity int64

const (
	busy activity = iota
	idle
	backpressured
	activities
)

// spent adds up how a chain spends its time. Only the goroutine that steps the chain writes
// it, and only where what it does changes: twice for each rest, whatever is done in between.
// Any goroutine may read it.
type spent struct {
	now func() time.Time
	// version is odd while the fields below change; who reads then reads again.
	version atomic.Uint64
	since   atomic.Int64 // of what it does now, in ns since the epoch; 0: it has not begun
	doing   atomic.Int64
	totals  [activities]atomic.Int64 // ns
	resting bool                     // the writer's own
}

// begin notes that the chain is stepped.
func (s *spent) begin() {
	if s.resting || s.since.Load() == 0 {
		s.resting = false
		s.turn(busy)
	}
}

// rest notes that the chain has nothing to do until it is woken, or nothing that it could.
func (s *spent) rest(heldBack bool) {
	s.resting = true
	if heldBack {
		s.turn(backpressured)
		return
	}
	s.turn(idle)
}

func (s *spent) turn(to activity) {
	s.version.Add(1)
	now := s.now().UnixNano() // nobody reads what goes on beyond it
	if since := s.since.Load(); since != 0 {
		s.totals[s.doing.Load()].Add(max(now-since, 0))
	}
	s.since.Store(now)
	s.doing.Store(int64(to))
	s.version.Add(1)
}

// read returns what has been spent until now.
func (s *spent) read() status.Spent {
	for {
		version := s.version.Load()
		var totals [activities]int64
		for i := range totals {
			totals[i] = s.totals[i].Load()
		}
		since, doing := s.since.Load(), s.doing.Load()
		now := s.now().UnixNano() // as long as it does that
		if version%2 == 1 || s.version.Load() != version {
			runtime.Gosched()
			continue
		}
		if since != 0 {
			totals[doing] += max(now-since, 0)
		}
		return status.Spent{Busy: time.Duration(totals[busy]), Idle: time.Duration(totals[idle]),
			Backpressured: time.Duration(totals[backpressured])}
	}
}
