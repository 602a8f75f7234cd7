package checkpoint

import (
	"fmt"
	"strings"
)

// String draws the subtask as "map-0", the enumerator of a source as
// "flights-enumerator".
func (s subtask) String() string {
	if s.index == Enumerator {
		return s.step + "-enumerator"
	}
	return fmt.Sprintf("%s-%d", s.step, s.index)
}

func list(subtasks []subtask) string {
	names := make([]string, len(subtasks))
	for i, s := range subtasks {
		names[i] = s.String()
	}
	return strings.Join(names, " ")
}

// Describe draws what the coordinator is doing in one line, such as
//
//	generation 2, checkpoint 104 periodic: aligning, awaits map-0 sink-0; decided 3; last slot 5
func (c *Coordinator) Describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "generation %d, ", c.owner.Generation)
	if c.manifest != nil && c.phase != idle {
		fmt.Fprintf(&b, "checkpoint %d %s: ", c.id, c.purpose)
	}
	b.WriteString(string(c.phase))
	if len(c.awaited) > 0 {
		fmt.Fprintf(&b, ", awaits %s", list(c.awaited))
	}
	for _, w := range c.failed {
		fmt.Fprintf(&b, ", again: %s", w.Name)
	}
	if c.stopping {
		b.WriteString(", stopping")
	}
	if c.draining {
		b.WriteString(", draining")
	}
	fmt.Fprintf(&b, "; decided %d; last slot %d", c.decided, c.last.Number)
	return b.String()
}
