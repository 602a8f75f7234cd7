package files

import (
	"context"
	"fmt"
	"slices"

	"github.com/weirstream/weir/connectors/pace"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// maxOpen is how many splits of a reader are open at once. The others wait until
// one of these is finished, or paused.
const maxOpen = 16

// NewReader returns the reader of one subtask.
func (s *source) NewReader(c stream.ReaderContext) (stream.Reader, error) {
	p := pace.New(c.Env.Clock, s.rate)
	c.BatchRows = p.BatchRows(c.BatchRows)
	return &reader{source: s, context: c, pace: p, splits: map[stream.SplitID]*split{}}, nil
}

// reader reads its splits in turn, one batch each.
type reader struct {
	source  *source
	context stream.ReaderContext
	pace    *pace.Pace
	files   []file                 // of the source
	byName  map[stream.SplitID]int // positions in files
	splits  map[stream.SplitID]*split
	open    []*split // read in turn; at most maxOpen
	turn    int      // whose turn it is in open
	waiting []*split // neither open nor finished, in order of assignment
	stdin   *pump    // nil until standard input is opened
}

// Assign adds splits. It reads nothing yet.
func (r *reader) Assign(splits []stream.Split) error {
	if r.source.watch > 0 {
		return r.assignWatched(splits)
	}
	if err := r.findFiles(); err != nil {
		return err
	}
	for _, assigned := range splits {
		s := &split{reader: r, id: assigned.ID, files: r.files}
		if r.source.parallel {
			i, ok := r.byName[assigned.ID]
			if !ok {
				return failure.Fatal(fmt.Errorf("file source: %q is in the checkpoint but no longer among the files; put it back, "+
					"or start afresh", assigned.ID))
			}
			s.files = r.files[i : i+1]
		}
		if err := s.restore(assigned); err != nil {
			return err
		}
		r.add(s)
	}
	return nil
}

func (r *reader) add(s *split) {
	r.splits[s.id] = s
	r.waiting = append(r.waiting, s)
}

// findFiles looks up the files of the source, once.
func (r *reader) findFiles() (err error) {
	if r.files != nil {
		return nil
	}
	if r.files, err = expand(r.context.Env.Files, r.source.paths); err != nil {
		return err
	}
	r.byName = make(map[stream.SplitID]int, len(r.files))
	for i, f := range r.files {
		r.byName[stream.SplitID(f.name)] = i
	}
	return nil
}

// Pause keeps the rows of a split back.
func (r *reader) Pause(id stream.SplitID) { r.setPaused(id, true) }

// Resume ends a pause.
func (r *reader) Resume(id stream.SplitID) { r.setPaused(id, false) }

func (r *reader) setPaused(id stream.SplitID, paused bool) {
	if s := r.splits[id]; s != nil {
		s.paused = paused
	}
}

// Fetch returns the next rows of the split whose turn it is.
func (r *reader) Fetch(ctx context.Context) (stream.Fetched, error) {
	if err := r.pace.Wait(ctx); err != nil {
		return stream.Fetched{}, err
	}
	for {
		if err := ctx.Err(); err != nil {
			return stream.Fetched{}, err
		}
		s, err := r.next(ctx)
		if err != nil {
			return stream.Fetched{}, err
		}
		f, err := s.fetch(ctx)
		if err != nil {
			return stream.Fetched{}, err
		}
		if f.Finished {
			r.finish(s)
		}
		if f.batch != nil {
			r.pace.Add(f.batch.Len())
		}
		if f.isNews() {
			return stream.FetchedOf(f.Piece, f.batch), nil
		}
	}
}

// fetched is what a fetch brought of one split.
type fetched struct {
	stream.Piece
	batch *record.Batch // nil: no rows
}

// isNews reports whether it is anything but a new place.
func (f fetched) isNews() bool {
	return f.batch != nil || f.Failed != nil || f.Finished || f.CaughtUp || f.Notes != nil
}

// Drain implements stream.Drainer. Files can be read again; what has been taken in
// of standard input cannot.
func (r *reader) Drain() []stream.SplitID {
	i := slices.IndexFunc(r.open, (*split).readsStandardInput)
	if i < 0 {
		return nil
	}
	r.stdin.drain()
	r.open[i].starving = false
	r.open, r.waiting = []*split{r.open[i]}, nil
	return []stream.SplitID{r.open[0].id}
}

// next returns the open split whose turn it is. Where nothing can be read it
// waits for standard input or for the end of ctx.
func (r *reader) next(ctx context.Context) (*split, error) {
	for {
		r.openWaiting()
		for range r.open {
			r.turn = (r.turn + 1) % len(r.open)
			if s := r.open[r.turn]; !s.paused && !s.starved() {
				return s, nil
			}
		}
		if err := r.wait(ctx); err != nil {
			return nil, err
		}
	}
}

// wait returns when a split that had to wait for standard input can be read, or
// with the error of ctx.
func (r *reader) wait(ctx context.Context) error {
	if slices.ContainsFunc(r.open, func(s *split) bool { return s.starving && !s.paused }) {
		return r.stdin.wait(ctx)
	}
	<-ctx.Done()
	return ctx.Err()
}

// openWaiting opens waiting splits as long as there is room, in the place of
// paused ones if need be.
func (r *reader) openWaiting() {
	for len(r.waiting) > 0 && (len(r.open) < maxOpen || slices.ContainsFunc(r.open, (*split).canWait)) {
		i := slices.IndexFunc(r.waiting, func(s *split) bool { return !s.paused })
		if i < 0 {
			return
		}
		s := r.waiting[i]
		r.waiting = slices.Delete(r.waiting, i, i+1)
		if len(r.open) == maxOpen {
			r.closePaused()
		}
		r.open = append(r.open, s)
	}
}

// closePaused makes one paused split wait again.
func (r *reader) closePaused() {
	i := slices.IndexFunc(r.open, (*split).canWait)
	s := r.open[i]
	s.close()
	r.open = slices.Delete(r.open, i, i+1)
	r.waiting = append(r.waiting, s)
}

// finish forgets a split that has been read.
func (r *reader) finish(s *split) {
	i := slices.Index(r.open, s)
	r.open = slices.Delete(r.open, i, i+1)
	r.turn-- // whose successor has moved up
	delete(r.splits, s.id)
}

// Close closes all files. A read of standard input that is under way cannot be
// interrupted and ends with the process.
func (r *reader) Close() error {
	for _, s := range r.open {
		s.close()
	}
	r.stdin.stop()
	r.open, r.waiting = nil, nil
	return nil
}
