package statetest

import (
	"math"
	"slices"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// clocks is what a subtask was told of time.
type clocks struct {
	keys keyrange.Range
	now  []int64 // by table; never is none
}

// What a clock has had before it is told a time, and until when a row is there that has
// none to begin with.
const (
	never   = math.MinInt64
	forever = math.MaxInt64
)

// regroup gives a model the clocks of other subtasks: each the earliest of those before.
func (m *model) regroup(parallelism int) {
	olds := m.clocks
	m.clocks = nil
	for i := range parallelism {
		c := clocks{keys: keyrange.Of(i, parallelism)}
		for table := range m.specs {
			now := int64(forever)
			for _, old := range olds {
				if old.keys.Overlaps(c.keys) {
					now = min(now, old.now[table])
				}
			}
			if len(olds) == 0 {
				now = never
			}
			c.now = append(c.now, now)
		}
		m.clocks = append(m.clocks, c)
	}
}

// until returns the last moment of a row that is written now.
func (m *model) until(table int, hash uint64) int64 {
	at := slices.IndexFunc(m.clocks, func(c clocks) bool { return c.keys.Contains(hash) })
	now, after := m.clocks[at].now[table], m.specs[table].TTL.After.Microseconds()
	switch {
	case now == never || after == 0:
		return forever
	case now > math.MaxInt64-after:
		return math.MaxInt64 - 1
	}
	return now + after - 1
}

// advance tells a subtask the time: rows that have expired are gone at once.
func (m *model) advance(subtask int, clock state.Clock, now int64) {
	c := m.clocks[subtask]
	now = min(now, math.MaxInt64-1)
	for table, spec := range m.specs {
		if was := c.now[table]; spec.TTL.Clock == clock && now > was {
			c.now[table] = now
			m.expire(table, c, was == never)
		}
	}
}

func (m *model) expire(table int, c clocks, first bool) {
	for id, r := range m.tables[table] {
		if !c.keys.Contains(r.hash) {
			continue
		}
		if first && r.until == forever {
			r.until = m.until(table, r.hash)
			m.tables[table][id] = r
		}
		if r.until < c.now[table] {
			delete(m.tables[table], id)
		}
	}
}

// changeTTL gives a table another TTL, or none. By another clock rows age anew.
func (m *model) changeTTL(table int, ttl state.TTL) {
	was := m.specs[table].TTL
	m.specs[table].TTL = ttl
	if was.Clock == ttl.Clock {
		return
	}
	for i := range m.clocks {
		m.clocks[i].now[table] = never
	}
	for id, r := range m.tables[table] {
		r.until = forever
		m.tables[table][id] = r
	}
}

// otherTTL returns a TTL, which is none at times.
func (d *driver) otherTTL(was state.TTL) state.TTL {
	switch d.random.IntN(4) {
	case 0:
		return was
	case 1:
		return state.TTL{}
	}
	return state.TTL{
		Clock: state.Clock(1 + d.random.IntN(2)), After: time.Duration(1+d.random.IntN(1<<d.random.IntN(14))) * time.Microsecond,
		FromMade: d.random.IntN(3) == 0,
	}
}

// advance tells the subtasks the time by one clock, and goes on at once, before what has
// expired is dropped, with some of its tables or a checkpoint.
func (d *driver) advance() {
	clock := state.Clock(1 + d.random.IntN(2))
	d.tell(clock)
	for table, spec := range d.model.specs {
		if spec.TTL.Clock == clock && d.random.IntN(4) == 0 {
			[]func(int){d.add, d.add, d.takeDue}[d.random.IntN(3)](table)
		}
	}
	if d.random.IntN(3) == 0 {
		d.freeze()
		d.finish()
	}
}

// tell tells the subtasks the time by one clock. They do not quite agree on it.
func (d *driver) tell(clock state.Clock) {
	d.time += d.random.Int64N(1 << d.random.IntN(13))
	for i, s := range d.subtasks {
		now := d.time
		switch n := d.random.IntN(300); {
		case n == 0:
			now = math.MaxInt64
		case n < 20:
			now = math.MinInt64
		case n < 100:
			now -= d.random.Int64N(1000)
		}
		s.backend.Advance(clock, record.Time(now))
		d.model.advance(i, clock, now)
	}
}

// renew gives some rows of a table a new time to live.
func (d *driver) renew(table int) {
	if d.model.specs[table].TTL.Clock == state.NoClock {
		return
	}
	for _, s := range d.subtasks {
		t := s.tables[table]
		var rows []state.RowID
		for r := t.Scan(0); r != state.NoRow; r = t.Scan(r + 1) {
			if d.random.IntN(3) == 0 {
				id := name(table, d.read(t, r))
				had := d.model.tables[table][id]
				had.until = d.model.until(table, had.hash)
				d.model.tables[table][id] = had
				rows = append(rows, r)
			}
		}
		t.Renew(rows)
	}
}

// checkLen checks how many rows a table holds that has so many: more only while some
// that have expired are to be dropped.
func (d *driver) checkLen(table int, t *state.Table, n int) {
	for calls := 0; t.Len() != n; calls++ {
		if d.model.specs[table].TTL.Clock == state.NoClock || t.Len() < n || calls == 1000 {
			d.fatalf("%s: %d rows are live, Len is %d after %d calls of Release", tables[table].Name, n, t.Len(), calls)
		}
		if d.random.IntN(2) == 0 {
			return // later
		}
		d.release()
	}
}
