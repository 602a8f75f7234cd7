package task

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/weirstream/weir/runtime/fifo"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/watermark"
)

// prefetch is how many fetched batches may wait while the chain works.
const prefetch = 2

// source is one subtask of a source, at the head of a chain. Reading happens in
// the background, one Fetch at a time; the source gives what was fetched its
// event time and row watermarks, sends it on, and only then moves the position
// of the split.
type source struct {
	chain  *chain
	node   *node
	spec   *graph.SourceStep
	reader stream.Reader

	splits []*split
	byID   map[stream.SplitID]*split
	// combiner has a member for each split, and [undiscovered].
	combiner *watermark.Combiner

	toAssign  []stream.Split // wait until the fetch under way is back
	fetching  bool
	returned  time.Time          // of the last fetch
	interrupt context.CancelFunc // of the fetch under way
	ready     fifo.Queue[stream.Fetched]

	idle     bool // Idle was the last word
	stopped  bool // a barrier that stops the job has passed
	draining bool // what is fetched is sent on, and then the end
}

// undiscovered is the member of a source's combiner that stands for splits to
// come: it holds the watermark back until the first discovery, then is idle,
// and ends when there will be no more.
const undiscovered = 0

// split is where a source stands in one split.
type split struct {
	id       stream.SplitID
	position stream.Position
	mark     watermark.Split
	member   int  // of the combiner
	waiting  int  // batches of it in ready
	drained  bool // the reader has returned all of it
	finished bool // all of it has been sent on
	idle     bool
	// caughtUp is since when it has been, without a break; zero: it is not. Time
	// during which nothing was fetched is left out: nobody can tell then whether
	// the split would have had rows.
	caughtUp time.Time
}

// splitMeta is a split as checkpoints keep it.
type splitMeta struct {
	ID       stream.SplitID  `json:"id"`
	Position stream.Position `json:"position,omitempty"`
	Max      record.Time     `json:"max_event_time"`
	Finished bool            `json:"finished,omitempty"`
	Idle     bool            `json:"idle,omitempty"`
}

// freshSplit is a split of which nothing has been read.
func freshSplit(s stream.Split) splitMeta {
	return splitMeta{ID: s.ID, Position: s.Position, Max: record.MinTime}
}

func newSource(c *chain, n *node, reader stream.Reader) *source {
	return &source{
		chain: c, node: n, spec: n.step.Source, reader: reader,
		byID: map[stream.SplitID]*split{}, combiner: watermark.NewCombiner(1),
	}
}

// assign takes on more splits, each where its meta says.
func (s *source) assign(m assign) {
	before := s.combiner.Out()
	first := len(s.splits)
	for _, meta := range m.splits {
		if s.byID[meta.ID] == nil {
			s.add(meta)
		}
	}
	for _, sp := range s.splits[first:] {
		s.combiner.Raise(sp.member, sp.mark.Watermark())
		switch {
		case sp.finished:
			s.combiner.End(sp.member)
		case sp.idle:
			s.combiner.SetIdle(sp.member)
		}
	}
	if m.discovered {
		s.combiner.SetIdle(undiscovered)
	}
	if m.done {
		s.combiner.End(undiscovered)
	}
	if s.fetching && len(s.toAssign) > 0 {
		s.interrupt()
	}
	s.announce(s.combiner.Out() > before)
}

func (s *source) add(meta splitMeta) {
	sp := &split{
		id: meta.ID, position: meta.Position, member: s.combiner.Add(),
		drained: meta.Finished, finished: meta.Finished, idle: meta.Idle,
		mark: watermark.Split{Max: meta.Max, Delay: s.spec.EventTime.Delay},
	}
	s.splits = append(s.splits, sp)
	s.byID[sp.id] = sp
	if !sp.finished {
		s.toAssign = append(s.toAssign, stream.Split{ID: sp.id, Position: sp.position})
	}
}

// intake sends on what has been fetched, and has more fetched.
func (s *source) intake() (worked bool, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("source %q: %w", s.node.step.ID, err)
		}
	}()
	if s.stopped || s.node.ended {
		return false, nil
	}
	if err := s.fetch(); err != nil {
		return false, err
	}
	switch {
	case s.node.Full():
		return false, nil
	case s.noticeIdle():
		return true, nil
	case s.ready.Len() > 0:
		return true, s.take(s.ready.Pop())
	case s.combiner.Ended(), s.draining:
		s.end()
		return true, nil
	}
	return false, nil
}

// end sends the watermark that the end implies, and End in a later step, when
// what fires at it has left: else a barrier would wait behind End for all of it.
func (s *source) end() {
	if record.Time(s.node.mark.Load()) < record.MaxTime {
		s.node.Emit(stream.Main, stream.WatermarkOf(record.MaxTime))
		return
	}
	s.node.Emit(stream.Main, stream.End)
	s.chain.reportEnd(s.node)
}

// fetch starts the next fetch, if there is room for it and something to read.
func (s *source) fetch() error {
	if s.fetching || s.draining {
		return nil
	}
	if len(s.toAssign) > 0 {
		if err := s.reader.Assign(s.toAssign); err != nil {
			return err
		}
		s.toAssign = nil
	}
	if s.ready.Len() >= prefetch || !s.hasMore() {
		return nil
	}
	s.fetching = true
	s.delayIdleClocks(s.chain.host.Now().Sub(s.returned))
	interrupted, interrupt := context.WithCancel(context.Background())
	s.interrupt = interrupt
	s.chain.host.Background("fetch "+s.node.name(), func(ctx context.Context) func() {
		release := context.AfterFunc(ctx, interrupt)
		f, err := s.reader.Fetch(interrupted)
		release()
		if errors.Is(err, context.Canceled) && interrupted.Err() != nil {
			err = nil
		}
		return func() { s.chain.mail.post(fetched{f, err}) }
	})
	return nil
}

// hasMore reports that the reader has rows left to return, now or later.
func (s *source) hasMore() bool {
	for _, sp := range s.splits {
		if !sp.drained {
			return true
		}
	}
	return false
}

// fetched puts what a fetch brought behind what waits already.
func (s *source) fetched(m fetched) error {
	s.fetching = false
	s.returned = s.chain.host.Now()
	s.interrupt()
	if m.err != nil {
		return fmt.Errorf("source %q: %w", s.node.step.ID, m.err)
	}
	if f := m.Fetched; f.Split != "" {
		sp := s.byID[f.Split]
		sp.drained = f.Finished
		if f.Batch != nil {
			sp.waiting++
		}
		s.ready.Push(f)
	}
	return nil
}

// take sends one fetch's rows on and moves the split's position behind them.
func (s *source) take(f stream.Fetched) error {
	sp := s.byID[f.Split]
	failed := f.Failed
	s.node.counters.In.Add(int64(len(failed)))
	if f.Batch != nil {
		sp.waiting--
		s.idle = false
		s.node.counters.In.Add(int64(f.Batch.Len()))
		batch, nulls := s.stamp(sp, f)
		failed = append(failed, nulls...)
		s.node.counters.Accepted.Add(int64(batch.Len()))
		s.node.counters.Out.Add(int64(batch.Len()))
		s.observe(sp, batch)
		s.node.Emit(stream.Main, stream.BatchOf(batch))
	}
	if err := s.reject(failed); err != nil {
		return err
	}
	sp.position = f.Next
	s.follow(sp, f)
	return nil
}

// stamp gives a batch its event time. Rows without one are left out and returned.
func (s *source) stamp(sp *split, f stream.Fetched) (*record.Batch, []stream.FailedRecord) {
	b := f.Batch
	column := s.spec.EventTime.Column
	if column < 0 {
		return b, nil
	}
	times := b.Columns[column]
	b.EventTime = times.Retain()
	if !times.HasNulls() || record.CountBits(times.Validity(), times.Len()) == times.Len() {
		return b, nil
	}
	var failed []stream.FailedRecord
	var kept []int32
	for i := range b.Physical() {
		if !times.IsNull(i) {
			kept = append(kept, int32(i))
			continue
		}
		failed = append(failed, stream.FailedRecord{
			Where: fmt.Sprintf("%s, in the %d records before %s", sp.id, b.Physical(), f.Next),
			Err:   fmt.Errorf("the event time column %q is null: drop such rows with on_error: drop, or choose another column", b.Schema.Field(column).Name),
		})
	}
	return b.Select(kept), failed
}

// observe moves the split's watermark over a batch, and gives the batch its row
// watermarks if it needs them.
func (s *source) observe(sp *split, b *record.Batch) {
	if b.EventTime == nil || b.Len() == 0 {
		return
	}
	before := sp.mark
	times := b.EventTime.Int64s()
	behind, disorder := sp.mark.Observe(times, b.Selection())
	if behind {
		b.RowWatermark = before.RowWatermarks(b.Pool(), times, b.Selection())
	}
	if c := &s.node.counters; disorder > c.MaxDisorder.Load() {
		c.MaxDisorder.Store(disorder)
	}
}

// reject does with failed records what the source's on_error says.
func (s *source) reject(failed []stream.FailedRecord) error {
	if len(failed) == 0 {
		return nil
	}
	counters := &s.node.counters
	switch n := int64(len(failed)); s.spec.OnError {
	case stream.Fail:
		return fmt.Errorf("%s: %w", failed[0].Where, failed[0].Err)
	case stream.Drop:
		counters.Dropped.Add(n)
	case stream.ToDeadLetter:
		counters.DeadLetters.Add(n)
		s.node.Emit(stream.DeadLetter, stream.BatchOf(stream.DeadLetters(s.chain.pool, s.node.step.ID, failed)))
	}
	return nil
}

// follow brings the combined watermark up to date behind a fetch of a split.
func (s *source) follow(sp *split, f stream.Fetched) {
	sp.idle = sp.idle && f.Batch == nil
	rose := false
	if !sp.idle {
		rose = s.combiner.Raise(sp.member, sp.mark.Watermark())
	}
	switch {
	case f.Finished:
		sp.finished = true
		rose = s.combiner.End(sp.member) || rose
		s.chain.master.post(splitFinished{source: s.node.step.ID, split: sp.id})
	case !f.CaughtUp || f.Batch != nil:
		sp.caughtUp = time.Time{}
	}
	if f.CaughtUp && sp.caughtUp.IsZero() {
		sp.caughtUp = s.chain.host.Now()
	}
	s.announce(rose)
}

// announce sends on what the combiner has come to. The end is intake's to send.
func (s *source) announce(rose bool) {
	if s.combiner.Ended() || s.spec.EventTime.Column < 0 {
		return
	}
	if rose {
		s.idle = false
		s.node.Emit(stream.Main, stream.WatermarkOf(s.combiner.Out()))
	}
	if s.combiner.Idle() && !s.idle {
		s.idle = true
		s.node.Emit(stream.Main, stream.Idle)
	}
}

// noticeIdle leaves out the splits that have been caught up for idle_after.
func (s *source) noticeIdle() (worked bool) {
	now := s.chain.host.Now()
	for _, sp := range s.splits {
		if due := s.idleAt(sp); !due.IsZero() && !due.After(now) {
			sp.idle = true
			s.announce(s.combiner.SetIdle(sp.member))
			worked = true
		}
	}
	return worked
}

// idleAt returns when a split will have been caught up for idle_after; zero: not
// as long as nothing happens.
func (s *source) idleAt(sp *split) time.Time {
	after := s.spec.EventTime.IdleAfter
	if after == 0 || !s.fetching || sp.idle || sp.finished || sp.waiting > 0 || sp.caughtUp.IsZero() {
		return time.Time{}
	}
	return sp.caughtUp.Add(after)
}

// delayIdleClocks leaves out a time during which nothing was fetched.
func (s *source) delayIdleClocks(d time.Duration) {
	for _, sp := range s.splits {
		if !sp.caughtUp.IsZero() {
			sp.caughtUp = sp.caughtUp.Add(d)
		}
	}
}

// deadline returns when the next split becomes idle if nothing comes. A source
// that waits for its consumers is woken by them.
func (s *source) deadline() time.Time {
	var earliest time.Time
	if s.stopped || s.node.ended || s.node.Full() {
		return earliest
	}
	for _, sp := range s.splits {
		if due := s.idleAt(sp); !due.IsZero() && (earliest.IsZero() || due.Before(earliest)) {
			earliest = due
		}
	}
	return earliest
}

// metas returns the splits as a checkpoint is to keep them.
func (s *source) metas() []splitMeta {
	metas := make([]splitMeta, len(s.splits))
	for i, sp := range s.splits {
		metas[i] = splitMeta{ID: sp.id, Position: sp.position, Max: sp.mark.Max, Finished: sp.finished, Idle: sp.idle}
	}
	slices.SortFunc(metas, func(a, b splitMeta) int { return cmp.Compare(a.ID, b.ID) })
	return metas
}

func (s *source) close() error {
	for s.ready.Len() > 0 {
		if f := s.ready.Pop(); f.Batch != nil {
			f.Batch.Release()
		}
	}
	return s.reader.Close()
}
