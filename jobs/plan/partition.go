package plan

import "slices"

// This file is the rule by which columns rows are spread over subtasks: an aggregate
// spreads them by its keys, and they stay so as long as nodes pass these columns on
// and have the same parallelism. A partition is the positions of the columns, in the
// order in which they are hashed; nil is not known, and no columns is all rows in one
// place.

// inputPartition returns how the rows of all inputs are spread over the node's own
// subtasks. Where the parallelism may differ, rows move, and nothing is known.
func (b *Base) inputPartition() []int {
	first := b.Inputs[0].partition()
	for _, in := range b.Inputs {
		if p := in.partition(); p == nil || !slices.Equal(p, first) || in.Parallelism() != b.Parallelism {
			return nil
		}
	}
	return first
}

func (r Ref) partition() []int { return r.Node.partition(r.Output) }

// through returns a partition by the columns that they become; those that a function
// does not pass on are -1.
func through(partition []int, passesOn func(int) int) []int {
	if partition == nil {
		return nil
	}
	columns := make([]int, len(partition))
	for i, c := range partition {
		if columns[i] = passesOn(c); columns[i] < 0 {
			return nil
		}
	}
	return columns
}
