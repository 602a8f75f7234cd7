package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/stream"
)

// minWatch is the least time between two looks.
const minWatch = 10 * time.Millisecond

var errWatchChanged = errors.New("file source: the checkpoint is of a run in which the key watch was given and now is not, or the other way round: set it as it was, or start afresh")

// checkWatch finds what cannot be watched.
func (s *source) checkWatch(c component.Config) error {
	switch {
	case s.watch < minWatch:
		return c.Problemf("watch", "%s is less than %v", c.Text("watch"), minWatch)
	case s.parallel:
		return c.Problemf("watch", "new files are read one after the other, as one split; remove parallel")
	case s.repeat > 1:
		return c.Problemf("watch", "the files have no end from which to repeat; remove repeat")
	case slices.Contains(s.paths, standard):
		return c.Problemf("watch", "standard input is no folder")
	}
	return nil
}

// watch is how a split goes on when it has read the files that it knows.
type watch struct {
	every  time.Duration
	looked time.Time // zero: not yet
	told   bool      // that the split is caught up, since the last look
	done   done
}

// assignWatched adds the one split that a watching source has.
func (r *reader) assignWatched(splits []stream.Split) error {
	for _, assigned := range splits {
		s := &split{reader: r, id: assigned.ID, watch: &watch{every: r.source.watch}}
		if err := s.restoreWatched(assigned.Position); err != nil {
			return err
		}
		r.add(s)
	}
	return nil
}

// restoreWatched is restore for a watched split. It goes on in the file that it
// was in the middle of; which one comes next is for the next look to say.
func (s *split) restoreWatched(p stream.Position) error {
	if len(p) == 0 {
		return nil
	}
	if err := s.decode(p); err != nil {
		return err
	}
	if s.at.Done == nil {
		return errWatchChanged
	}
	s.watch.done.restore(s.at.Done)
	s.at.Done = nil
	if s.at.mark() == (stream.Mark{}) {
		return nil
	}
	all, err := s.reader.listWatched()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(f file) bool { return f.name == s.at.File })
	if i < 0 {
		return fmt.Errorf("file source: the checkpoint stopped in %q, which is no longer there; put it back, or start afresh", s.at.File)
	}
	s.files = all[i : i+1]
	return nil
}

// listWatched returns the files that are complete, by their names.
func (r *reader) listWatched() ([]file, error) {
	files := r.context.Env.Files
	return list(files, r.source.paths, func(p string) ([]file, error) {
		pattern := p
		if !isPattern(p) {
			pattern = strings.TrimSuffix(p, "/") + "/*"
		}
		found, err := match(files, pattern)
		if errors.Is(err, syscall.ENOTDIR) {
			err = fmt.Errorf("%s cannot be watched: watch takes a folder or a pattern of the files in one", p)
		}
		return slices.DeleteFunc(found, unfinished), err
	})
}

// unfinished reports that a name says: this is still being written.
func unfinished(f file) bool {
	return strings.HasPrefix(f.name, "_") || strings.Contains(f.name, "/_") ||
		strings.HasSuffix(f.name, ".tmp") || strings.HasSuffix(f.name, ".part")
}

// await looks for new files when it is time to. It returns that there are none,
// or nothing where there are; then they come with the next fetches. It sleeps
// only where it has nothing to tell.
func (s *split) await(ctx context.Context) (stream.Fetched, error) {
	w, clock := s.watch, s.reader.context.Env.Clock
	if due := w.looked.Add(w.every); w.told {
		if err := clock.Sleep(ctx, due.Sub(clock.Now())); err != nil {
			return stream.Fetched{}, err
		}
	}
	if now := clock.Now(); now.Sub(w.looked) >= w.every {
		found, err := s.look()
		if err != nil {
			return stream.Fetched{}, err
		}
		w.looked = now
		if len(found) > 0 {
			w.told = false
			s.files = found
			s.moveTo(0)
			return stream.Fetched{}, nil
		}
	}
	w.told = true
	next, err := s.position()
	return stream.Fetched{Split: s.id, Next: next, CaughtUp: true}, err
}

// moveTo goes to the start of a file, or behind the last one.
func (s *split) moveTo(next int) {
	s.next, s.at = next, position{}
	if next < len(s.files) {
		s.at.File = s.files[next].name
	}
}

// tookAway passes over a file that was gone before it was begun.
func (s *split) tookAway(err error) bool {
	gone := s.watch != nil && errors.Is(err, fs.ErrNotExist) && s.at.mark() == (stream.Mark{})
	if gone {
		s.moveTo(s.next + 1)
	}
	return gone
}

// look returns the files that have not been read, in order of name, and forgets
// those that have been and are gone.
func (s *split) look() ([]file, error) {
	w := s.watch
	all, err := s.reader.listWatched()
	if err != nil {
		return nil, err
	}
	paths := make(map[string]string, len(all))
	for _, f := range all {
		paths[f.name] = f.path
	}
	w.done.keep(paths)
	if err := w.done.check(s.reader.context.Env.Files, paths); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(f file) bool { return w.done.has(f.name) }), nil
}
