package optest

import (
	"fmt"
	"slices"
	"time"

	"github.com/weirstream/weir/runtime/stream"
)

// state draws what the subtasks hold.
func (s *script) state() error {
	var lines []string
	for _, sub := range s.run.subtasks {
		i, ok := sub.operator.(Inspector)
		if !ok {
			return fmt.Errorf("the operator does not show its state")
		}
		b, err := i.Inspect()
		if err != nil {
			return err
		}
		lines = append(lines, Draw(b)...)
		b.Release()
	}
	slices.Sort(lines)
	s.out = append(s.out, lines...)
	return nil
}

// counters draws the counters of all subtasks together.
func (s *script) counters() {
	var c stream.CounterValues
	for _, sub := range s.run.subtasks {
		c = c.Add(sub.counters.Values())
	}
	line := "counters"
	for _, v := range []struct {
		name  string
		value int64
	}{{"in", c.In}, {"accepted", c.Accepted}, {"late", c.Late}, {"dropped", c.Dropped}, {"dead_letters", c.DeadLetters},
		{"out", c.Out}, {"late_partly", c.LatePartly}, {"late_pairs", c.LatePairs}, {"late_merges", c.LateMerges}} {
		if v.value != 0 {
			line += fmt.Sprintf(" %s=%d", v.name, v.value)
		}
	}
	if c.MaxLate != 0 {
		line += fmt.Sprintf(" max_late=%v", time.Duration(c.MaxLate)*time.Microsecond)
	}
	s.out = append(s.out, line)
}
