// Package exchange moves elements from one actor to the next: an [Inbox] at the
// consumer with one [Channel] per producing subtask, and a [Sender] at the
// producer that spreads rows over the channels of an edge.
//
// Flow control is by credit, in bytes, per channel: a producer that has more
// under way than the limit finds the channel full until the consumer takes some
// in. Sending never blocks and never fails; whoever sends looks first.
package exchange

import (
	"sync"
	"sync/atomic"
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
	inputs   map[stream.InputID]*inputState
	blocked  int // channels whose barrier has come
	next     int // the channel to look at first, for fairness
	ready    fifo.Queue[Received]
}

// Received is an element together with the operator's input it is for.
type Received struct {
	Input   stream.InputID
	Element stream.Element
}

// inputState combines the channels of one input.
type inputState struct {
	combiner *watermark.Combiner
	idle     bool // Idle was the last word
}

// Channel is the way from one producing subtask into an inbox. Elements arrive
// in the order in which they were sent.
type Channel struct {
	inbox    *Inbox
	number   int
	input    stream.InputID
	member   int // of the input's combiner
	underWay atomic.Int64
	credited func() // wakes the producer
	blocked  bool   // the consumer's: its barrier has come
}

// NewInbox returns an inbox without channels. limit is the bytes that may be
// under way on each; wake is called, by producers, when something has arrived.
func NewInbox(limit int, wake func()) *Inbox {
	return &Inbox{limit: int64(limit), wake: wake, inputs: map[stream.InputID]*inputState{}}
}

// Open adds a channel into input. credited is called when the channel, having
// been full, no longer is. All channels are opened before anything is sent.
func (in *Inbox) Open(input stream.InputID, credited func()) *Channel {
	state := in.inputs[input]
	if state == nil {
		state = &inputState{combiner: watermark.NewCombiner(0)}
		in.inputs[input] = state
	}
	c := &Channel{inbox: in, number: len(in.channels), input: input, member: state.combiner.Add(), credited: credited}
	in.channels = append(in.channels, c)
	in.mu.queues = append(in.mu.queues, fifo.Queue[stream.Element]{})
	return c
}

// Full reports that the channel has no credit left: only barriers, watermarks,
// Idle and End may be sent.
func (c *Channel) Full() bool { return c.underWay.Load() >= c.inbox.limit }

// Send appends an element to the channel and takes over its reference.
func (c *Channel) Send(e stream.Element) {
	c.underWay.Add(weight(e))
	c.inbox.mu.Lock()
	c.inbox.mu.queues[c.number].Push(e)
	c.inbox.mu.Unlock()
	c.inbox.wake()
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
	c.credit(weight(e))
	state := in.inputs[c.input]
	switch e.Kind {
	case stream.KindBatch:
		state.combiner.SetActive(c.member)
		state.idle = false
		in.push(c.input, e)
	case stream.KindWatermark:
		// MaxTime is for End to say: next to idle channels, which are not over,
		// it would be the least.
		if e.Time < record.MaxTime {
			in.combined(c.input, state, state.combiner.Raise(c.member, e.Time))
		}
	case stream.KindIdle:
		in.combined(c.input, state, state.combiner.SetIdle(c.member))
	case stream.KindEnd:
		in.combined(c.input, state, state.combiner.End(c.member))
	case stream.KindBarrier:
		c.blocked = true
		if in.blocked++; in.blocked == len(in.channels) {
			in.unblock()
			in.push(0, e)
		}
	}
}

// combined passes on what the channels of an input have come to together.
func (in *Inbox) combined(input stream.InputID, state *inputState, rose bool) {
	if rose {
		state.idle = false
		in.push(input, stream.WatermarkOf(state.combiner.Out()))
	}
	switch {
	case state.combiner.Ended():
		in.push(input, stream.End)
	case state.combiner.Idle() && !state.idle:
		state.idle = true
		in.push(input, stream.Idle)
	}
}

func (in *Inbox) push(input stream.InputID, e stream.Element) {
	in.ready.Push(Received{input, e})
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
