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

func (e *playEnumerator) Discover(context.Context) (found stream.Discovery, err error) {
	if !e.told {
		for _, s := range e.splits {
			found.Splits = append(found.Splits, stream.Split{ID: s.id})
		}
	}
	e.told = true
	found.Done = true
	return found, nil
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
	fetches int
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
		if notes := assigned.Notes; notes != nil && !bytes.Equal(notes, c.notes()) {
			return fmt.Errorf("split %s has the %s", assigned.ID, notes)
		}
		r.reading = append(r.reading, c)
	}
	return nil
}

func (r *playReader) Close() error { return nil }

// Fetch returns what splits have to say: of all that have something or, every third
// time, of one. Where none has anything it waits, long in a silence.
func (r *playReader) Fetch(ctx context.Context) (f stream.Fetched, err error) {
	r.fetches++
	var text bytes.Buffer
	var told []*playCursor
	rows := 0
	for _, c := range r.reading {
		p, come := r.piece(c, r.context.BatchRows-rows)
		if p.Split == "" {
			continue
		}
		for _, row := range come {
			text.WriteString(row.text)
		}
		rows += len(come)
		f.Pieces, told = append(f.Pieces, p), append(told, c)
		if rows == r.context.BatchRows || r.fetches%3 == 0 {
			break
		}
	}
	if told == nil {
		return f, r.stage.Sleep(ctx, r.nap())
	}
	for i, c := range told { // their turn comes last
		r.reading = slices.DeleteFunc(r.reading, func(other *playCursor) bool { return other == c })
		if !f.Pieces[i].Finished {
			r.reading = append(r.reading, c)
		}
	}
	if rows > 0 {
		f.Batch, err = r.decode(&text, rows)
	}
	return f, err
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

// piece returns news of a split, if there is any, with so many rows at most.
func (r *playReader) piece(c *playCursor, most int) (p stream.Piece, rows []playRow) {
	come := c.next
	for come < len(c.rows) && c.rows[come].phase < r.stage.begun && come-c.next < most {
		come++
	}
	silent := come == len(c.rows) || c.rows[come].phase >= r.stage.begun
	ended := come == len(c.rows) && r.stage.begun > c.ends
	if come == c.next && !ended && (!silent || c.caughtUp) {
		return p, nil
	}
	rows = c.rows[c.next:come]
	p = stream.Piece{Split: c.id, Rows: len(rows), CaughtUp: silent, Finished: ended}
	c.next, c.caughtUp = come, silent
	p.Next = strconv.AppendInt(nil, int64(come), 10)
	if come%2 == 1 {
		p.Notes = c.notes()
	}
	return p, rows
}

// notes are what a split has to remember.
func (c *playCursor) notes() []byte { return []byte("notes of split " + c.id) }

// decode has the job's format read rows as it would read a file.
func (r *playReader) decode(text io.Reader, rows int) (*record.Batch, error) {
	d, err := r.in.Format.NewDecoder(stream.DecoderContext{
		Name: "play", Schema: r.in.Schema, Patterns: r.in.Patterns, Input: text, Pool: r.context.Pool, BatchRows: rows,
	})
	if err != nil {
		return nil, err
	}
	defer d.Close()
	b, failed, err := d.Next()
	if err != nil && err != io.EOF || len(failed) > 0 || b.Len() != rows {
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
