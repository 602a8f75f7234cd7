package badger

import (
	"errors"
	"fmt"

	"github.com/weirstream/weir/runtime/env"
)

// This file deletes databases that no run has anything in, and moves pieces out of others,
// so that the store takes at most twice what is live, and a constant.

// clean does what there is to do, until the store is closed.
func (s *Store) clean() {
	defer close(s.stopped)
	for {
		select {
		case <-s.stop:
			return
		case <-s.wake:
		}
		for s.cleanOne() {
		}
		s.mu.Lock()
		s.mu.cleaning = false
		s.room.Broadcast()
		s.mu.Unlock()
	}
}

// cleanOne deletes a database or moves a piece. It reports whether there may be more.
func (s *Store) cleanOne() bool {
	select {
	case <-s.stop:
		return false
	default:
	}
	s.mu.Lock()
	s.room.Broadcast()
	if dead := s.takeDead(); dead != nil {
		s.mu.Unlock()
		s.remove(dead)
		return true
	}
	from := s.victim()
	s.mu.cleaning = from != nil
	if from == nil {
		s.mu.Unlock()
		return false
	}
	r, p, ok := s.pieceOf(from)
	s.mu.Unlock()
	if !ok { // its writes go on; the last of them wakes the cleaner
		return false
	}
	if err := s.move(r, p); errors.Is(err, errClosed) {
		return false
	} else if err != nil {
		s.complaints.add(fmt.Sprintf("moving %v out of %s: %v", r.id, from.dir, err))
		return false
	}
	return true
}

// takeDead takes a database out that nothing of any run lies in, and no run is written to.
//
// REQUIRES: s.mu.
func (s *Store) takeDead() *database {
	for i, d := range s.mu.databases {
		if d != s.mu.current && d.live == 0 && d.writes == 0 {
			s.mu.databases = append(s.mu.databases[:i:i], s.mu.databases[i+1:]...)
			return d
		}
	}
	return nil
}

// victim returns the database to be emptied next, if there is one: that with the greatest
// share of garbage, once there is half as much garbage as there is live; else a small one,
// where restarts have left many of them.
//
// REQUIRES: s.mu.
func (s *Store) victim() *database {
	var worst, least *database
	var bytes, live int64
	small := 0
	for _, d := range s.mu.databases {
		bytes, live = bytes+d.bytes, live+d.live
		if worst == nil || d.live*worst.bytes < worst.live*d.bytes {
			worst = d
		}
		if d != s.mu.current && d.bytes < s.options.Database/4 {
			small++
			if least == nil || d.live < least.live {
				least = d
			}
		}
	}
	switch {
	case bytes > live+live/2+s.options.Database && worst.live < worst.bytes:
		if worst == s.mu.current {
			s.mu.current = nil
		}
		return worst
	case small > mostSmall:
		return least
	}
	return nil
}

// mostSmall is how many databases there may be that are less than a quarter full.
const mostSmall = 8

// excess returns by how much the store is larger than it may be while it is cleaned.
//
// REQUIRES: s.mu.
func (s *Store) excess() int64 {
	var bytes, live int64
	for _, d := range s.mu.databases {
		bytes, live = bytes+d.bytes, live+d.live
	}
	return bytes - 2*live - 3*s.options.Database
}

// pieceOf returns a piece that lies in a database to which nobody writes.
//
// REQUIRES: s.mu.
func (s *Store) pieceOf(d *database) (*run, piece, bool) {
	if d.writes > 0 {
		return nil, piece{}, false
	}
	for _, r := range s.mu.runs {
		for _, p := range *r.pieces.Load() {
			if p.in == d {
				return r, p, true
			}
		}
	}
	return nil, piece{}, false
}

// move copies a piece to the database that takes writes. Readers of the run see one or
// the other.
func (s *Store) move(r *run, p piece) error {
	to, err := s.begin(p.bytes, s.options.Reserve/2) // it ends with more room than before
	if err != nil {
		return err
	}
	err = s.copy(r, p, to)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(to, p.bytes, err)
	if err == nil && !r.dropped {
		r.move(p, to)
		p.in.live -= p.bytes
		to.live += p.bytes
	}
	return err
}

// copy copies the chunks of a piece. One that cannot be read is left out: whoever reads it
// is told that it is not there.
func (s *Store) copy(r *run, p piece, to *database) error {
	var b batch
	var content []byte
	for chunk := p.first; chunk < p.first+p.chunks; chunk++ {
		var err error
		if content, err = p.in.readAll(r.key, chunk, content); err != nil {
			s.complaints.add(fmt.Sprintf("%v: chunk %d is lost: %v", r.id, chunk, err))
			continue
		}
		if !b.fits(content) {
			if err := to.write(&b); err != nil {
				return err
			}
			b.reset()
		}
		if err := b.add(r.key, chunk, content); err != nil {
			return err
		}
		if len(content) > batchBytes { // the batch refers to it
			content = nil
		}
	}
	return to.write(&b)
}

// remove deletes a database. One that cannot be closed is deleted all the same.
func (s *Store) remove(d *database) {
	if err := errors.Join(d.close(), env.RemoveAll(env.OS{}, d.dir)); err != nil {
		s.complaints.add(fmt.Sprintf("deleting %s: %v", d.dir, err))
	}
}
