package badger

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/weirstream/weir/runtime/env/diskspace"
	"github.com/weirstream/weir/state/runs"
)

// Store is a [runs.ChunkStore] of Badger databases in a folder. It is safe for concurrent
// use as far as that contract goes.
type Store struct {
	dir        string
	options    Options
	lock       io.Closer
	complaints complaints

	wake    chan struct{} // has an element if there may be work for the cleaner
	stop    chan struct{} // closed when it is to end,
	stopped chan struct{} // and when it has

	beginning sync.Mutex // held while a database is begun, or the marker taken away; taken before mu

	mu struct {
		sync.Mutex
		runs      map[runs.ID]*run
		databases []*database // the oldest first
		current   *database   // the one that takes writes; nil: the next write begins one
		key       uint64      // of the last run
		number    uint64      // of the last database
		marked    bool        // the marker is there: nothing was changed since the store was opened
		cleaning  bool        // the cleaner makes room
		closed    bool
	}
	room *sync.Cond // of mu: the cleaner has made room, or ended
}

var _ runs.ChunkStore = (*Store)(nil)

var errClosed = errors.New("the store is closed")

// Create implements [runs.ChunkStore].
func (s *Store) Create(id runs.ID) (runs.RunWriter, error) {
	r, err := s.create(id)
	if err != nil {
		return nil, fmt.Errorf("badger: creating %v: %w", id, err)
	}
	return &writer{store: s, run: r}, nil
}

func (s *Store) create(id runs.ID) (*run, error) {
	if err := s.unmark(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.mu.closed:
		return nil, errClosed
	case s.mu.runs[id] != nil:
		return nil, errors.New("the store has it already")
	}
	s.mu.key++
	r := newRun(id, s.mu.key)
	s.mu.runs[id] = r
	return r, nil
}

// Open implements [runs.ChunkStore]. A reader of a run that is dropped goes on until the
// database is replaced that has the run, and fails from then on.
func (s *Store) Open(id runs.ID) (runs.RunReader, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.mu.runs[id]
	switch {
	case s.mu.closed:
		return nil, fmt.Errorf("badger: opening %v: %w", id, errClosed)
	case r == nil:
		return nil, fmt.Errorf("badger: opening %v: %w", id, runs.ErrNoRun)
	case !r.complete:
		return nil, fmt.Errorf("badger: opening %v: %w: its writer was not closed, or has failed", id, runs.ErrNoRun)
	}
	return reader{r}, nil
}

// Drop implements [runs.ChunkStore].
func (s *Store) Drop(id runs.ID) error {
	s.mu.Lock()
	there := s.mu.runs[id] != nil
	s.mu.Unlock()
	if !there {
		return nil
	}
	if err := s.unmark(); err != nil {
		return fmt.Errorf("badger: dropping %v: %w", id, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.mu.runs[id]; r != nil {
		delete(s.mu.runs, id)
		r.dropped = true
		for _, p := range *r.pieces.Load() {
			p.in.live -= p.bytes
		}
		s.rouse()
	}
	return nil
}

// complete says that a run has all its chunks.
func (s *Store) complete(r *run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.complete = true
}

// put writes a batch of a run to the database that takes writes.
func (s *Store) put(r *run, b *batch) error {
	s.mu.Lock()
	for s.mu.cleaning && s.excess() > 0 && !s.mu.closed {
		s.room.Wait()
	}
	s.mu.Unlock()
	d, err := s.begin(b.bytes, s.options.Reserve)
	if err != nil {
		return err
	}
	err = d.write(b)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(d, b.bytes, err)
	if err == nil && !r.dropped {
		r.grow(piece{b.first, b.chunks, b.bytes, d})
		d.live += b.bytes
	}
	return err
}

// begin returns a database for so many bytes, where the disk has room for them beside a
// reserve. It stays until end is called.
func (s *Store) begin(bytes, reserve int64) (*database, error) {
	s.beginning.Lock()
	defer s.beginning.Unlock()
	d, open, err := s.takeCurrent()
	if err != nil {
		return nil, err
	}
	err = diskspace.New(s.dir, reserve+s.options.needs(open)).Check(bytes)
	if err == nil && d == nil {
		d, err = s.newDatabase()
	}
	if err != nil && d != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		d.writes--
		return nil, err
	}
	return d, err
}

// takeCurrent returns the database that takes writes, if there is one, with a write begun,
// and how many are open for writing.
func (s *Store) takeCurrent() (current *database, open int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mu.closed {
		return nil, 0, errClosed
	}
	for _, d := range s.mu.databases {
		if d.files == nil {
			open++
		}
	}
	if s.mu.current != nil {
		s.mu.current.writes++
	}
	return s.mu.current, open, nil
}

// newDatabase begins a database, with a write to it.
//
// REQUIRES: s.beginning.
func (s *Store) newDatabase() (*database, error) {
	s.mu.Lock()
	s.mu.number++
	live := int64(0)
	for _, other := range s.mu.databases {
		live += other.live
	}
	d := &database{number: s.mu.number, dir: s.folder(s.mu.number), writes: 1}
	d.limit = min(max(s.options.Database, live/8), mostDatabase)
	s.mu.Unlock()
	if err := d.create(s.options, &s.complaints); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mu.current = d
	s.mu.databases = append(s.mu.databases, d)
	return d, nil
}

// end ends a write of so many bytes. A database that is full, or in which a write has
// failed, gets no more: another one could meet an assertion of Badger's, which ends the
// process.
//
// REQUIRES: s.mu.
func (s *Store) end(d *database, bytes int64, err error) {
	d.writes--
	d.bytes += bytes
	d.failed = d.failed || err != nil
	if s.mu.current == d && (d.failed || d.bytes >= d.limit) {
		s.mu.current = nil
	}
	s.rouse()
}

// rouse has the cleaner look whether there is work.
func (s *Store) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Complaints returns what went wrong lately without anybody to tell: what Badger has
// logged, and what could not be copied or deleted in the background.
func (s *Store) Complaints() []string { return s.complaints.list() }
