package optest

import (
	"bytes"
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// snapshot takes a checkpoint and restores it when it is its turn.
func (r *run) snapshot() error {
	if r.way.restore == 0 || slices.ContainsFunc(r.subtasks, (*subtask).holdsRows) {
		return nil
	}
	if err := r.freeze(); err != nil || int(r.checkpoint)%r.way.restore != 0 {
		return err
	}
	return r.restore()
}

// freeze takes a checkpoint.
func (r *run) freeze() error {
	r.checkpoint++
	for _, s := range r.subtasks {
		if err := s.freeze(r.checkpoint); err != nil {
			return err
		}
	}
	return nil
}

func (s *subtask) freeze(id stream.CheckpointID) error {
	if err := s.operator.Snapshot(id); err != nil {
		return err
	}
	frozen := s.backend.Freeze(uint64(id))
	defer frozen.Release()
	var object bytes.Buffer
	if err := frozen.Encode(&object); err != nil {
		return err
	}
	if !frozen.Delta() {
		s.chain = nil
	}
	s.chain = append(s.chain, state.ObjectOf(object.Bytes()))
	s.backend.Completed(uint64(id))
	return nil
}

// restore replaces all subtasks by new ones, with the next parallelism.
func (r *run) restore() error {
	var chains [][]state.Object
	var total stream.CounterValues
	reached := record.MaxTime
	for _, s := range r.subtasks {
		s.operator.Close()
		chains = append(chains, s.chain)
		total = total.Add(s.counters.Values())
		reached = min(reached, s.reached)
	}
	r.turn++
	n := r.way.subtasks[r.turn%len(r.way.subtasks)]
	r.subtasks = nil
	for i := range n {
		backend, err := r.way.backend.restore(keyrange.Of(i, n), chains)
		if err != nil {
			return err
		}
		s, err := r.open(i, n, backend, total)
		if err != nil {
			return err
		}
		s.reached, s.inherited = reached, reached
		for in := range s.untold {
			s.untold[in] = true
		}
		r.subtasks = append(r.subtasks, s)
		total = stream.CounterValues{} // the first subtask has them all
	}
	return nil
}
