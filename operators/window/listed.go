package window

// Listed returns how many groups are in lists that the operator keeps in memory
// only, beside its tables. It is for tests: at the end of input there are none.
func (o *operator) Listed() int { return o.windows.listed() }

func (a *aligned) listed() int {
	n := a.panes.Listed()
	if a.shared() {
		n += a.windows.Listed()
	}
	return n
}

func (s *sessions) listed() int { return s.Listed() }
