package record

import "testing"

// TestHeld: what is lent counts, and what is kept to be lent again; what is given up does not.
func TestHeld(t *testing.T) {
	p := NewPool()
	small, huge := p.Allocate(1000), p.Allocate(1<<25)
	if now, most := p.Held(); now != 1024+1<<25 || most != now {
		t.Errorf("%d, at most %d", now, most)
	}
	p.Free(small)
	p.Free(huge)
	if now, most := p.Held(); now != 1024 || most != 1024+1<<25 {
		t.Errorf("%d, at most %d: the small one is kept", now, most)
	}
	p.Free(p.Allocate(600))
	if now, _ := p.Held(); now != 1024 {
		t.Errorf("%d: it is lent again", now)
	}
	var lent [][]byte
	for range 2 * keepPerClass / (1 << 20) {
		lent = append(lent, p.Allocate(1<<20))
	}
	for _, b := range lent {
		p.Free(b)
	}
	if now, _ := p.Held(); now != keepPerClass+1024 {
		t.Errorf("%d: too many are given up", now)
	}
}
