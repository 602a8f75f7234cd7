package probe

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// timers sets a timer per row and emits the row's id when the watermark reaches
// the time it is due at. Input: id, due. A timer is in the table until it fires,
// so that the rest of a firing follows from the table and the watermark.
type timers struct {
	stream.OperatorContext
	watch     *stopwatch
	table     *state.Table
	due       state.Int64s
	watermark record.Time
	earliest  int64 // no timer is due before it
	next      state.RowID
	least     int64 // of the timers that the scan has left behind
	firing    bool

	hashes []uint64
	rows   []state.RowID
}

// stopwatch is what the subtasks of a job tell of their calls.
type stopwatch struct {
	fired atomic.Int64

	mu        sync.Mutex
	triggered map[stream.CheckpointID]time.Time
	passed    map[stream.CheckpointID]time.Time // by the last subtask of timers
	during    map[stream.CheckpointID]bool      // passed while it fired
	step      time.Duration                     // the longest Step of timers
	resume    time.Duration                     // the longest Resume of timers
	stopped   bool
	first     time.Time // begin of the first call that fired
	last      time.Time // end of the last call that fired
}

func newStopwatch() *stopwatch {
	return &stopwatch{
		triggered: map[stream.CheckpointID]time.Time{}, passed: map[stream.CheckpointID]time.Time{},
		during: map[stream.CheckpointID]bool{},
	}
}

func newTimers(watch *stopwatch) stream.NewOperator {
	return func(c stream.OperatorContext) (stream.Operator, error) {
		table, err := c.State.Table(state.TableSpec{
			Name: "timers", Key: []record.Field{{Name: "id", Type: record.Int64}}, Values: []record.Field{{Name: "due", Type: record.Timestamp}},
		})
		if err != nil {
			return nil, err
		}
		o := &timers{OperatorContext: c, watch: watch, table: table, due: table.Int64(0), watermark: record.MinTime,
			earliest: int64(record.MinTime)}
		for i, cell := range c.State.Cells("watermark") {
			if w := record.Time(binary.LittleEndian.Uint64(cell)); i == 0 || w < o.watermark {
				o.watermark = w
			}
		}
		o.fire()
		return o, nil
	}
}

// fire begins to look for timers that are due.
func (o *timers) fire() {
	o.firing, o.next, o.least = int64(o.watermark) >= o.earliest, 0, int64(record.MaxTime)
}

func (o *timers) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	defer o.watch.called(&o.watch.step, time.Now())
	switch e.Kind {
	case stream.KindBatch:
		o.set(e.Batch)
	case stream.KindWatermark:
		o.watermark = e.Time
		if o.fire(); !o.firing {
			out.Emit(stream.Main, e)
		}
	default:
		out.Emit(stream.Main, e)
	}
	return nil
}

func (o *timers) set(b *record.Batch) {
	b = b.Dense()
	defer b.Release()
	o.Counters.In.Add(int64(b.Len()))
	o.Counters.Accepted.Add(int64(b.Len()))
	o.hashes = keyrange.Hash(o.hashes[:0], b.Columns[:1], nil, b.Len())
	if cap(o.rows) < b.Len() {
		o.rows = make([]state.RowID, b.Len())
	}
	o.rows = o.rows[:b.Len()]
	before := o.table.Len()
	o.table.Upsert(o.hashes, b.Columns[:1], nil, nil, o.rows, nil)
	for i, r := range o.rows {
		due := b.Columns[1].Int64s()[i]
		*o.due.Ptr(r) = due
		if before == 0 && i == 0 {
			o.earliest = due
		}
		o.earliest = min(o.earliest, due)
	}
}

func (o *timers) Resume(out stream.Emitter) (pending bool, err error) {
	if !o.firing {
		return false, nil
	}
	began := time.Now()
	defer o.watch.called(&o.watch.resume, began)
	ids := o.Pool.NewColumn(record.Int64, o.Budget)
	var due []state.RowID
	for range 4 * o.Budget {
		r := o.table.Scan(o.next)
		if r == state.NoRow {
			o.firing = false
			break
		}
		o.next = r + 1
		if at := o.due.Get(r); at > int64(o.watermark) {
			o.least = min(o.least, at)
			continue
		}
		if due = append(due, r); len(due) == o.Budget {
			break
		}
	}
	o.table.AppendKeys([]*record.Column{ids}, due)
	for _, r := range due {
		o.table.Delete(r)
	}
	b := o.Pool.NewBatch(idSchema, len(due))
	b.Columns = append(b.Columns, ids)
	out.Emit(stream.Main, stream.BatchOf(b))
	if len(due) > 0 {
		o.watch.firing(began)
	}
	o.watch.fired.Add(int64(len(due)))
	if !o.firing {
		o.earliest = o.least
		if o.watermark > record.MinTime {
			out.Emit(stream.Main, stream.WatermarkOf(o.watermark))
		}
		o.State.Release() // next, where a scan goes on, counts no more
	}
	return o.firing, nil
}

var idSchema = record.MustSchema(record.Field{Name: "id", Type: record.Int64})

func (o *timers) Snapshot(id stream.CheckpointID) error {
	o.State.SetCell("watermark", binary.LittleEndian.AppendUint64(nil, uint64(o.watermark)))
	o.watch.mu.Lock()
	defer o.watch.mu.Unlock()
	o.watch.passed[id] = time.Now()
	o.watch.during[id] = o.watch.during[id] || o.firing
	return nil
}

func (o *timers) Close() {}

// called notes a call that began at a moment and returns now.
func (s *stopwatch) called(longest *time.Duration, began time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*longest = max(*longest, time.Since(began))
}

// firing notes a call that fires timers.
func (s *stopwatch) firing(began time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first.IsZero() {
		s.first = began
	}
	if !s.stopped {
		s.last = time.Now()
	}
}

// tap passes everything on and notes when barriers come by.
type tap struct{ watch *stopwatch }

func newTap(watch *stopwatch) stream.NewOperator {
	return func(stream.OperatorContext) (stream.Operator, error) { return tap{watch}, nil }
}

func (o tap) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	out.Emit(stream.Main, e)
	return nil
}

func (o tap) Snapshot(id stream.CheckpointID) error {
	o.watch.mu.Lock()
	defer o.watch.mu.Unlock()
	o.watch.triggered[id] = time.Now()
	return nil
}

func (o tap) Resume(stream.Emitter) (bool, error) { return false, nil }
func (o tap) Close()                              {}
