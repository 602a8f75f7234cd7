package task

import (
	"sync/atomic"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is what a chain lets others see, subtask by subtask. What is shown is written by
// the chain's goroutine, once a batch or less, without a lock.

// Detail returns how the chain stands. At most so many splits have an entry of their own, the
// others one together. Any goroutine may call it.
func (c *Chain) Detail(splits int) status.Task {
	t := status.Task{Name: c.title, Subtask: c.nodes[0].subtask, Spent: c.spent.read(), HasInputs: c.inbox != nil,
		HasOutputs: len(c.senders) > 0, Steps: make([]status.Subtask, len(c.nodes))}
	if c.inbox != nil {
		t.BytesIn, t.Aligned = c.inbox.Taken(), c.inbox.Aligned()
	}
	for _, s := range c.senders {
		t.BytesOut += s.Sent()
	}
	for i, n := range c.nodes {
		t.Steps[i] = n.detail(splits)
	}
	return t
}

func (n *node) detail(splits int) status.Subtask {
	d := status.Subtask{Step: n.step.ID, Kind: n.kind(), Counters: n.counters.Values().Since(n.restored), Bytes: n.bytes.Load(),
		Watermark: record.Time(n.mark.Load()), Input: record.Time(n.inputs.combined.Load()), Behind: -1}
	if n.source != nil {
		d.Input = record.MinTime
		d.Behind = time.Duration(n.source.behind.Load())
		d.Splits = n.source.shown(splits)
		return d
	}
	d.Inputs = make([]record.Time, len(n.inputs.marks))
	for i := range d.Inputs {
		d.Inputs[i] = record.Time(n.inputs.marks[i].Load())
	}
	return d
}

func (n *node) kind() status.Kind {
	switch {
	case n.source != nil:
		return status.Source
	case n.writer != nil:
		return status.Sink
	}
	return status.Operator
}

// inputMarks is the watermarks of a node's inputs, as others see them.
type inputMarks struct {
	combined atomic.Int64
	marks    []atomic.Int64
}

func newInputMarks(inputs int) *inputMarks {
	m := &inputMarks{marks: make([]atomic.Int64, inputs)}
	m.combined.Store(int64(record.MinTime))
	for i := range m.marks {
		m.marks[i].Store(int64(record.MinTime))
	}
	return m
}

// show shows what an input has come to.
func (m *inputMarks) show(p *stream.Progress, in stream.InputID) {
	m.marks[in].Store(int64(p.Watermark(in)))
	m.combined.Store(int64(p.Combined()))
}

// shownSplit is what others see of a split.
type shownSplit struct {
	id       stream.SplitID
	mark     atomic.Int64
	latest   atomic.Int64
	lag      atomic.Pointer[stream.Lag]
	finished atomic.Bool
}

// show shows where the source stands in a split.
func (sp *split) show() {
	sp.seen.mark.Store(int64(sp.mark.Watermark()))
	sp.seen.latest.Store(int64(sp.mark.Max))
	sp.seen.finished.Store(sp.finished)
}

// publish lets others see splits that were added.
func (s *source) publish() {
	all := s.seen
	s.published.Store(&all) // what is appended later lies behind what they see
}

// addLag returns the lag of two splits together: all records, and the longest time. Where that
// of one is not known, nor is this.
func addLag(a, b *stream.Lag) *stream.Lag {
	if a == nil || b == nil {
		return nil
	}
	sum := stream.Lag{Records: a.Records + b.Records, Time: max(a.Time, b.Time)}
	if a.Records < 0 || b.Records < 0 {
		sum.Records = -1
	}
	if a.Time < 0 || b.Time < 0 {
		sum.Time = -1
	}
	return &sum
}

// publishAll lets others see the splits that are left.
func (s *source) publishAll() {
	s.seen = make([]*shownSplit, len(s.splits))
	for i, sp := range s.splits {
		s.seen[i] = sp.seen
	}
	s.publish()
}

// shown returns the splits that are not finished: at most so many by themselves, in the order
// in which they were assigned, and the others together.
func (s *source) shown(most int) (all []status.Split) {
	published := s.published.Load()
	if published == nil {
		return nil
	}
	for _, sp := range *published {
		if sp.finished.Load() {
			continue
		}
		mark, latest := record.Time(sp.mark.Load()), record.Time(sp.latest.Load())
		switch {
		case len(all) < most:
			all = append(all, status.Split{ID: string(sp.id), Watermark: mark, Latest: latest, Lag: sp.lag.Load()})
		case len(all) == most:
			all = append(all, status.Split{Others: 1, Watermark: mark, Latest: latest, Lag: sp.lag.Load()})
		default:
			others := &all[most]
			others.Others++
			others.Watermark, others.Latest = min(others.Watermark, mark), min(others.Latest, latest)
			others.Lag = addLag(others.Lag, sp.lag.Load())
		}
	}
	return all
}
