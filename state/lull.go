package state

// lull is how many calls have ended since a backend had a run written. When that is much more than
// between the last two, it gives up what only such runs need, or the collector of garbage would
// have that much less room, as while windows fire that filled memory.
type lull struct{ calls, between int }

// lullCalls is what a lull has at least, and how long it looks what is not needed.
const lullCalls = 64

func (l *lull) call(p *blockPool) {
	l.calls++
	if from := lullCalls + 2*l.between; l.calls == from || l.calls == from+lullCalls {
		p.trim()
	}
}

// end notes that a run is written, of one table or several.
func (l *lull) end() {
	if l.calls > 0 {
		*l = lull{between: l.calls}
	}
}
