package badger

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/state/runs"
)

// Found is what a store was when it was opened.
type Found struct {
	State State
	Why   string // one line, for a log
}

// Kept reports whether the store still has its runs. If not, it is empty.
func (f Found) Kept() bool { return f.State == Kept }

// State is a reason to keep a store or to begin it afresh.
type State int

// The states of a store that is opened.
const (
	Kept    State = iota // it was closed with the wanted checkpoint, and its files are as they were then
	Empty                // there was none
	Unclean              // it was not closed, or not with a checkpoint
	Damaged              // its marker or its files are not what was written
	Other                // it matches another checkpoint, or none is wanted
)

// String names the state.
func (s State) String() string {
	return [...]string{"kept", "empty", "not closed", "damaged", "of another checkpoint"}[s]
}

// Open opens the store in a folder, which is made if need be and belongs to it alone. What
// is there is kept if the store was closed with the wanted checkpoint, and otherwise deleted.
func Open(dir, want string, options Options) (*Store, Found, error) {
	if err := (env.OS{}).MkdirAll(dir); err != nil {
		return nil, Found{}, fmt.Errorf("badger: making the folder of a store: %w", err)
	}
	lock, err := env.OS{}.Lock(dir)
	if errors.Is(err, errors.ErrUnsupported) {
		lock, err = io.NopCloser(nil), nil // Badger itself locks each database
	}
	if err != nil {
		return nil, Found{}, fmt.Errorf("badger: opening %s: %w", dir, err)
	}
	s := &Store{dir: dir, options: options.normal(), lock: lock}
	s.wake, s.stop, s.stopped = make(chan struct{}, 1), make(chan struct{}), make(chan struct{})
	s.room = sync.NewCond(&s.mu)
	found, err := s.load(want)
	if err != nil {
		return nil, Found{}, errors.Join(fmt.Errorf("badger: opening %s: %w", dir, err), s.closeAll(), lock.Close())
	}
	go s.clean()
	return s, found, nil
}

// load takes in what the marker says, if it is to be kept, and deletes all else.
func (s *Store) load(want string) (Found, error) {
	s.mu.runs = map[runs.ID]*run{}
	m, found := s.find(want)
	if found.Kept() {
		if err := s.restore(m); err != nil {
			if err := s.closeAll(); err != nil {
				s.complaints.add(err.Error())
			}
			s.mu.databases, s.mu.runs = nil, map[runs.ID]*run{}
			found = Found{Damaged, err.Error()}
		}
	}
	if s.mu.marked = found.Kept(); !s.mu.marked {
		if err := removeMarker(s.dir); err != nil {
			return found, err
		}
	}
	return found, s.sweep(&found)
}

// find returns the marker, and whether it says that the store is to be kept.
func (s *Store) find(want string) (marker, Found) {
	m, err := readMarker(s.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return m, Found{Unclean, "there is no marker of a clean end"}
	case err != nil:
		return m, Found{Damaged, fmt.Sprintf("the marker of a clean end is damaged: %v", err)}
	case want == "":
		return m, Found{Other, "no checkpoint is wanted"}
	case m.Checkpoint != want:
		return m, Found{Other, fmt.Sprintf("it matches the checkpoint %q, not %q", m.Checkpoint, want)}
	}
	return m, Found{Kept, fmt.Sprintf("it matches the checkpoint %q", want)}
}

// restore opens the databases of a marker, and takes its runs in.
func (s *Store) restore(m marker) error {
	s.mu.key, s.mu.number = m.Key, m.Number
	numbered := map[uint64]*database{}
	for _, kept := range m.Databases {
		d := &database{number: kept.Number, dir: s.folder(kept.Number), files: kept.Files, bytes: kept.Bytes}
		if err := verify(d.dir, kept.Files); err != nil {
			return err
		}
		if err := d.openAgain(s.options, &s.complaints); err != nil {
			return err
		}
		s.mu.databases, numbered[d.number] = append(s.mu.databases, d), d
	}
	for _, kept := range m.Runs {
		r := newRun(runs.ID(kept.ID), kept.Key)
		for _, p := range kept.Pieces {
			in := numbered[p.Database]
			if in == nil {
				return fmt.Errorf("%v lies in a database %d, which the marker does not list", r.id, p.Database)
			}
			r.grow(piece{p.First, p.Chunks, p.Bytes, in})
			in.live += p.Bytes
		}
		r.complete = true
		s.mu.runs[r.id] = r
	}
	return nil
}

// sweep deletes the databases that are not open. Where there are some, the store was not
// empty.
func (s *Store) sweep(found *Found) error {
	files := env.OS{}
	names, err := files.ReadDir(s.dir)
	if err != nil {
		return err
	}
	open := map[string]bool{}
	for _, d := range s.mu.databases {
		open[d.dir] = true
	}
	others := false
	for _, name := range names {
		dir := filepath.Join(s.dir, strings.TrimSuffix(name, "/"))
		if !isFolder(name) || open[dir] {
			continue
		}
		others = true
		if err := env.RemoveAll(files, dir); err != nil {
			return err
		}
	}
	if found.State == Unclean && !others {
		*found = Found{Empty, "there is no store"}
	}
	return nil
}

// folder returns where a database lies.
func (s *Store) folder(number uint64) string {
	return filepath.Join(s.dir, fmt.Sprintf("%s%08d", folderPrefix, number))
}

const folderPrefix = "badger-"

func isFolder(name string) bool {
	return strings.HasPrefix(name, folderPrefix) && strings.HasSuffix(name, "/")
}
