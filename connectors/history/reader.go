package history

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// reader reads the splits of history as long as it has any, and then the others.
type reader struct {
	source *source
	pool   *record.Pool
	parts  [2]stream.Reader
	// ids are the splits that are read, by the ids that they have in their parts.
	ids    [2]map[stream.SplitID]stream.SplitID
	paused map[stream.SplitID]bool
}

// pausing is a reader both of whose parts can be held back.
type pausing struct{ *reader }

func newReader(s *source, c stream.ReaderContext) (stream.Reader, error) {
	r := &reader{source: s, pool: c.Pool, paused: map[stream.SplitID]bool{}}
	canPause := true
	for i := range s.parts {
		p, inner := &s.parts[i], c
		inner.Read, inner.Filter = p.read(c.Read), nil
		var err error
		if r.parts[i], err = p.NewReader(inner); err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, errors.Join(err, r.Close()))
		}
		r.ids[i] = map[stream.SplitID]stream.SplitID{}
		_, ok := r.parts[i].(stream.Pauser)
		canPause = canPause && ok
	}
	if canPause {
		return pausing{r}, nil
	}
	return r, nil
}

// read returns which columns of a part are read.
func (p *part) read(read stream.Columns) stream.Columns {
	if read == nil {
		return nil
	}
	own := make(stream.Columns, p.Schema().Len())
	for i, from := range p.from {
		if from >= 0 {
			own[from] = read[i]
		}
	}
	return own
}

// Assign implements stream.Reader.
func (r *reader) Assign(splits []stream.Split) error {
	var own [2][]stream.Split
	for _, s := range splits {
		part, id := r.source.partOf(s.ID), s.ID
		s.ID = r.source.inside(id)
		r.ids[part][s.ID] = id
		own[part] = append(own[part], s)
	}
	for i, splits := range own {
		if len(splits) == 0 {
			continue
		}
		if err := r.parts[i].Assign(splits); err != nil {
			return err
		}
	}
	return nil
}

// Fetch implements stream.Reader.
func (r *reader) Fetch(ctx context.Context) (stream.Fetched, error) {
	part := 1
	if r.hasMore(0) || len(r.ids[1]) == 0 {
		part = 0
	}
	if !r.hasMore(part) {
		<-ctx.Done()
		return stream.Fetched{}, ctx.Err()
	}
	f, err := r.parts[part].Fetch(ctx)
	for i := range f.Pieces {
		p := &f.Pieces[i]
		id := r.ids[part][p.Split]
		if p.Finished {
			delete(r.ids[part], p.Split)
			delete(r.paused, id)
		}
		p.Split = id
	}
	if f.Batch != nil {
		r.widen(part, f.Batch)
	}
	return f, err
}

// hasMore reports whether a part has a split that is not paused.
func (r *reader) hasMore(part int) bool {
	for _, id := range r.ids[part] {
		if !r.paused[id] {
			return true
		}
	}
	return false
}

// widen gives a batch of a part the columns of both.
func (r *reader) widen(part int, b *record.Batch) {
	own := slices.Clone(b.Columns)
	b.Schema, b.Columns = r.source.schema, b.Columns[:0]
	for i, from := range r.source.parts[part].from {
		if from >= 0 {
			b.Columns = append(b.Columns, own[from])
		} else {
			b.Columns = append(b.Columns, r.pool.NewNull(r.source.schema.Field(i).Type, b.Physical()))
		}
	}
}

// Pause implements stream.Pauser.
func (r pausing) Pause(id stream.SplitID) {
	r.paused[id] = true
	r.parts[r.source.partOf(id)].(stream.Pauser).Pause(r.source.inside(id))
}

// Resume implements stream.Pauser.
func (r pausing) Resume(id stream.SplitID) {
	delete(r.paused, id)
	r.parts[r.source.partOf(id)].(stream.Pauser).Resume(r.source.inside(id))
}

// Drop implements stream.Dropper.
func (r *reader) Drop(ids []stream.SplitID) {
	var own [2][]stream.SplitID
	for _, id := range ids {
		part := r.source.partOf(id)
		own[part] = append(own[part], r.source.inside(id))
		delete(r.ids[part], r.source.inside(id))
	}
	for i, ids := range own {
		if d, ok := r.parts[i].(stream.Dropper); ok && len(ids) > 0 {
			d.Drop(ids)
		}
	}
}

// Drain implements stream.Drainer.
func (r *reader) Drain() (left []stream.SplitID) {
	for i, p := range r.parts {
		if d, ok := p.(stream.Drainer); ok {
			left = append(left, r.source.parts[i].outside(d.Drain())...)
		}
	}
	for i := range r.ids {
		for own, id := range r.ids[i] {
			if !slices.Contains(left, id) {
				delete(r.ids[i], own)
			}
		}
	}
	return left
}

// Acknowledge implements stream.Acknowledger.
func (r *reader) Acknowledge(ctx context.Context, id stream.CheckpointID, splits []stream.Split) error {
	var own [2][]stream.Split
	for _, s := range splits {
		part := r.source.partOf(s.ID)
		s.ID = r.source.inside(s.ID)
		own[part] = append(own[part], s)
	}
	var err error
	for i, p := range r.parts {
		if a, ok := p.(stream.Acknowledger); ok {
			err = errors.Join(err, a.Acknowledge(ctx, id, own[i]))
		}
	}
	return err
}

// Locate implements stream.Locator.
func (r *reader) Locate(id stream.SplitID, p stream.Position) string {
	if l, ok := r.parts[r.source.partOf(id)].(stream.Locator); ok {
		return l.Locate(r.source.inside(id), p)
	}
	return fmt.Sprintf("%s of %s", p, id)
}

// Close implements stream.Reader.
func (r *reader) Close() (err error) {
	for _, p := range r.parts {
		if p != nil {
			err = errors.Join(err, p.Close())
		}
	}
	return err
}
