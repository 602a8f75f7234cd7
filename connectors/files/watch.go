package files

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// minWatch is the least time between two looks.
const minWatch = 10 * time.Millisecond

var errWatchChanged = failure.Fatal(errors.New("file source: the key watch was given when the checkpoint was taken and is not now, " +
	"or the other way round: set it as it was, or start afresh"))

// checkWatch finds what cannot be watched.
func (s *source) checkWatch(c component.Config) error {
	switch {
	case s.watch < minWatch:
		return c.Problemf("watch", "%s is less than %v", c.Text("watch"), minWatch)
	case s.parallel:
		return c.Problemf("watch", "new files are read one after the other, as one split; remove parallel")
	case s.repeat > 1:
		return c.Problemf("watch", "watched files have no end after which to repeat; remove repeat")
	case slices.Contains(s.paths, standard):
		return c.Problemf("watch", "standard input is not a folder")
	}
	return nil
}

// watch is how a split goes on when it has read the files that it knows.
type watch struct {
	every  time.Duration
	looked time.Time // zero: not yet
	told   bool      // that the split is caught up, since the last look
	known  known     // the split's files, by position
}

// assignWatched adds the one split that a watching source has.
func (r *reader) assignWatched(splits []stream.Split) error {
	for _, assigned := range splits {
		s := &split{reader: r, id: assigned.ID, watch: &watch{every: r.source.watch}}
		if err := s.restoreWatched(assigned); err != nil {
			return err
		}
		r.add(s)
	}
	return nil
}

// restoreWatched sets a watched split to where it was.
func (s *split) restoreWatched(from stream.Split) error {
	if len(from.Position) == 0 {
		return nil
	}
	if !bytes.HasPrefix(from.Notes, []byte("[")) {
		return errWatchChanged
	}
	if err := s.decode(from.Position); err != nil {
		return err
	}
	w := s.watch
	if err := json.Unmarshal(from.Notes, &w.known); err != nil {
		return failure.Fatal(fmt.Errorf("file source: the notes of split %q are damaged: %w", s.id, err))
	}
	all, err := s.reader.listWatched()
	if err != nil {
		return err
	}
	paths := pathsOf(all)
	s.next = len(w.known)
	for i, f := range w.known {
		s.files = append(s.files, file{f.Name, paths[f.Name]})
		if f.Name == s.at.File {
			s.next = i
		}
	}
	if s.at.File != "" && s.next == len(s.files) {
		return failure.Fatal(fmt.Errorf("file source: the notes of split %q do not hold %q, where the checkpoint stopped: it is damaged",
			s.id, s.at.File))
	}
	if s.at.bookmark() != (stream.Bookmark{}) && paths[s.at.File] == "" {
		return failure.Fatal(fmt.Errorf("file source: the checkpoint stopped in %q, which is no longer there; put it back, "+
			"or start afresh", s.at.File))
	}
	return nil
}

func pathsOf(all []file) map[string]string {
	paths := make(map[string]string, len(all))
	for _, f := range all {
		paths[f.name] = f.path
	}
	return paths
}

// listWatched returns the files that are complete, by their names.
func (r *reader) listWatched() ([]file, error) {
	files := r.context.Env.Files
	return list(files, r.source.paths, func(p string) ([]file, error) {
		dir, parts := cut(p)
		if len(parts) == 0 || isThere(files, p) {
			dir, parts = strings.TrimSuffix(p, "/"), []string{"*"}
		}
		found, err := matchIn(files, dir, parts)
		if errors.Is(err, syscall.ENOTDIR) {
			err = failure.Fatal(fmt.Errorf("%s cannot be watched: watch takes a folder or a pattern of the files in one", p))
		}
		found = slices.DeleteFunc(found, unfinished)
		if err == nil {
			err = refuseFolders(p, found)
		}
		return found, err
	})
}

// unfinished reports that a name says: this is still being written.
func unfinished(f file) bool {
	return strings.HasPrefix(f.name, "_") || strings.Contains(f.name, "/_") ||
		strings.HasSuffix(f.name, ".tmp") || strings.HasSuffix(f.name, ".part")
}

// await looks for new files when it is time to. It returns what it has learned,
// or that the split is caught up. It sleeps only where it has nothing to tell.
func (s *split) await(ctx context.Context) (fetched, error) {
	w, clock := s.watch, s.reader.context.Env.Clock
	if w.told {
		if err := clock.Sleep(ctx, w.looked.Add(w.every).Sub(clock.Now())); err != nil {
			return fetched{}, err
		}
	}
	f := fetched{Piece: stream.Piece{Split: s.id}}
	var err error
	if now := clock.Now(); now.Sub(w.looked) >= w.every {
		if f.Notes, err = s.look(); err != nil {
			return fetched{}, err
		}
		w.looked = now
	}
	f.CaughtUp = s.next == len(s.files)
	w.told = f.CaughtUp
	return s.place(f)
}

// look puts the files that are new, in order of name, behind those that are
// known, and drops those that are gone. It returns the notes where they change.
func (s *split) look() ([]byte, error) {
	w, files := s.watch, s.reader.context.Env.Files
	all, err := s.reader.listWatched()
	if err != nil {
		return nil, err
	}
	paths, before := pathsOf(all), len(w.known)
	w.known = slices.DeleteFunc(w.known, func(f knownFile) bool { return paths[f.Name] == "" })
	last := s.reader.source.recheck
	if w.looked.IsZero() { // the source has just been started
		last = len(w.known)
	}
	if err := w.known.check(files, paths, last); err != nil {
		return nil, err
	}
	names, read := w.known.names(), len(w.known)
	s.files = make([]file, read, len(all))
	for _, f := range all {
		if names[f.name] {
			continue
		}
		size, err := files.Size(f.path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && size == 0 { // gone, or a marker, or not written yet
			continue
		} else if err != nil {
			return nil, fmt.Errorf("file source: %w", err)
		}
		w.known = append(w.known, knownFile{f.name, size})
		s.files = append(s.files, f)
	}
	s.moveTo(read)
	if read == before && len(w.known) == before && !w.looked.IsZero() {
		return nil, nil
	}
	return w.known.notes()
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
	gone := s.watch != nil && errors.Is(err, fs.ErrNotExist) && s.at.bookmark() == (stream.Bookmark{})
	if gone {
		s.moveTo(s.next + 1)
	}
	return gone
}
