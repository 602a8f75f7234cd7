package task_test

import (
	"context"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// feed is a source whose splits the test opens row by row, so that it decides
// when one is caught up, silent or finished. Positions are row numbers.
type feed struct {
	schema *record.Schema
	splits []*feedSplit
	// after is how long after a first discovery, which finds none, the splits are found;
	// 0: the first finds them.
	after time.Duration
}

// feedSplit is rows that follow from their number, and how far they may be read.
type feedSplit struct {
	size   int64
	fill   func(row int64, values []int64)
	open   atomic.Int64 // rows that may be read
	silent atomic.Bool  // the reader does not even say that it is caught up
	held   atomic.Bool  // there is more to come behind the last row
}

// fullFeed returns a split that can be read to its end.
func fullFeed(size int64, fill func(int64, []int64)) *feedSplit {
	s := &feedSplit{size: size, fill: fill}
	s.open.Store(size)
	return s
}

// numbers returns a schema of integers, of which eventTime is a timestamp.
func numbers(eventTime string, names ...string) *record.Schema {
	fields := make([]record.Field, len(names))
	for i, name := range names {
		fields[i] = record.Field{Name: name, Type: record.Int64}
		if name == eventTime {
			fields[i].Type = record.Timestamp
		}
	}
	return record.MustSchema(fields...)
}

// step returns the step that reads the feed.
func (f *feed) step(id, eventTime string, delay, idleAfter time.Duration, parallelism int) *graph.Step {
	return &graph.Step{
		ID: id, Parallelism: parallelism, Outputs: []graph.Output{{Name: stream.Main, Schema: f.schema}},
		Source: &graph.SourceStep{Source: f, EventTime: graph.EventTime{Column: f.schema.Index(eventTime), Delay: delay, IdleAfter: idleAfter}},
	}
}

func (f *feed) Schema() *record.Schema { return f.schema }

func (f *feed) NewEnumerator(e env.Env, saved []byte) (stream.Enumerator, error) {
	return &feedEnumerator{feed: f, clock: e.Clock, discovered: len(saved) > 0}, nil
}

func (f *feed) NewReader(c stream.ReaderContext) (stream.Reader, error) {
	return &feedReader{feed: f, context: c}, nil
}

type feedEnumerator struct {
	feed       *feed
	clock      env.Clock
	looked     bool
	discovered bool
}

func (e *feedEnumerator) Discover(ctx context.Context) (found stream.Discovery, err error) {
	if after := e.feed.after; after > 0 && !e.discovered {
		if !e.looked {
			e.looked = true
			return found, nil
		}
		if err := e.clock.Sleep(ctx, after); err != nil {
			return found, err
		}
	}
	if !e.discovered {
		for i := range e.feed.splits {
			found.Splits = append(found.Splits, stream.Split{ID: stream.SplitID(strconv.Itoa(i))})
		}
	}
	e.discovered = true
	found.Done = true
	return found, nil
}

func (e *feedEnumerator) Finished(stream.SplitID) {}

func (e *feedEnumerator) Snapshot() ([]byte, error) { return []byte("discovered"), nil }

// feedReader reads its splits in turn, one batch each.
type feedReader struct {
	feed    *feed
	context stream.ReaderContext
	reading []*feedCursor
	turn    int
	values  []int64
}

type feedCursor struct {
	*feedSplit
	id   stream.SplitID
	next int64
}

func (r *feedReader) Assign(splits []stream.Split) error {
	for _, s := range splits {
		i, err := strconv.Atoi(string(s.ID))
		if err != nil {
			return err
		}
		c := &feedCursor{feedSplit: r.feed.splits[i], id: s.ID}
		if len(s.Position) > 0 {
			if c.next, err = strconv.ParseInt(string(s.Position), 10, 64); err != nil {
				return err
			}
		}
		r.reading = append(r.reading, c)
	}
	return nil
}

func (r *feedReader) Close() error { return nil }

// Fetch goes round the splits. Where it finds nothing it waits for a moment and
// says of one split that it is caught up; where all are silent it waits for long.
func (r *feedReader) Fetch(ctx context.Context) (stream.Fetched, error) {
	var caughtUp *feedCursor
	wait := 2 * idleAfter
	for range r.reading {
		r.turn = (r.turn + 1) % len(r.reading)
		c := r.reading[r.turn]
		switch {
		case c.silent.Load():
			continue
		case c.next < c.open.Load() || c.next == c.size && !c.held.Load():
			return r.read(c), nil
		default:
			caughtUp = c
		}
		wait = time.Millisecond
	}
	if err := r.context.Env.Clock.Sleep(ctx, wait); err != nil || caughtUp == nil {
		return stream.Fetched{}, err
	}
	return stream.FetchedOf(stream.Piece{Split: caughtUp.id, Next: caughtUp.position(), CaughtUp: true}, nil), nil
}

func (c *feedCursor) position() stream.Position {
	return strconv.AppendInt(nil, c.next, 10)
}

func (r *feedReader) read(c *feedCursor) stream.Fetched {
	n := min(int64(r.context.BatchRows), c.open.Load()-c.next)
	f := stream.Piece{Split: c.id}
	var b *record.Batch
	if n > 0 {
		b = r.batch(c, n)
		c.next += n
	}
	f.Next = c.position()
	if c.next == c.size && !c.held.Load() {
		f.Finished = true
		r.reading = append(r.reading[:r.turn], r.reading[r.turn+1:]...)
	}
	return stream.FetchedOf(f, b)
}

func (r *feedReader) batch(c *feedCursor, n int64) *record.Batch {
	width := r.feed.schema.Len()
	r.values = make([]int64, width)
	b := r.context.Pool.NewBatch(r.feed.schema, int(n))
	for i := range width {
		b.Columns = append(b.Columns, r.context.Pool.NewColumn(r.feed.schema.Field(i).Type, int(n)))
	}
	for i := range n {
		c.fill(c.next+i, r.values)
		for k, column := range b.Columns {
			column.AppendInt64(r.values[k])
		}
	}
	return b
}

// ledger is a transactional sink in memory, which outlives the runs of a job as
// a directory would: writers stage rows under a token, commits show them.
type ledger struct {
	staged map[string]*staged
	shown  [][]int64 // a row kind and the columns each, in the order of commits
	done   map[string]bool
	mu     chan struct{} // holds a token while nobody is at work
}

type staged struct {
	generation uint64
	rows       [][]int64
}

func newLedger() *ledger {
	l := &ledger{staged: map[string]*staged{}, done: map[string]bool{}, mu: make(chan struct{}, 1)}
	l.mu <- struct{}{}
	return l
}

func (l *ledger) lock() (unlock func()) {
	<-l.mu
	return func() { l.mu <- struct{}{} }
}

// sinkStep returns the step that writes a step's output to the ledger.
func (l *ledger) sinkStep(id string, parallelism int, in graph.Input) *graph.Step {
	return &graph.Step{ID: id, Sink: l, Parallelism: parallelism, Inputs: []graph.Input{in}}
}

func (l *ledger) NewWriter(c stream.WriterContext) (stream.Writer, error) {
	return &ledgerWriter{ledger: l, context: c}, nil
}

func (l *ledger) NewCommitter(c stream.CommitterContext) (stream.Committer, error) {
	return &ledgerCommitter{ledger: l, generation: c.Generation}, nil
}

type ledgerWriter struct {
	ledger  *ledger
	context stream.WriterContext
	rows    [][]int64
}

func (w *ledgerWriter) Write(b *record.Batch) error {
	defer b.Release()
	width := len(b.Columns) + 1
	flat := make([]int64, width*b.Len())
	for i := range b.Len() {
		row := flat[i*width : (i+1)*width]
		if b.RowKinds != nil {
			row[0] = int64(b.RowKinds.RowKinds()[i])
		}
		for k, c := range b.Columns {
			row[k+1] = c.Int64s()[i]
		}
		w.rows = append(w.rows, row)
	}
	return nil
}

func (w *ledgerWriter) Prepare(id stream.CheckpointID) (func() (stream.Pending, error), error) {
	rows := w.rows
	w.rows = nil
	return func() (stream.Pending, error) {
		if len(rows) == 0 {
			return nil, nil
		}
		token := fmt.Sprintf("%d/%d/%d", w.context.Generation, id, w.context.Subtask)
		defer w.ledger.lock()()
		w.ledger.staged[token] = &staged{w.context.Generation, rows}
		return stream.Pending(token), nil
	}, nil
}

func (w *ledgerWriter) Close() error { return nil }

type ledgerCommitter struct {
	ledger     *ledger
	generation uint64
}

func (c *ledgerCommitter) Commit(_ context.Context, id stream.CheckpointID, pending []stream.Pending) error {
	l := c.ledger
	defer l.lock()()
	for _, p := range pending {
		token := string(p)
		if l.done[token] {
			continue
		}
		s := l.staged[token]
		if s == nil {
			return fmt.Errorf("ledger: checkpoint %d commits %s, which was never staged or was aborted", id, token)
		}
		l.shown = append(l.shown, s.rows...)
		l.done[token] = true
		delete(l.staged, token)
	}
	return nil
}

func (c *ledgerCommitter) Abort(context.Context) error {
	defer c.ledger.lock()()
	for token, s := range c.ledger.staged {
		if s.generation < c.generation {
			delete(c.ledger.staged, token)
		}
	}
	return nil
}
