package jobtest

import (
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
)

// againSize is the size of the windows over results.
const againSize = 7 * second

// answer computes what an orderly play commits, and what of that is out in each
// silence.
func (p *play) answer(s *Scenario) {
	p.in.splits = p.rows(func(*playSplit, playRow) bool { return true })
	p.in.answer(s)
	groups, _ := p.in.windows()
	var again []resultOfResults
	if s.Again.Columns != nil {
		again = p.again(groups)
		s.Again.Rows = lines(again)
		slices.Sort(s.Again.Rows)
	}
	p.expect(groups, again)
}

// resultOfResults is a window over results of windows.
type resultOfResults struct {
	key      string
	start    record.Time
	n, parts int
}

// again computes the windows over results, which have the event time of their end.
func (p *play) again(groups []group) (all []resultOfResults) {
	type pane struct {
		key   string
		start record.Time
	}
	panes := map[pane]*resultOfResults{}
	for _, g := range groups {
		t := g.end - 1
		i := pane{g.rows[0][p.in.keys[0]].text, t - (t%againSize+againSize)%againSize}
		if panes[i] == nil {
			panes[i] = &resultOfResults{key: i.key, start: i.start}
		}
		panes[i].n += len(g.rows)
		panes[i].parts++
	}
	for _, r := range panes {
		all = append(all, *r)
	}
	return all
}

func lines(all []resultOfResults) (drawn []string) {
	for _, r := range all {
		drawn = append(drawn, fmt.Sprintf("%s|%s|%s|%d|%d|", r.key, timestamp(r.start).text, timestamp(r.start+againSize).text, r.n, r.parts))
	}
	return drawn
}

// expect fills in what is due in each phase.
func (p *play) expect(groups []group, again []resultOfResults) {
	reached, mayReach := record.MinTime, record.MinTime
	silence := -1 // the last silent phase
	for i := range p.phases {
		if p.phases[i].silent {
			silence = i
		}
		least, most := p.watermarks(i, silence)
		if p.phases[i].awaited {
			reached = max(reached, least)
		}
		mayReach = max(mayReach, most)
		p.phases[i].least = p.due(groups, again, reached)
		p.phases[i].most = p.due(groups, again, mayReach)
	}
}

// watermarks returns the least watermark that the windows have reached when all
// of a phase has been processed and the last silence was behind another, and the
// greatest one that they may have reached on the way there. They differ by splits
// that have ended or may be idle, which count or not according to who was first.
func (p *play) watermarks(phase, silence int) (least, most record.Time) {
	live, idle, rest := record.MaxTime, record.MinTime, record.MinTime
	held := record.MaxTime // by splits that are never idle
	for i, split := range p.splits {
		mark, said := p.markOf(i, phase)
		idles := p.sources[split.source].idles
		rest = max(rest, mark)
		switch {
		case split.ends <= phase:
		case idles && silence >= 0 && said <= silence:
			idle = max(idle, mark)
		case idles:
			live = min(live, mark)
		default:
			live, held = min(live, mark), min(held, mark)
		}
	}
	switch {
	case p.over(phase):
		return record.MaxTime, record.MaxTime
	case live == record.MaxTime:
		return idle, rest
	}
	return live, min(held, rest)
}

// markOf returns the watermark of a split behind a phase, and the last phase in
// which it has said something, -1 for none.
func (p *play) markOf(split, phase int) (mark record.Time, said int) {
	mark, said = record.MinTime, -1
	for _, r := range p.splits[split].rows {
		if r.phase <= phase {
			mark, said = max(mark, r.at-p.in.delays[split]), r.phase
		}
	}
	return mark, said
}

// over reports that all splits end with a phase or before.
func (p *play) over(phase int) bool {
	return !slices.ContainsFunc(p.splits, func(s *playSplit) bool { return s.ends > phase })
}

// due counts the results that leave at a watermark.
func (p *play) due(groups []group, again []resultOfResults, mark record.Time) (d due) {
	w := p.in.window
	forwarded := mark
	if mark < record.MaxTime && mark > record.MinTime {
		forwarded -= w.lateness
		if w.gap > 0 {
			forwarded-- // a row at exactly the end of a session joins it
		}
	}
	for _, g := range groups {
		if g.end <= forwarded {
			d.windows++
		}
	}
	for _, r := range again {
		if r.start+againSize <= forwarded {
			d.again++
		}
	}
	return d
}

// judge takes what a disorderly play has committed as late for granted, as far as
// it may be late, and computes the rest of the answer from the other rows.
func (p *play) judge(s *Scenario, files env.FS) error {
	committed, err := committed(files, "late", s.Late.Columns)
	if err != nil {
		return err
	}
	late := map[string]int{}
	for _, line := range committed {
		late[line]++
	}
	if err := p.mayBeLate(late); err != nil {
		return err
	}
	p.in.splits = p.rows(func(_ *playSplit, r playRow) bool {
		line := r.line(p.in.late)
		if p.in.counts(r.row) && late[line] > 0 {
			late[line]--
			return false
		}
		return true
	})
	lenient := *p.in
	lenient.delays = make([]record.Time, len(p.splits))
	for i := range lenient.delays {
		lenient.delays[i] = 1 << 50 // what is not among the late rows counts
	}
	s.Results.Rows, s.Late.Rows, s.Again.Rows = nil, committed, nil
	groups, _ := lenient.windows()
	for _, g := range groups {
		s.Results.Rows = append(s.Results.Rows, lenient.resultLine(g))
	}
	if s.Again.Columns != nil {
		s.Again.Rows = lines(p.again(groups))
	}
	s.sort()
	return nil
}

// mayBeLate checks that late holds all rows that are behind the watermark of their
// split, and besides only such as came when their split may have been idle.
func (p *play) mayBeLate(late map[string]int) error {
	least, most := map[string]int{}, map[string]int{}
	p.in.splits = p.rows(func(split *playSplit, r playRow) bool {
		if p.in.counts(r.row) && r.phase > 0 && p.sources[split.source].idles {
			most[r.line(p.in.late)]++
		}
		return true
	})
	_, behind := p.in.windows()
	p.behind = len(behind)
	for _, r := range behind {
		least[r.line(p.in.late)]++
	}
	for line, n := range late {
		if n > least[line]+most[line] {
			return fmt.Errorf("%d times late, at most %d may be: %s", n, least[line]+most[line], line)
		}
	}
	for line, n := range least {
		if late[line] < n {
			return fmt.Errorf("%d times late, at least %d must be: %s", late[line], n, line)
		}
	}
	return nil
}
