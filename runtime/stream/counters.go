package stream

import "sync/atomic"

// Counters tell what became of the rows of one subtask. The actor adds to them
// once a batch; anyone may read them. They are part of a checkpoint, so that
// after a restore they count each row once.
//
// Invariant, between two calls: In = Accepted + Late + Dropped + DeadLetters + Skipped
// (see [CounterValues.Sum]).
type Counters struct {
	In          atomic.Int64 // rows taken in
	Accepted    atomic.Int64 // rows that took part, a row that a filter turned away included
	Late        atomic.Int64 // rows late for all of their windows
	Dropped     atomic.Int64 // rows that failed under on_error: drop
	DeadLetters atomic.Int64 // rows that failed under on_error: dead_letter
	Skipped     atomic.Int64 // of a source: rows outside the range of event time that the job is run over, and records it wants no rows of
	Out         atomic.Int64 // rows emitted on Main
	LatePartly  atomic.Int64 // rows late for some of their windows, but not for all
	LatePairs   atomic.Int64 // (row, window) pairs that were late
	LateMerges  atomic.Int64 // session rows that took part though they were behind their watermark
	MaxLate     atomic.Int64 // µs by which watermarks would have had to be lower for no row to be late
	MaxDisorder atomic.Int64 // of a source: µs by which a row came behind the greatest event time of its split
}

// SawLate notes by how many µs the latest row of a batch was late.
func (c *Counters) SawLate(by int64) { raise(&c.MaxLate, by) }

// SawDisorder notes by how many µs a row of a batch came out of order.
func (c *Counters) SawDisorder(by int64) { raise(&c.MaxDisorder, by) }

// raise has a counter that only its actor writes be v at least.
func raise(c *atomic.Int64, v int64) {
	if v > c.Load() {
		c.Store(v)
	}
}

// CounterValues is a copy of [Counters], as checkpoints and reports hold it.
type CounterValues struct {
	In          int64 `json:"in"`
	Accepted    int64 `json:"accepted"`
	Late        int64 `json:"late"`
	Dropped     int64 `json:"dropped"`
	DeadLetters int64 `json:"dead_letters"`
	Skipped     int64 `json:"skipped"`
	Out         int64 `json:"out"`
	LatePartly  int64 `json:"late_partly"`
	LatePairs   int64 `json:"late_pairs"`
	LateMerges  int64 `json:"late_merges"`
	MaxLate     int64 `json:"max_late_us"`
	MaxDisorder int64 `json:"max_disorder_us"`
}

// Values returns the counters as they are now.
func (c *Counters) Values() CounterValues {
	return CounterValues{
		In: c.In.Load(), Accepted: c.Accepted.Load(), Late: c.Late.Load(),
		Dropped: c.Dropped.Load(), DeadLetters: c.DeadLetters.Load(), Skipped: c.Skipped.Load(), Out: c.Out.Load(),
		LatePartly: c.LatePartly.Load(), LatePairs: c.LatePairs.Load(), LateMerges: c.LateMerges.Load(),
		MaxLate: c.MaxLate.Load(), MaxDisorder: c.MaxDisorder.Load(),
	}
}

// Restore adds the values of a checkpoint.
func (c *Counters) Restore(v CounterValues) {
	c.In.Add(v.In)
	c.Accepted.Add(v.Accepted)
	c.Late.Add(v.Late)
	c.Dropped.Add(v.Dropped)
	c.DeadLetters.Add(v.DeadLetters)
	c.Skipped.Add(v.Skipped)
	c.Out.Add(v.Out)
	c.LatePartly.Add(v.LatePartly)
	c.LatePairs.Add(v.LatePairs)
	c.LateMerges.Add(v.LateMerges)
	raise(&c.MaxLate, v.MaxLate)
	raise(&c.MaxDisorder, v.MaxDisorder)
}

// Add returns the sum of two subtasks' counters.
func (v CounterValues) Add(w CounterValues) CounterValues {
	return CounterValues{
		In: v.In + w.In, Accepted: v.Accepted + w.Accepted, Late: v.Late + w.Late,
		Dropped: v.Dropped + w.Dropped, DeadLetters: v.DeadLetters + w.DeadLetters, Skipped: v.Skipped + w.Skipped, Out: v.Out + w.Out,
		LatePartly: v.LatePartly + w.LatePartly, LatePairs: v.LatePairs + w.LatePairs, LateMerges: v.LateMerges + w.LateMerges,
		MaxLate: max(v.MaxLate, w.MaxLate), MaxDisorder: max(v.MaxDisorder, w.MaxDisorder),
	}
}

// Since returns what was counted since w. What is a maximum stays as it is.
func (v CounterValues) Since(w CounterValues) CounterValues {
	return CounterValues{
		In: v.In - w.In, Accepted: v.Accepted - w.Accepted, Late: v.Late - w.Late,
		Dropped: v.Dropped - w.Dropped, DeadLetters: v.DeadLetters - w.DeadLetters, Skipped: v.Skipped - w.Skipped, Out: v.Out - w.Out,
		LatePartly: v.LatePartly - w.LatePartly, LatePairs: v.LatePairs - w.LatePairs, LateMerges: v.LateMerges - w.LateMerges,
		MaxLate: v.MaxLate, MaxDisorder: v.MaxDisorder,
	}
}

// Sum returns how many rows are accounted for, which is In.
func (v CounterValues) Sum() int64 {
	return v.Accepted + v.Late + v.Dropped + v.DeadLetters + v.Skipped
}
