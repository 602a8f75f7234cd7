package bus

import (
	"cmp"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

var _ stream.FilteringSource = (*source)(nil)

// Takes implements stream.FilteringSource: a bus that filters sees to places, and to times
// in part.
func (s *source) Takes(conditions []stream.Condition) []stream.Taken {
	taken := make([]stream.Taken, len(conditions))
	for i, c := range conditions {
		switch what, ok := s.MetadataAt(c.Column); {
		case !s.bus.Filters || !ok:
		case what == partition, what == offset:
			taken[i] = stream.TakenWholly
		case what == timestamp:
			taken[i] = stream.TakenPartly
		}
	}
	return taken
}

// passes reports whether a message is read: it may meet all conditions.
func (r *reader) passes(p place, at record.Time) bool {
	for _, c := range r.context.Filter {
		met := true
		switch what, _ := r.shape.MetadataAt(c.Column); what {
		case partition:
			met = holds(int64(p.partition), c.Op, c.Value.(int64))
		case offset:
			met = holds(int64(p.offset), c.Op, c.Value.(int64))
		case timestamp:
			met = p.offset%2 == 0 || holds(int64(at), c.Op, int64(c.Value.(record.Time)))
		}
		if !met {
			return false
		}
	}
	return true
}

func holds(a int64, op string, b int64) bool {
	n := cmp.Compare(a, b)
	return map[string]bool{"=": n == 0, "<>": n != 0, "<": n < 0, "<=": n <= 0, ">": n > 0, ">=": n >= 0}[op]
}
