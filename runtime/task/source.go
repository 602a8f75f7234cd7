package task

import (
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/weirstream/weir/runtime/actor"
	"github.com/weirstream/weir/runtime/failure"
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
	chain  *Chain
	node   *node
	spec   *graph.SourceStep
	reader stream.Reader
	// compute computes the event time of rows that do not have it as a column; or nil.
	compute graph.TimeProgram

	ranged stream.RangedSource // nil: all of event time counts

	splits []*split
	byID   map[stream.SplitID]*split
	blocks []*block // the splits as checkpoints keep them; nil: some have changed
	left   int      // splits that are not drained
	// combiner has a member for each split, and [undiscovered].
	combiner *watermark.Combiner
	quiet    quietSplits
	align    *alignment // nil: the source waits for no other

	gone []*split // and not given up yet

	acknowledger stream.Acknowledger // the reader, if it is one
	toTell       []standing          // the checkpoints that it is to be told of next
	telling      bool                // it is being told of one

	toAssign  []stream.Split   // wait until the fetch under way is back
	perform   func(actor.Work) // performs fetches
	fetching  bool
	began     time.Time     // of the fetch under way, or the end of the last one
	heard     time.Duration // what listened returned then
	interrupt interruption  // of the fetch under way
	ready     fifo.Queue[stream.Fetched]

	kept []int32 // scratch: the rows that are not skipped
	runs []run   // scratch: the rows of each split

	// What others see.
	seen      []*shownSplit // of splits
	published atomic.Pointer[[]*shownSplit]
	behind    atomic.Int64 // ns by which the latest rows were behind the clock; negative: there were none

	done bool // there will be no more splits

	discovered bool // a discovery of this run is done
	idle       bool // Idle was the last word
	held       bool // there is no room for what would come of more rows
	stopped    bool // a barrier that stops the job has passed
	draining   bool // what has been taken in is sent on, and then the end
	drained    bool // the reader takes in no more
}

// undiscovered is the member of a source's combiner that stands for splits to
// come: it holds the watermark back until the first discovery, then is idle,
// and ends when there will be no more.
const undiscovered = 0

func newSource(c *Chain, n *node, reader stream.Reader) *source {
	s := &source{
		chain: c, node: n, spec: n.step.Source, reader: reader,
		byID: map[stream.SplitID]*split{}, combiner: watermark.NewCombiner(1), perform: c.host.Worker("fetch " + n.name()),
	}
	s.behind.Store(-1)
	s.align = newAlignment(s.spec.EventTime.AlignWithin, reader)
	if s.spec.EventTime.Exists() {
		s.ranged, _ = s.spec.Source.(stream.RangedSource)
	}
	s.acknowledger, _ = reader.(stream.Acknowledger)
	if e := s.spec.EventTime.Expression; e != nil {
		s.compute = e.Compile(c.pool)
	}
	return s
}

// assign takes on more splits, each where its meta says.
func (s *source) assign(m Assign) {
	s.draining = s.draining || m.Ended
	before := s.combiner.Out()
	first := len(s.splits)
	for _, meta := range m.Splits {
		if s.byID[meta.ID] == nil {
			s.add(meta)
		}
	}
	s.publish()
	s.align.add(s.splits[first:])
	for _, sp := range s.splits[first:] {
		s.combiner.Raise(sp.member, sp.mark.Watermark())
		if sp.idle {
			s.combiner.SetIdle(sp.member)
		}
	}
	for _, id := range m.Followed {
		if sp := s.byID[id]; sp != nil {
			s.combiner.End(sp.member)
		}
	}
	if m.Done && !s.done {
		s.endFinished()
	}
	if m.Discovered { // behind those ends: where the others are idle, what has ended moves no watermark
		s.discovered = true
		s.combiner.SetIdle(undiscovered)
	}
	s.lose(m.Gone)
	if from := m.From; from > 0 {
		s.standsAt(standing{from, s.freeze()})
	}
	if len(s.toAssign) > 0 {
		s.interruptFetch()
	}
	s.announce(s.combiner.Out() > before)
	s.tellFront()
}

// endFinished notes that there will be no more splits: those that have ended keep the
// watermark back for none.
func (s *source) endFinished() {
	s.done = true
	for _, sp := range s.splits {
		if sp.finished {
			s.combiner.End(sp.member)
		}
	}
	s.combiner.End(undiscovered) // as the last: until here it holds the watermark
}

// forget forgets splits that have ended.
func (s *source) forget(ids []stream.SplitID) {
	for _, id := range ids {
		sp, last := s.byID[id], s.splits[len(s.splits)-1]
		s.changed(sp)
		s.changed(last)
		last.place, s.splits[sp.place] = sp.place, last
		s.splits[len(s.splits)-1] = nil
		s.splits = s.splits[:len(s.splits)-1]
		s.blocks = s.blocks[:(len(s.splits)+blockSize-1)/blockSize]
		s.combiner.Remove(sp.member)
		if s.align != nil {
			s.align.fronts.Remove(sp.front)
		}
		delete(s.byID, id)
	}
	if len(ids) > 0 {
		s.publishAll()
	}
}

func (s *source) add(meta SplitState) {
	sp := &split{
		id: meta.ID, place: len(s.splits), position: meta.Position, notes: meta.Notes, member: s.combiner.Add(),
		drained: meta.Finished || s.drained, finished: meta.Finished, idle: meta.Idle,
		mark: watermark.Split{Max: meta.Max, Delay: s.spec.EventTime.Delay, Complete: s.spec.EventTime.Complete},
		seen: &shownSplit{id: meta.ID},
	}
	sp.takes = s.rangeOf(meta.ID)
	sp.show()
	s.splits, s.seen = append(s.splits, sp), append(s.seen, sp.seen)
	s.byID[sp.id] = sp
	if sp.place%blockSize == 0 {
		s.blocks = append(s.blocks, nil)
	}
	s.changed(sp)
	if !sp.drained {
		s.left++
		s.toAssign = append(s.toAssign, stream.Split{ID: sp.id, Position: sp.position, Notes: sp.notes})
	}
}

// intake sends on what has been fetched, and has more fetched.
func (s *source) intake() (worked bool, err error) {
	defer func() {
		if err != nil {
			err = failure.InStep(s.node.step.ID, fmt.Errorf("source %q: %w", s.node.step.ID, err))
		}
	}()
	if s.stopped || s.held || s.node.ended {
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
	case len(s.gone) > 0 && !s.fetching && s.ready.Len() == 0:
		return true, s.noticeGone()
	case s.ready.Len() > 0:
		return true, s.take(s.ready.Pop())
	case s.combiner.Ended(), s.drained && !s.fetching && !s.hasMore():
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

// drain has the source end, once it has sent on what a fetch under way brings.
func (s *source) drain() {
	s.draining = true
	if s.align != nil {
		s.alignTo(record.MaxTime)
	}
	s.tellFront()
	s.interruptFetch()
}

// drainReader leaves only those splits to be fetched that the reader has taken in
// something of which cannot be read again.
func (s *source) drainReader() {
	s.drained, s.toAssign = true, nil
	var left []stream.SplitID
	if d, ok := s.reader.(stream.Drainer); ok {
		left = d.Drain()
	}
	for _, sp := range s.splits {
		if !slices.Contains(left, sp.id) {
			s.drainSplit(sp)
		}
	}
}

func (s *source) close() error {
	for s.ready.Len() > 0 {
		if f := s.ready.Pop(); f.Batch != nil {
			f.Batch.Release()
		}
	}
	s.interrupt.end()
	return s.reader.Close()
}
