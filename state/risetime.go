package state

// riseByTime is riseSome by the entries of runs of times. They say of which rows there was a
// version with that time: it may be older than another one, in memory or in a run. So the rows
// are looked up, all together, and come up if the time is still theirs.
func (t *Table) riseByTime(until int64, most int) {
	c := t.cold
	s := &c.rise
	c.search.Begin()
	c.times = c.times[:0]
	for range most {
		time, ok := c.next(t, until)
		if !ok {
			break
		}
		s.through = max(s.through, time)
		if key := s.rows.Key()[8:]; !c.isGone(&t.changes.epoch.gone, key) && !t.hasKey(key) {
			c.search.Add(key, int32(len(c.times)))
			c.times = append(c.times, time)
		}
		s.move(t)
	}
	c.search.Sort()
	for _, r := range c.runs { // the newest version counts, which may have another time
		t.fail(c.search.In(r.run, func(k int32, key, value []byte) error {
			if time, ok := c.due.of(key, value); ok && time == c.times[k] {
				t.takeUp(key, value, false)
			}
			return nil
		}))
	}
}

// hasKey reports whether memory has the row of a key.
func (t *Table) hasKey(key []byte) bool {
	r := t.takeRow()
	t.makeRoom()
	t.live.set(r)
	t.clear(r)
	p := parser{from: key}
	t.layout.parseKey(&p, &t.columns, r)
	_, same := t.has(r)
	t.unmake(r)
	return same != NoRow
}
