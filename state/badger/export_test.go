package badger

import (
	"fmt"

	"github.com/weirstream/weir/state/runs"
)

// CheckAccounts says what is wrong with what the store counts.
func (s *Store) CheckAccounts() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	live := map[*database]int64{}
	for _, r := range s.mu.runs {
		next := 0
		for _, p := range *r.pieces.Load() {
			if p.first != next || p.chunks == 0 {
				return fmt.Errorf("%v: a piece from chunk %d on, not %d", r.id, p.first, next)
			}
			next += p.chunks
			live[p.in] += p.bytes
		}
	}
	for _, d := range s.mu.databases {
		if d.live != live[d] || d.live > d.bytes {
			return fmt.Errorf("%s: %d bytes are live, not %d, of %d", d.dir, live[d], d.live, d.bytes)
		}
		delete(live, d)
	}
	if len(live) > 0 {
		return fmt.Errorf("%d databases that runs lie in are gone", len(live))
	}
	return nil
}

// MoveRun moves the pieces of a run to another database, as the cleaner does.
func (s *Store) MoveRun(id runs.ID) error {
	s.mu.Lock()
	s.mu.current = nil
	r := s.mu.runs[id]
	s.mu.Unlock()
	for _, p := range *r.pieces.Load() {
		if err := s.move(r, p); err != nil {
			return err
		}
		if now, _ := r.find(p.first); now.in == p.in {
			return fmt.Errorf("%v: chunk %d was not moved", id, p.first)
		}
	}
	return nil
}

// CheckWritesPin begins a write, and says whether a run could be moved meanwhile.
func (s *Store) CheckWritesPin(id runs.ID) error {
	d, err := s.begin(1, 0)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _, during := s.pieceOf(d)
	s.end(d, 0, nil)
	if _, _, after := s.pieceOf(d); during || !after || (*s.mu.runs[id].pieces.Load())[0].in != d {
		return fmt.Errorf("can be moved during a write: %v, after it: %v", during, after)
	}
	return nil
}
