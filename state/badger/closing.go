package badger

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Close ends the store. If everything in it belongs to a checkpoint, its name makes the
// next [Open] that wants the same keep the runs that are complete; with no name they are
// given up, which spares syncing them. Nobody writes or reads any more.
func (s *Store) Close(checkpoint string) error {
	s.mu.Lock()
	if s.mu.closed {
		s.mu.Unlock()
		return nil
	}
	s.mu.closed = true
	s.room.Broadcast()
	s.mu.Unlock()
	close(s.stop)
	<-s.stopped
	err := s.closeAll()
	if err == nil && checkpoint != "" {
		err = s.mark(checkpoint)
	}
	if err := errors.Join(err, s.lock.Close()); err != nil {
		return fmt.Errorf("badger: closing %s: %w", s.dir, err)
	}
	return nil
}

// closeAll closes the databases.
func (s *Store) closeAll() (err error) {
	for _, d := range s.mu.databases {
		err = errors.Join(err, d.close())
	}
	return err
}

// mark writes the marker, after everything that it names has been made durable.
func (s *Store) mark(checkpoint string) error {
	if err := removeMarker(s.dir); err != nil {
		return err
	}
	m := marker{Checkpoint: checkpoint, Key: s.mu.key, Number: s.mu.number}
	for _, d := range s.mu.databases {
		if d.failed {
			return fmt.Errorf("a write to %s has failed: the store is not to be opened again", d.dir)
		}
		if d.files == nil {
			files, err := settle(d.dir)
			if err != nil {
				return fmt.Errorf("making %s durable: %w", d.dir, err)
			}
			d.files = files
		}
		m.Databases = append(m.Databases, markedDatabase{d.number, d.bytes, d.files})
	}
	for _, r := range s.mu.runs {
		if r.complete {
			m.Runs = append(m.Runs, r.marked())
		}
	}
	slices.SortFunc(m.Runs, func(a, b markedRun) int { return cmp.Compare(a.Key, b.Key) })
	if err := m.write(s.dir); err != nil {
		return fmt.Errorf("writing the marker: %w", err)
	}
	return nil
}

func (r *run) marked() markedRun {
	m := markedRun{ID: uint64(r.id), Key: r.key}
	for _, p := range *r.pieces.Load() {
		m.Pieces = append(m.Pieces, markedPiece{p.in.number, p.first, p.chunks, p.bytes})
	}
	return m
}
