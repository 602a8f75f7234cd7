package main

// recent draws keys: one of two at random from all, the other again from those drawn last.
type recent struct {
	r    *rig
	all  int64
	keys []int64 // a ring of keys that were drawn from all
	next int
}

// recentKeys returns a source whose recent keys are a quarter of the rows there is memory for.
func recentKeys(r *rig, all int, inMemory int64) *recent {
	s := &recent{r: r, all: int64(all), keys: make([]int64, max(1, inMemory/4))}
	for i := range s.keys {
		s.keys[i] = r.random.Int64N(s.all)
	}
	return s
}

func (s *recent) draw(i int) int64 {
	if i&1 == 0 {
		return s.keys[s.r.random.IntN(len(s.keys))]
	}
	key := s.r.random.Int64N(s.all)
	s.keys[s.next] = key
	s.next = (s.next + 1) % len(s.keys)
	return key
}

// change reads and writes so many rows.
func (s *recent) change(rows, batch int) {
	for done := 0; done < rows; done += batch {
		s.r.upsert(batch, s.draw)
		s.r.add()
		s.r.backend.Release()
	}
}
