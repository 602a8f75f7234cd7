package jobtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// sourceType declares the source that the job of a play has.
func (p *play) sourceType() component.SourceType {
	return component.SourceType{
		Spec:      component.Spec{Name: "play", Summary: "Reads what a test has written, when the test lets it come."},
		Extent:    func(component.Config) component.Extent { return component.Open },
		Formatted: true,
		Splits:    func(component.Config) bool { return true },
		New: func(_ component.Config, in component.SourceInputs) (stream.Source, error) {
			s := &played{play: p, in: in}
			for _, split := range p.splits {
				if p.step(split.source) == in.Step {
					s.splits = append(s.splits, split)
				}
			}
			return s, nil
		},
	}
}

// played is one source of a play.
type played struct {
	play   *play
	in     component.SourceInputs
	splits []*playSplit
}

func (s *played) Schema() *record.Schema { return s.in.Schema }

func (s *played) NewEnumerator(_ env.Env, saved []byte) (stream.Enumerator, error) {
	return &playEnumerator{s, saved != nil}, nil
}

func (s *played) NewReader(c stream.ReaderContext) (stream.Reader, error) {
	r := &playReader{played: s, context: c, stage: c.Env.Clock.(*stage)}
	r.stage.readers = append(r.stage.readers, r)
	return r, nil
}

type playEnumerator struct {
	*played
	told bool
}

func (e *playEnumerator) Discover(context.Context) (splits []stream.Split, done bool, err error) {
	if !e.told {
		for _, s := range e.splits {
			splits = append(splits, stream.Split{ID: s.id})
		}
	}
	e.told = true
	return splits, true, nil
}

func (e *playEnumerator) Finished(stream.SplitID) {}

func (e *playEnumerator) Snapshot() ([]byte, error) { return []byte("told"), nil }

// playReader reads the splits of one subtask in turn.
type playReader struct {
	*played
	context stream.ReaderContext
	stage   *stage
	reading []*playCursor
	naps    int // in this silence
}

// playCursor is where a reader is in a split. Positions are numbers of rows.
type playCursor struct {
	*playSplit
	next     int
	caughtUp bool // and the engine knows
}

func (r *playReader) Assign(splits []stream.Split) error {
	for _, assigned := range splits {
		i := slices.IndexFunc(r.splits, func(s *playSplit) bool { return s.id == assigned.ID })
		c := &playCursor{playSplit: r.splits[i]}
		c.next, _ = strconv.Atoi(string(assigned.Position)) // empty at the start
		r.reading = append(r.reading, c)
	}
	return nil
}

func (r *playReader) Close() error { return nil }

// Fetch returns what a split has to say. Where none has anything it waits, long in
// a silence.
func (r *playReader) Fetch(ctx context.Context) (stream.Fetched, error) {
	for i, c := range r.reading {
		f, err := r.fetch(c)
		if err != nil || f.Split == "" {
			if err != nil {
				return f, err
			}
			continue
		}
		r.reading = append(slices.Delete(r.reading, i, i+1), c) // its turn comes last
		if f.Finished {
			r.reading = r.reading[:len(r.reading)-1]
		}
		return f, nil
	}
	return stream.Fetched{}, r.stage.Sleep(ctx, r.nap())
}

// nap returns how long to wait: in a silence twice for as long as it takes a split
// to become idle.
func (r *playReader) nap() time.Duration {
	switch {
	case !r.stage.silent:
		r.naps = 0
		return shortNap
	case r.hasSlept():
		return shortNap
	}
	r.naps++
	return idleAfter
}

func (r *playReader) hasSlept() bool { return r.naps == 2 || len(r.reading) == 0 }

// fetch returns news of a split, if there is any.
func (r *playReader) fetch(c *playCursor) (f stream.Fetched, err error) {
	come := c.next
	for come < len(c.rows) && c.rows[come].phase < r.stage.begun && come-c.next < r.context.BatchRows {
		come++
	}
	silent := come == len(c.rows) || c.rows[come].phase >= r.stage.begun
	ended := come == len(c.rows) && r.stage.begun > c.ends
	if come == c.next && !ended && (!silent || c.caughtUp) {
		return f, nil
	}
	f.Split, f.CaughtUp, f.Finished = c.id, silent, ended
	if come > c.next {
		f.Batch, err = r.decode(c.rows[c.next:come])
	}
	c.next, c.caughtUp = come, silent
	f.Next = strconv.AppendInt(nil, int64(come), 10)
	return f, err
}

// decode has the job's format read rows as it would read a file.
func (r *playReader) decode(rows []playRow) (*record.Batch, error) {
	var text bytes.Buffer
	for _, row := range rows {
		text.WriteString(row.text)
	}
	d, err := r.in.Format.NewDecoder(stream.DecoderContext{
		Name: "play", Schema: r.in.Schema, Patterns: r.in.Patterns, Input: &text, Pool: r.context.Pool, BatchRows: len(rows),
	})
	if err != nil {
		return nil, err
	}
	defer d.Close()
	b, failed, err := d.Next()
	if err != nil && err != io.EOF || len(failed) > 0 || b.Len() != len(rows) {
		return b, fmt.Errorf("the play does not decode: %w, %v", err, failed)
	}
	return b, nil
}

const (
	// idleAfter is far more than passes from one phase to the next.
	idleAfter = 10 * time.Minute
	// shortNap is how long a reader waits that has nothing to read just now.
	shortNap = 5 * time.Millisecond
)
