package optest

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// overtaken returns how many of the next elements, if any, a barrier is to pass in different
// places: rows, the watermark behind them, which it overtakes at some subtasks, and more rows.
func (r *run) overtaken(elements []Element) int {
	if !r.way.overtaking || len(elements) < 3 || r.random.IntN(3) == 0 || slices.ContainsFunc(r.subtasks, (*subtask).holdsRows) {
		return 0
	}
	rows, mark, more := elements[0], elements[1], elements[2]
	switch {
	case rows.Rows == nil || mark.Else.Kind != stream.KindWatermark || mark.Else.Time == record.MaxTime || mark.In != rows.In:
		return 0
	case more.Rows == nil || more.In != rows.In:
		return 2
	}
	return 3
}

// overtake brings elements to some of the subtasks, then checkpoints, then the rest. For each
// key nothing changes: its rows before the watermark come before it, and the others behind it.
// Some of the subtasks get rows and watermark before the checkpoints, which may fall into what
// they do at it, and the rows behind it; the others get all behind the checkpoints, as if those
// who send them had been behind, and been restored as well.
func (r *run) overtake(elements []Element) error {
	in, mark := elements[0].In, elements[1]
	ahead, others := r.part(in, elements[0].Rows, r.some())
	if err := r.remindOf(in); err != nil {
		return err
	}
	if err := r.bring(in, ahead.rows); err != nil {
		return err
	}
	for _, i := range ahead.subtasks {
		if err := r.subtasks[i].begin(in, mark.Else); err != nil {
			return err
		}
	}
	var behind [2]lot
	if len(elements) > 2 {
		behind[0], behind[1] = r.part(in, elements[2].Rows, ahead.subtasks)
	}
	for range 1 + r.random.IntN(2) {
		if err := r.freeze(); err != nil {
			return err
		}
		if err := r.restore(); err != nil {
			return err
		}
		for _, s := range r.subtasks {
			if err := s.begun(); err != nil {
				return err
			}
		}
	}
	for _, rows := range [][]Row{behind[0].rows, others.rows} {
		if err := r.bring(in, rows); err != nil {
			return err
		}
	}
	if err := r.take(mark); err != nil || len(behind[1].rows) == 0 {
		return err
	}
	return r.take(Rows(behind[1].rows...).Of(in))
}

// lot is some subtasks, and rows of theirs.
type lot struct {
	subtasks []int
	rows     []Row
}

// some returns some of the subtasks, the first or the last.
func (r *run) some() (subtasks []int) {
	n := len(r.subtasks)
	for i := range n {
		subtasks = append(subtasks, i)
	}
	if first := 1 + r.random.IntN(max(1, n-1)); r.random.IntN(2) == 0 {
		return subtasks[:first]
	} else if n > 1 {
		return subtasks[first:]
	}
	return subtasks
}

// part parts rows into those of some subtasks and those of the others.
func (r *run) part(in stream.InputID, rows []Row, of []int) (some, others lot) {
	for i, rows := range r.divide(in, rows) {
		to := &others
		if slices.Contains(of, i) {
			to = &some
		}
		to.subtasks, to.rows = append(to.subtasks, i), append(to.rows, rows...)
	}
	return some, others
}

// bring has the subtasks take in rows.
func (r *run) bring(in stream.InputID, rows []Row) error {
	if err := r.stepRows(in, rows); err != nil {
		return err
	}
	for _, s := range r.subtasks {
		if err := s.drain(); err != nil {
			return err
		}
	}
	return nil
}

// begin has the operator take in a watermark, at which it may not do all that there is to do.
func (s *subtask) begin(in stream.InputID, mark stream.Element) error {
	if err := s.take(in, mark); err != nil {
		return err
	}
	return s.goOn(s.holdsRows)
}

// begun has the operator go on behind a restore, to the end if it does not take in rows before.
func (s *subtask) begun() error {
	return s.goOn(func() bool { return !s.interleaves() })
}

// goOn calls Resume a few times, and to the end if that must be.
func (s *subtask) goOn(must func() bool) error {
	for range s.run.random.IntN(4) {
		if _, err := s.resume(); err != nil {
			return err
		}
	}
	if must() {
		return s.drain()
	}
	return nil
}
