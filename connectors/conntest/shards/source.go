package shards

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

var _ stream.Source = (*Log)(nil)

// Schema implements stream.Source.
func (l *Log) Schema() *record.Schema { return Schema }

// NewEnumerator implements stream.Source.
func (l *Log) NewEnumerator(_ env.Env, saved []byte) (stream.Enumerator, error) {
	l.begin()
	e := &enumerator{log: l}
	for _, s := range l.Shards {
		if s.Lost > 0 {
			e.lossy = append(e.lossy, s.ID)
		}
	}
	if len(saved) == 0 {
		return e, nil
	}
	return e, json.Unmarshal(saved, &e.state)
}

type enumerator struct {
	log      *Log
	lossy    []stream.SplitID // that are gone some time
	finished []stream.SplitID // since the last discovery
	state    struct {
		Returned int              // shards
		GivenUp  []stream.SplitID // of those that are gone
	}
}

// Discover returns the shards that come next, and those that go on where others have ended.
func (e *enumerator) Discover(context.Context) (found stream.Discovery, err error) {
	next := len(e.log.Shards)
	if e.log.Step > 0 {
		next = max(min(next, e.state.Returned+e.log.Step), e.behind())
		for next < len(e.log.Shards) && e.log.Shards[next].Parents == nil {
			next++ // those that it begins with are there from the beginning
		}
	}
	e.finished = nil
	for _, s := range e.log.Shards[e.state.Returned:next] {
		found.Splits = append(found.Splits, stream.Split{ID: s.ID, Parents: s.Parents})
	}
	lossy := false
	for _, id := range e.lossy {
		if !slices.Contains(e.state.GivenUp, id) {
			lossy = true
			if e.log.isGone(id) {
				found.Gone = append(found.Gone, id)
			}
		}
	}
	e.state.Returned = next
	found.Done = next == len(e.log.Shards) && !lossy
	return found, nil
}

// behind returns how many shards there are up to the last child of those that have ended.
func (e *enumerator) behind() int {
	for i := len(e.log.Shards) - 1; i >= e.state.Returned; i-- {
		for _, p := range e.log.Shards[i].Parents {
			if slices.Contains(e.finished, p) {
				return i + 1
			}
		}
	}
	return 0
}

// Finished implements stream.Enumerator.
func (e *enumerator) Finished(id stream.SplitID) {
	e.finished = append(e.finished, id)
	if slices.Contains(e.lossy, id) {
		e.state.GivenUp = append(e.state.GivenUp, id)
	}
}

// Snapshot implements stream.Enumerator.
func (e *enumerator) Snapshot() ([]byte, error) { return json.Marshal(e.state) }

// NewReader implements stream.Source.
func (l *Log) NewReader(c stream.ReaderContext) (stream.Reader, error) {
	r := &reader{log: l, context: c, shards: map[stream.SplitID]*Shard{}}
	for _, s := range l.Shards {
		r.shards[s.ID] = s
	}
	return r, nil
}

// reader reads its shards in turn and fills a batch with the rows of many. Positions are
// numbers of records, and notes name the shard.
type reader struct {
	log     *Log
	context stream.ReaderContext
	shards  map[stream.SplitID]*Shard
	reading []*cursor // the next ones first
	told    stream.CheckpointID
}

type cursor struct {
	*Shard
	next   int
	paused bool
}

func (s *Shard) notes() []byte { return []byte("notes of " + s.ID) }

// Assign implements stream.Reader.
func (r *reader) Assign(splits []stream.Split) error {
	for _, s := range splits {
		c := &cursor{Shard: r.shards[s.ID]}
		if len(s.Position) > 0 {
			var err error
			if c.next, err = strconv.Atoi(string(s.Position)); err != nil {
				return err
			}
		}
		if acked := r.log.Acknowledged(s.ID); acked > c.next {
			return fmt.Errorf("%s was acknowledged up to record %d and is read again from %d", s.ID, acked, c.next)
		}
		if s.Notes != nil && !bytes.Equal(s.Notes, c.notes()) {
			return fmt.Errorf("%s has the %s", s.ID, s.Notes)
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
	rows := make([]Record, 0, r.context.BatchRows)
	for range r.reading {
		c := r.reading[0]
		r.reading = r.reading[1:]
		if c.paused {
			r.reading = append(r.reading, c)
			continue
		}
		left := len(c.Records) - c.Lost - c.next
		n := min(left, r.context.BatchRows-len(rows))
		if n == left && c.Lost > 0 {
			r.log.lose(c.ID)
		}
		if n == 0 && c.Lost > 0 {
			r.reading = append(r.reading, c)
			continue
		}
		rows = append(rows, c.Records[c.next:c.next+n]...)
		c.next += n
		p := stream.Piece{Split: c.ID, Rows: n, Next: strconv.AppendInt(nil, int64(c.next), 10), Finished: c.next == len(c.Records),
			Lag: &stream.Lag{Records: int64(left - n), Time: -1}}
		if c.next%2 == 1 {
			p.Notes = c.notes()
		}
		f.Pieces = append(f.Pieces, p)
		if !p.Finished {
			r.reading = append(r.reading, c)
		}
		if len(rows) == r.context.BatchRows {
			break
		}
	}
	if len(f.Pieces) == 0 {
		return f, r.context.Env.Clock.Sleep(ctx, time.Second)
	}
	if len(rows) > 0 {
		f.Batch = r.batch(rows)
	}
	return f, nil
}

func (r *reader) batch(rows []Record) *record.Batch {
	b := r.context.Pool.NewBatch(Schema, len(rows))
	for i := range Schema.Len() {
		b.Columns = append(b.Columns, r.context.Pool.NewColumn(Schema.Field(i).Type, len(rows)))
	}
	for _, row := range rows {
		b.Columns[0].AppendInt64(row.Key)
		b.Columns[1].AppendInt64(row.Number)
		b.Columns[2].AppendInt64(row.At)
	}
	return b
}

// Pause implements stream.Pauser.
func (r *reader) Pause(id stream.SplitID) { r.setPaused(id, true) }

// Resume implements stream.Pauser.
func (r *reader) Resume(id stream.SplitID) { r.setPaused(id, false) }

func (r *reader) setPaused(id stream.SplitID, paused bool) {
	if i := slices.IndexFunc(r.reading, func(c *cursor) bool { return c.ID == id }); i >= 0 {
		r.reading[i].paused = paused
	}
}

// Drop implements stream.Dropper.
func (r *reader) Drop(ids []stream.SplitID) {
	r.reading = slices.DeleteFunc(r.reading, func(c *cursor) bool { return slices.Contains(ids, c.ID) })
}

// Acknowledge implements stream.Acknowledger.
func (r *reader) Acknowledge(_ context.Context, id stream.CheckpointID, splits []stream.Split) error {
	if id <= r.told {
		return fmt.Errorf("checkpoint %d comes behind %d", id, r.told)
	}
	r.told = id
	r.log.mu.Lock()
	defer r.log.mu.Unlock()
	if r.log.acked == nil {
		r.log.acked = map[stream.SplitID]int{}
	}
	for _, s := range splits {
		n := 0
		if len(s.Position) > 0 {
			var err error
			if n, err = strconv.Atoi(string(s.Position)); err != nil {
				return err
			}
		}
		if before := r.log.acked[s.ID]; n < before {
			return fmt.Errorf("%s was acknowledged up to record %d, and now to %d", s.ID, before, n)
		}
		r.log.acked[s.ID] = n
	}
	return nil
}

// Close implements stream.Reader.
func (r *reader) Close() error { return nil }
