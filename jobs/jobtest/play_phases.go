package jobtest

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// script is where the drawing of a play has got to. Times are seconds behind
// origin.
type script struct {
	*play
	pools    *pools
	disorder int64
	latest   int64 // of all rows
	mark     int64 // the greatest watermark that is possible
}

// drawPhases draws the rows of all splits, phase by phase.
func (p *play) drawPhases(rows int) {
	random := p.in.random
	s := &script{play: p, pools: drawPools(random, p.in.valueType), disorder: 1 + random.Int64N(20)}
	for _, source := range p.sources {
		if p.in.window.gap > 0 { // sessions are those of one row at a time as long as no row is behind
			s.disorder = min(s.disorder, int64(source.delay/second))
		}
	}
	acts := 2 + random.IntN(5)
	for range acts {
		s.act(1 + rows/acts/len(p.splits))
	}
	p.phases[len(p.phases)-1].silent = true
	for i := range p.phases {
		p.phases[i].awaited = p.phases[i].awaited || p.phases[i].silent || random.IntN(2) == 0
	}
	p.drawEnds()
}

func (p *play) drawEnds() {
	for i, split := range p.splits {
		_, said := p.markOf(i, len(p.phases))
		split.ends = len(p.phases)
		if !p.drained && said >= 0 && p.in.random.IntN(2) == 0 {
			split.ends = said + p.in.random.IntN(len(p.phases)-said)
		}
	}
}

// act draws rows of some splits. Those that may be idle are woken first.
func (s *script) act(most int) {
	random := s.in.random
	chosen := slices.Clone(s.splits)
	random.Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
	chosen = chosen[:1+random.IntN(min(len(chosen), 4))]
	s.latest += random.Int64N(2) * random.Int64N(60)
	if s.orderly {
		for _, split := range chosen {
			s.begin()
			s.wake(split)
		}
	}
	s.begin()
	least := s.least()
	for _, split := range chosen {
		clock := least
		for range 1 + random.IntN(most) {
			clock += random.Int64N(4)
			s.speak(split, s.pools.row(s.in), max(least, clock-random.Int64N(s.disorder+1)))
		}
	}
	s.phases[len(s.phases)-1].silent = random.IntN(2) == 0
}

func (s *script) begin() { s.phases = append(s.phases, phase{}) }

// least draws the least time of the rows of a phase. In an orderly play none is
// behind a watermark of the phases before.
func (s *script) least() int64 {
	if !s.orderly {
		return s.latest - s.in.random.Int64N(60)
	}
	return s.mark + s.in.random.Int64N(s.latest-s.mark+2)
}

// speak adds a row to the latest phase of a split.
func (s *script) speak(split *playSplit, r row, clock int64) {
	r.at = s.in.origin + record.Time(clock)*second
	r.cells[at] = timestamp(r.at)
	split.rows = append(split.rows, playRow{r, s.in.line(r), len(s.phases) - 1})
	s.latest = max(s.latest, clock)
	s.mark = max(s.mark, clock-int64(s.sources[split.source].delay/second))
}

// wake adds a row that counts. Where the condition lets none pass, it is dropped.
func (s *script) wake(split *playSplit) {
	s.phases[len(s.phases)-1].awaited = true
	r := s.pools.row(s.in)
	for range 20 {
		if s.in.counts(r) {
			break
		}
		r = s.pools.row(s.in)
	}
	if !s.in.counts(r) {
		r.cells[value], s.in.condition = s.pools.of[value][0], conditions[0]
	}
	s.speak(split, r, s.least())
}

// row draws a row without its time.
func (p *pools) row(in *input) row { return in.drawRow(p) }

// count counts the rows by phase.
func (p *play) count() {
	for _, split := range p.splits {
		for _, r := range split.rows {
			p.phases[r.phase].read++
			if p.in.counts(r.row) {
				p.phases[r.phase].counted++
			}
		}
	}
	for i := 1; i < len(p.phases); i++ {
		p.phases[i].read += p.phases[i-1].read
		p.phases[i].counted += p.phases[i-1].counted
	}
}

// rows returns those of the splits that a test keeps.
func (p *play) rows(keep func(split *playSplit, r playRow) bool) [][]row {
	all := make([][]row, len(p.splits))
	for i, split := range p.splits {
		for _, r := range split.rows {
			if keep(split, r) {
				all[i] = append(all[i], r.row)
			}
		}
	}
	return all
}
