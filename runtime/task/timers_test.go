package task_test

import (
	"encoding/binary"
	"sync"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// timers sets a timer per row and emits the row's id when the watermark reaches
// the time it is due at. Input: id, due. What is still to fire follows from the table
// and the watermark.
type timers struct {
	stream.OperatorContext
	watch     *firingWatch
	table     *state.Table
	watermark record.Time
	firing    bool

	hashes []uint64
	rows   []state.RowID
	due    []state.RowID
}

// interleaving is timers that take in rows while they fire.
type interleaving struct{ *timers }

func (interleaving) Interleaves() bool { return true }

// firingWatch is what the subtasks of a job tell of their firings and barriers.
type firingWatch struct {
	interleave bool

	mu        sync.Mutex
	fired     int64
	triggered map[stream.CheckpointID]moment
	passed    map[stream.CheckpointID]moment // by the last subtask of timers
	during    map[stream.CheckpointID]bool   // passed while it fired
}

// moment is when something happened, by the clock and by the timers that had fired.
type moment struct {
	at    time.Time
	fired int64
}

func newFiringWatch(interleave bool) *firingWatch {
	return &firingWatch{
		interleave: interleave,
		triggered:  map[stream.CheckpointID]moment{}, passed: map[stream.CheckpointID]moment{}, during: map[stream.CheckpointID]bool{},
	}
}

// hasFired returns how many timers have fired.
func (w *firingWatch) hasFired() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.fired
}

func (w *firingWatch) now() moment { return moment{time.Now(), w.fired} }

// waited returns how long the barriers waited that were triggered after from timers had
// fired and before until had: the longest time, the most timers, and how many they were.
func (w *firingWatch) waited(from, until int64) (longest time.Duration, most int64, barriers int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, triggered := range w.triggered {
		passed, ok := w.passed[id]
		if !ok || triggered.fired <= from || triggered.fired >= until {
			continue
		}
		barriers++
		longest, most = max(longest, passed.at.Sub(triggered.at)), max(most, passed.fired-triggered.fired)
	}
	return longest, most, barriers
}

func newTimers(watch *firingWatch) stream.NewOperator {
	return func(c stream.OperatorContext) (stream.Operator, error) {
		table, err := c.State.Table(state.TableSpec{
			Name: "timers", Key: []record.Field{{Name: "id", Type: record.Int64}},
			Values: []record.Field{{Name: "due", Type: record.Timestamp}}, Due: state.DueByValue(0),
		})
		if err != nil {
			return nil, err
		}
		o := &timers{OperatorContext: c, watch: watch, table: table, watermark: record.MinTime}
		for _, cell := range c.State.Cells("watermark") {
			o.watermark = max(o.watermark, record.Time(binary.LittleEndian.Uint64(cell)))
		}
		o.firing = true
		if watch.interleave {
			return interleaving{o}, nil
		}
		return o, nil
	}
}

func (o *timers) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	defer o.State.Release()
	switch e.Kind {
	case stream.KindBatch:
		o.set(e.Batch)
	case stream.KindWatermark:
		o.watermark, o.firing = max(o.watermark, e.Time), true
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
	o.rows = append(o.rows[:0], make([]state.RowID, b.Len())...)
	o.table.Upsert(o.hashes, b.Columns[:1], nil, nil, o.rows, nil)
	for i, r := range o.rows {
		o.table.SetDue(r, b.Columns[1].Int64s()[i])
	}
}

func (o *timers) Resume(out stream.Emitter) (pending bool, err error) {
	defer o.State.Release()
	if !o.firing {
		return false, nil
	}
	o.due, o.firing = o.table.Due(int64(o.watermark), o.Budget, o.due[:0])
	o.emit(out)
	if !o.firing {
		o.Progress.Forward(out, o.watermark)
	}
	return o.firing, nil
}

var idSchema = record.MustSchema(record.Field{Name: "id", Type: record.Int64})

func (o *timers) emit(out stream.Emitter) {
	b := o.Pool.NewBatch(idSchema, len(o.due))
	b.Columns = append(b.Columns, o.Pool.NewColumn(record.Int64, len(o.due)))
	o.table.AppendKeys(b.Columns, o.due)
	for _, r := range o.due {
		o.table.Delete(r)
	}
	o.Counters.Out.Add(int64(len(o.due)))
	out.Emit(stream.Main, stream.BatchOf(b))
	o.watch.mu.Lock()
	o.watch.fired += int64(len(o.due))
	o.watch.mu.Unlock()
}

func (o *timers) Snapshot(id stream.CheckpointID) error {
	o.State.SetCell("watermark", binary.LittleEndian.AppendUint64(nil, uint64(o.watermark)))
	o.watch.mu.Lock()
	defer o.watch.mu.Unlock()
	o.watch.passed[id] = o.watch.now()
	o.watch.during[id] = o.watch.during[id] || o.firing
	return nil
}

func (o *timers) Close() {}

// tap passes everything on and notes when barriers come by.
type tap struct{ watch *firingWatch }

func newTap(watch *firingWatch) stream.NewOperator {
	return func(stream.OperatorContext) (stream.Operator, error) { return tap{watch}, nil }
}

func (o tap) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	out.Emit(stream.Main, e)
	return nil
}

func (o tap) Snapshot(id stream.CheckpointID) error {
	o.watch.mu.Lock()
	defer o.watch.mu.Unlock()
	o.watch.triggered[id] = o.watch.now()
	return nil
}

func (o tap) Resume(stream.Emitter) (bool, error) { return false, nil }
func (o tap) Close()                              {}
