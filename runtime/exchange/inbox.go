// Package exchange moves elements from one actor to the next: the consumer has an
// [Inbox], with one [Channel] per producing subtask, and the producer has a [Sender],
// which spreads rows over the channels of an edge.
//
// Flow control is by credit in bytes, per channel: a producer with more under way
// than the limit finds the channel full until the consumer takes some in. Sending
// never blocks and never fails, so the producer has to look first.
package exchange

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/weirstream/weir/runtime/fifo"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/watermark"
)

// Inbox is where the channels into one actor end. It aligns barriers: a channel
// whose barrier has come is left alone, and gives no credit back, until the
// barrier has come on all of them. It combines watermarks, idleness and ends
// over the channels of each input of the operator.
type Inbox struct {
	limit int64
	wake  func()

	mu struct {
		sync.Mutex
		queues []fifo.Queue[stream.Element] // by channel
	}

	// What follows belongs to the consumer.
	channels []*Channel
	inputs   map[stream.InputID]*input
	blocked  int          // channels whose barrier has come
	barriers atomic.Int32 // that were sent and are not aligned yet
	next     int          // the channel to look at first, for fairness
	ready    fifo.Queue[Received]

	taken   atomic.Int64     // bytes that were taken in
	now     func() time.Time // nil: nobody asks how long alignments take
	first   time.Time        // when the first barrier of an alignment came
	aligned atomic.Int64     // ns that the last alignment took
}

// TimeAlignments has the inbox note how long alignments take.
func (in *Inbox) TimeAlignments(now func() time.Time) { in.now = now }

// Aligned returns how long the last alignment took, from its first barrier to its last; zero
// before the first. Any goroutine may call it.
func (in *Inbox) Aligned() time.Duration { return time.Duration(in.aligned.Load()) }

// Taken returns how many bytes were taken in, rows and all else. Any goroutine may call it.
func (in *Inbox) Taken() int64 { return in.taken.Load() }

// Received is an element together with the operator's input it is for.
type Received struct {
	Input   stream.InputID
	Element stream.Element
}

// input combines the groups of channels of one input of the operator.
type input struct {
	id       stream.InputID
	combiner *watermark.Combiner // of groups
	idle     bool                // Idle was the last word
}

// group is channels that become idle and wake together: those of an edge whose
// producers are alike, otherwise a single one. Its watermark is the least of them,
// idle or not. While one of them is awake, the others are about to wake and have
// not heard of it yet; the results that they will then send must not be late.
type group struct {
	input    *input
	member   int                 // of the input's combiner
	least    *watermark.Combiner // of channels
	channels []*Channel
}

// Channel is the way from one producing subtask into an inbox. Elements arrive
// in the order in which they were sent.
type Channel struct {
	inbox    *Inbox
	number   int
	group    *group
	member   int // of the group's combiner
	underWay atomic.Int64
	credited func() // wakes the producer

	// The consumer's.
	blocked bool // its barrier has come
	quiet   bool // Idle or End was the last word
}

// NewInbox returns an inbox without channels. limit is the bytes that may be
// under way on each; wake is called, by producers, when something has arrived.
func NewInbox(limit int, wake func()) *Inbox {
	return &Inbox{limit: int64(limit), wake: wake, inputs: map[stream.InputID]*input{}}
}

// Edge adds the n channels of an edge into an input, one per subtask of its
// producer. alike says that those become idle and wake together. credited is
// called when a channel, having been full, no longer is. All edges are added
// before anything is sent.
func (in *Inbox) Edge(id stream.InputID, alike bool, n int, credited func(subtask int)) []*Channel {
	if in.inputs[id] == nil {
		in.inputs[id] = &input{id: id, combiner: watermark.NewCombiner(0)}
	}
	var channels []*Channel
	var g *group
	for i := range n {
		if g == nil || !alike {
			g = in.inputs[id].group()
		}
		channels = append(channels, in.open(g, func() { credited(i) }))
	}
	return channels
}

func (to *input) group() *group {
	return &group{input: to, member: to.combiner.Add(), least: watermark.NewCombiner(0)}
}

func (in *Inbox) open(g *group, credited func()) *Channel {
	c := &Channel{inbox: in, number: len(in.channels), group: g, member: g.least.Add(), credited: credited}
	g.channels = append(g.channels, c)
	in.channels = append(in.channels, c)
	in.mu.queues = append(in.mu.queues, fifo.Queue[stream.Element]{})
	return c
}

// Full reports that the channel has no credit left: only barriers, watermarks,
// Idle and End may be sent.
func (c *Channel) Full() bool { return c.underWay.Load() >= c.inbox.limit }

// Send appends an element to the channel and takes over its reference. It returns the credit
// that the element takes.
func (c *Channel) Send(e stream.Element) (bytes int64) {
	bytes = weight(e)
	c.underWay.Add(bytes)
	if e.Kind == stream.KindBarrier {
		c.inbox.barriers.Add(1)
	}
	c.inbox.mu.Lock()
	c.inbox.mu.queues[c.number].Push(e)
	c.inbox.mu.Unlock()
	c.inbox.wake()
	return bytes
}

// credit gives back what an element took, and wakes a producer that may have
// found the channel full.
func (c *Channel) credit(bytes int64) {
	left := c.underWay.Add(-bytes)
	if left < c.inbox.limit && left+bytes >= c.inbox.limit {
		c.credited()
	}
}

// elementBytes is what an element takes beside its rows.
const elementBytes = int64(unsafe.Sizeof(stream.Element{}))

// weight is the credit that an element takes.
func weight(e stream.Element) int64 {
	if e.Kind != stream.KindBatch {
		return elementBytes
	}
	return elementBytes + int64(e.Batch.Bytes())
}

// Next returns the next element for the operator, and whether there is one now.
// The caller owns the reference of a batch.
func (in *Inbox) Next() (Received, bool) {
	for {
		if in.ready.Len() > 0 {
			return in.ready.Pop(), true
		}
		c, e, ok := in.take()
		if !ok {
			return Received{}, false
		}
		in.receive(c, e)
	}
}

// BarrierWaits reports whether a barrier has come on some channel, and has not been
// taken out.
func (in *Inbox) BarrierWaits() bool { return in.barriers.Load() > 0 }

// take removes the first element of the next channel that has one and is not blocked.
func (in *Inbox) take() (*Channel, stream.Element, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for i := range in.channels {
		c := in.channels[(in.next+i)%len(in.channels)]
		queue := &in.mu.queues[c.number]
		if c.blocked || queue.Len() == 0 {
			continue
		}
		in.next = (c.number + 1) % len(in.channels)
		return c, queue.Pop(), true
	}
	return nil, stream.Element{}, false
}

// receive turns what came on one channel into what the operator is to see.
func (in *Inbox) receive(c *Channel, e stream.Element) {
	bytes := weight(e)
	in.taken.Add(bytes)
	c.credit(bytes)
	to := c.group.input
	switch e.Kind {
	case stream.KindBatch:
		in.push(to.id, e)
	case stream.KindWatermark:
		// MaxTime is for End to say: next to idle channels, which are not over,
		// it would be the least.
		if e.Time < record.MaxTime {
			in.combined(to, c.raise(e.Time))
		}
	case stream.KindIdle:
		in.combined(to, c.rest())
	case stream.KindEnd:
		in.combined(to, c.end())
	case stream.KindBarrier:
		c.blocked = true
		in.timeAlignment(in.blocked == 0, in.blocked+1 == len(in.channels))
		if in.blocked++; in.blocked == len(in.channels) {
			in.unblock()
			in.barriers.Add(-int32(len(in.channels)))
			in.push(0, e)
		}
	}
}

// timeAlignment notes when the first barrier of an alignment has come, and the last one.
func (in *Inbox) timeAlignment(first, last bool) {
	if in.now == nil {
		return
	}
	if first {
		in.first = in.now()
	}
	if last {
		in.aligned.Store(int64(in.now().Sub(in.first)))
	}
}

// raise raises the watermark of a channel, which wakes its group. Like rest and
// end it reports whether the combined watermark of the input rose.
func (c *Channel) raise(t record.Time) (rose bool) {
	c.quiet = false
	c.group.least.Raise(c.member, t)
	return c.group.input.combiner.Raise(c.group.member, c.group.least.Out())
}

// rest leaves the group out if all of it is quiet.
func (c *Channel) rest() (rose bool) {
	c.quiet = true
	if slices.ContainsFunc(c.group.channels, func(c *Channel) bool { return !c.quiet }) {
		return false
	}
	return c.group.input.combiner.SetIdle(c.group.member)
}

// end has a channel count no more.
func (c *Channel) end() (rose bool) {
	g := c.group
	g.least.End(c.member)
	if g.least.Ended() {
		return g.input.combiner.End(g.member)
	}
	rose = g.input.combiner.Raise(g.member, g.least.Out())
	return c.rest() || rose
}

// combined passes on what the channels of an input have come to together: a
// watermark that rose, or the same again where the input was idle and is not any
// more.
func (in *Inbox) combined(to *input, rose bool) {
	c := to.combiner
	if rose || to.idle && !c.Idle() {
		to.idle = false
		in.push(to.id, stream.WatermarkOf(c.Out()))
	}
	switch {
	case c.Ended():
		in.push(to.id, stream.End)
	case c.Idle() && !to.idle:
		to.idle = true
		in.push(to.id, stream.Idle)
	}
}

func (in *Inbox) push(to stream.InputID, e stream.Element) {
	in.ready.Push(Received{to, e})
}

// unblock lets the channels go on behind a barrier.
func (in *Inbox) unblock() {
	in.blocked = 0
	for _, c := range in.channels {
		c.blocked = false
	}
}

// Close releases what has arrived and was not taken.
func (in *Inbox) Close() {
	in.mu.Lock()
	defer in.mu.Unlock()
	for i := range in.mu.queues {
		for in.mu.queues[i].Len() > 0 {
			in.mu.queues[i].Pop().Release()
		}
	}
	for in.ready.Len() > 0 {
		in.ready.Pop().Element.Release()
	}
}
