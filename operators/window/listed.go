package window

// Listed returns how many groups are in lists that the operator keeps in memory
// only, beside its tables. It is for tests: at the end of input there are none.
func (o *operator) Listed() int { return o.windows.listed() }

func (a *aligned) listed() int {
	n := a.panes.Listed() + a.paneTimes.rows()
	if a.shared() {
		n += a.windows.Listed() + a.windowTimes.rows()
	}
	return n
}

func (s *sessions) listed() int { return s.Listed() + len(s.deadlines.heap) }

// rows returns how many rows are listed.
func (t *timetable) rows() (n int) {
	for _, l := range t.lists {
		n += len(l.rows)
	}
	return n
}
