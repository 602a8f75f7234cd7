package badger

import "fmt"

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
