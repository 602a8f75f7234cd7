package bus

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/weirstream/weir/connectors/message"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/stream"
)

// source reads each partition as a split. A position is the offset of the next message.
type source struct {
	*message.Shape
	bus *Bus
}

var _ stream.MessageSource = (*source)(nil)

// NewEnumerator implements stream.Source.
func (s *source) NewEnumerator(_ env.Env, saved []byte) (stream.Enumerator, error) {
	return &enumerator{s.bus, saved != nil}, nil
}

type enumerator struct {
	bus   *Bus
	known bool
}

// Discover returns all partitions, once.
func (e *enumerator) Discover(context.Context) (found stream.Discovery, err error) {
	if !e.known {
		for i := range e.bus.Partitions {
			found.Splits = append(found.Splits, stream.Split{ID: stream.SplitID(strconv.Itoa(i))})
		}
	}
	e.known, found.Done = true, true
	return found, nil
}

// Finished implements stream.Enumerator.
func (e *enumerator) Finished(stream.SplitID) {}

// Snapshot implements stream.Enumerator.
func (e *enumerator) Snapshot() ([]byte, error) { return []byte("known"), nil }

// NewReader implements stream.Source.
func (s *source) NewReader(c stream.ReaderContext) (stream.Reader, error) {
	r := &reader{bus: s.bus, shape: s.Shape, context: c}
	var err error
	r.messages, err = s.NewCollector(c, func(i int) string { return r.places[i].String() })
	return r, err
}

// reader reads its partitions in turn, and fills a batch with the messages of many.
type reader struct {
	bus      *Bus
	shape    *message.Shape
	context  stream.ReaderContext
	messages *message.Collector
	reading  []*cursor // the next ones first
	places   []place   // of the messages of a batch
}

type cursor struct {
	id        stream.SplitID
	partition int32
	next      int
	paused    bool
	told      bool // that there is no more
}

type place struct {
	partition int32
	offset    int
}

func (p place) String() string { return fmt.Sprintf("bus[%d] at offset %d", p.partition, p.offset) }

// Assign implements stream.Reader.
func (r *reader) Assign(splits []stream.Split) error {
	for _, s := range splits {
		n, err := strconv.Atoi(string(s.ID))
		c := &cursor{id: s.ID, partition: int32(n)}
		if err == nil && len(s.Position) > 0 {
			c.next, err = strconv.Atoi(string(s.Position))
		}
		if err != nil {
			return err
		}
		r.reading = append(r.reading, c)
	}
	return nil
}

// Fetch implements stream.Reader.
func (r *reader) Fetch(ctx context.Context) (f stream.Fetched, err error) {
	if err := ctx.Err(); err != nil {
		return f, err
	}
	r.places = r.places[:0]
	told := 0
	for range r.reading {
		if r.messages.Room() == 0 {
			break
		}
		c := r.reading[0]
		r.reading = append(r.reading[1:], c)
		if !c.paused && r.read(c) {
			told++
		}
	}
	if told == 0 {
		return f, r.context.Env.Clock.Sleep(ctx, time.Second)
	}
	return r.messages.Take(), nil
}

// read adds messages of a partition, and reports that there is news of it.
func (r *reader) read(c *cursor) bool {
	all := r.bus.Partitions[c.partition]
	if c.next == len(all) && c.told {
		return false
	}
	for c.next < len(all) && r.messages.Room() > 0 {
		if r.passes(place{c.partition, c.next}, all[c.next].At) {
			r.add(c, all[c.next])
		}
		c.next++
	}
	p := stream.Piece{Split: c.id, Next: strconv.AppendInt(nil, int64(c.next), 10),
		Lag: &stream.Lag{Records: int64(len(all) - c.next), Time: -1}}
	if c.next == len(all) {
		p.CaughtUp, p.Finished, c.told = r.bus.Endless, !r.bus.Endless, true
	}
	if p.Finished {
		r.reading = slices.DeleteFunc(r.reading, func(other *cursor) bool { return other == c })
	}
	r.messages.End(p)
	return true
}

func (r *reader) add(c *cursor, m Message) {
	if !r.messages.Add(m.Value) {
		return
	}
	r.places = append(r.places, place{c.partition, c.next})
	r.messages.Bytes(key, m.Key)
	for _, h := range m.Headers {
		r.messages.Header(headers, []byte(h.Name), []byte(h.Value))
	}
	r.messages.EndHeaders(headers)
	r.messages.Time(timestamp, m.At)
	r.messages.Int32(partition, c.partition)
	r.messages.Int64(offset, int64(c.next))
}

// Locate implements stream.Locator.
func (r *reader) Locate(id stream.SplitID, p stream.Position) string {
	n, _ := strconv.Atoi(string(id))
	next, _ := strconv.Atoi(string(p))
	return place{int32(n), next}.String()
}

// Pause implements stream.Pauser.
func (r *reader) Pause(id stream.SplitID) { r.setPaused(id, true) }

// Resume implements stream.Pauser.
func (r *reader) Resume(id stream.SplitID) { r.setPaused(id, false) }

func (r *reader) setPaused(id stream.SplitID, paused bool) {
	for _, c := range r.reading {
		if c.id == id {
			c.paused = paused
		}
	}
}

// Close implements stream.Reader.
func (r *reader) Close() error {
	r.messages.Close()
	return nil
}
