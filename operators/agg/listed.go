package agg

import "github.com/weirstream/weir/state"

// Listed returns how many groups have something that is kept outside tables, in
// memory only. It is for tests, which find what is left over.
func (a *Accumulators) Listed() (n int) {
	for _, d := range a.distincts {
		for _, first := range d.first {
			if first != state.NoRow {
				n++
			}
		}
	}
	return n
}
