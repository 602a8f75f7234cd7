package state

import "sync/atomic"

// gauge is how many bytes something takes, and took at most. It is safe for concurrent use.
type gauge struct{ now, most atomic.Int64 }

// add notes that it takes so many more.
func (g *gauge) add(bytes int64) {
	if g == nil {
		return
	}
	for now := g.now.Add(bytes); ; {
		most := g.most.Load()
		if now <= most || g.most.CompareAndSwap(most, now) {
			return
		}
	}
}

// Holding is the memory that state takes, in bytes, and took at most: rows, with what is known
// of those below, and what is kept for snapshots and runs while they are written.
type Holding struct {
	Rows, MostRows           int64
	Snapshots, MostSnapshots int64
}

// Holding returns the memory of all backends.
func (t *Tier) Holding() Holding {
	return Holding{t.all.now.Load(), t.all.most.Load(), t.snapshots.now.Load(), t.snapshots.most.Load()}
}
