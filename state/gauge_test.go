package state

import "testing"

// TestGauge: it tells what there is and the most that there was; none counts nothing.
func TestGauge(t *testing.T) {
	var g gauge
	for _, n := range []int64{5, 7, -10, 3} {
		g.add(n)
	}
	if now, most := g.now.Load(), g.most.Load(); now != 5 || most != 12 {
		t.Errorf("%d, at most %d", now, most)
	}
	var none *gauge
	none.add(1)
}

// TestSnapshotsAreCounted: blocks and buffers count while they are held, and those that are given
// up do not.
func TestSnapshotsAreCounted(t *testing.T) {
	var g gauge
	p := &blockPool{held: &g}
	blocks := appendBlocks(appendBlocks(nil, p, make([]byte, 10)), p, make([]byte, 2*blockBytes))
	if got := g.now.Load(); got != 3*blockBytes {
		t.Errorf("%d for two blocks", got)
	}
	p.put(blocks)
	if got := g.now.Load(); got != blockBytes {
		t.Errorf("%d behind them: one is kept", got)
	}
	p.trim()
	p.trim()
	if got := g.now.Load(); got != 0 {
		t.Errorf("%d are left", got)
	}
	b, other := p.takeBuffer(), p.takeBuffer()
	b.rows, other.rows = make([]spelled, 100), make([]spelled, 50)
	p.putBuffer(b)
	p.putBuffer(other)
	if got := g.now.Load(); got != 50*32 || g.most.Load() != 3*blockBytes {
		t.Errorf("%d for a buffer that is kept, at most %d", got, g.most.Load())
	}
}
