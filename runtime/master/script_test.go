package master_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// script is a source whose splits return what a test has written down, one
// fetch after the other. Behind the last one nothing comes any more, but the
// split ends only where that fetch says so. Positions are fetch numbers.
type script struct {
	splits []*scriptSplit
	// unbounded says that there may always be more splits.
	unbounded bool
	poll      time.Duration // how long a Fetch waits where there is nothing; 0 is 1 ms
	fault     func(at string) error

	began           atomic.Int64 // ns: when the first reader was made
	opened, closed  atomic.Int64 // readers
	fetchesUnderWay atomic.Int64

	mu       sync.Mutex
	returned []string // rows, in the order of fetches
}

type scriptSplit struct {
	id      stream.SplitID
	behind  stream.SplitID // found only once this one is known to be finished
	fetches []fetch
}

// fetch is what one Fetch returns.
type fetch struct {
	times    []int64 // of the rows, in µs; noTime is null
	after    time.Duration
	constant bool // the event time is one stored value
	caughtUp bool
	finished bool
}

const noTime = -1

var scriptSchema = record.MustSchema(
	record.Field{Name: "at", Type: record.Timestamp},
	record.Field{Name: "row", Type: record.String},
)

// step returns the step that reads the script.
func (s *script) step(id string, parallelism int, onError stream.OnError, idleAfter time.Duration) *graph.Step {
	return &graph.Step{
		ID: id, Parallelism: parallelism, Definition: stream.Definition{{Text: id}},
		Outputs: []graph.Output{{Name: stream.Main, Schema: scriptSchema}, {Name: stream.DeadLetter, Schema: stream.DeadLetterSchema}},
		Source:  &graph.SourceStep{Source: s, OnError: onError, EventTime: graph.EventTime{IdleAfter: idleAfter}},
	}
}

// may fails, or panics, where the test wants that.
func (s *script) may(at string) error {
	if s.fault == nil {
		return nil
	}
	return s.fault(at)
}

func (s *script) Schema() *record.Schema { return scriptSchema }

func (s *script) NewEnumerator(_ env.Env, saved []byte) (stream.Enumerator, error) {
	e := &scriptEnumerator{script: s}
	if err := s.may("new enumerator"); err != nil {
		return nil, err
	}
	if len(saved) > 0 {
		return e, json.Unmarshal(saved, &e.returned)
	}
	return e, nil
}

func (s *script) NewReader(c stream.ReaderContext) (stream.Reader, error) {
	if err := s.may("new reader"); err != nil {
		return nil, err
	}
	s.began.CompareAndSwap(0, c.Env.Clock.Now().UnixNano())
	s.opened.Add(1)
	return &scriptReader{script: s, context: c}, nil
}

type scriptEnumerator struct {
	script   *script
	returned []stream.SplitID
	finished []stream.SplitID
}

func (e *scriptEnumerator) Discover(context.Context) (found stream.Discovery, err error) {
	if err := e.script.may("discover"); err != nil {
		return found, err
	}
	for _, s := range e.script.splits {
		if (s.behind == "" || slices.Contains(e.finished, s.behind)) && !slices.Contains(e.returned, s.id) {
			e.returned = append(e.returned, s.id)
			found.Splits = append(found.Splits, stream.Split{ID: s.id})
		}
	}
	found.Done = len(e.returned) == len(e.script.splits) && !e.script.unbounded
	return found, nil
}

func (e *scriptEnumerator) Finished(id stream.SplitID) { e.finished = append(e.finished, id) }

func (e *scriptEnumerator) Snapshot() ([]byte, error) {
	if err := e.script.may("enumerator snapshot"); err != nil {
		return nil, err
	}
	return json.Marshal(e.returned)
}

type scriptReader struct {
	script  *script
	context stream.ReaderContext
	reading []*cursor
	turn    int
}

type cursor struct {
	*scriptSplit
	next int
}

func (r *scriptReader) Assign(splits []stream.Split) error {
	if err := r.script.may("assign"); err != nil {
		return err
	}
	for _, assigned := range splits {
		c := &cursor{}
		for _, s := range r.script.splits {
			if s.id == assigned.ID {
				c.scriptSplit = s
			}
		}
		if len(assigned.Position) > 0 {
			c.next, _ = strconv.Atoi(string(assigned.Position))
		}
		r.reading = append(r.reading, c)
	}
	return nil
}

func (r *scriptReader) Close() error {
	if r.script.fetchesUnderWay.Load() != 0 {
		return errors.New("closed during a fetch")
	}
	r.script.closed.Add(1)
	return r.script.may("close reader")
}

func (r *scriptReader) Fetch(ctx context.Context) (stream.Fetched, error) {
	r.script.fetchesUnderWay.Add(1)
	defer r.script.fetchesUnderWay.Add(-1)
	if err := r.script.may("fetch"); err != nil {
		return stream.Fetched{}, err
	}
	elapsed := time.Duration(r.context.Env.Clock.Now().UnixNano() - r.script.began.Load())
	for range r.reading {
		r.turn = (r.turn + 1) % len(r.reading)
		c := r.reading[r.turn]
		if c.next < len(c.fetches) && c.fetches[c.next].after <= elapsed {
			return r.take(c), nil
		}
	}
	poll := r.script.poll
	if poll == 0 {
		poll = time.Millisecond
	}
	return stream.Fetched{}, r.context.Env.Clock.Sleep(ctx, poll)
}

func (r *scriptReader) take(c *cursor) stream.Fetched {
	f := c.fetches[c.next]
	out := stream.Piece{Split: c.id, CaughtUp: f.caughtUp, Finished: f.finished}
	var b *record.Batch
	if len(f.times) > 0 {
		name := string(c.id) + "." + strconv.Itoa(c.next) + "."
		b = r.batch(name, f)
		r.script.note(name, len(f.times))
	}
	c.next++
	out.Next = strconv.AppendInt(nil, int64(c.next), 10)
	return stream.FetchedOf(out, b)
}

// note remembers rows that a reader has returned.
func (s *script) note(name string, rows int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range rows {
		s.returned = append(s.returned, name+strconv.Itoa(i))
	}
}

// batch returns a row for each event time, with the name and the number of the row.
func (r *scriptReader) batch(name string, f fetch) *record.Batch {
	pool := r.context.Pool
	at, row := pool.NewColumn(record.Timestamp, len(f.times)), pool.NewColumn(record.String, len(f.times))
	for i, t := range f.times {
		if t == noTime {
			at.AppendNull()
		} else {
			at.AppendInt64(t)
		}
		row.AppendString([]byte(name + strconv.Itoa(i)))
	}
	if f.constant {
		at.Release()
		at = pool.NewConstant(record.Timestamp, len(f.times))
		at.AppendInt64(f.times[0])
	}
	b := pool.NewBatch(scriptSchema, len(f.times))
	b.Columns = append(b.Columns, at, row)
	return b
}
