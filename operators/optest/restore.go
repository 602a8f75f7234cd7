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
	r.checkpoint++
	for _, s := range r.subtasks {
		if err := s.freeze(r.checkpoint); err != nil {
			return err
		}
	}
	if int(r.checkpoint)%r.way.restore != 0 {
		return nil
	}
	return r.restore()
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
		s.reached, s.restored = reached, true
		r.subtasks = append(r.subtasks, s)
		total = stream.CounterValues{} // the first subtask has them all
	}
	return nil
}

// remind tells subtasks that were restored how far the inputs have come, as sources do
// after a restore. Nothing is pending then.
func (r *run) remind() error {
	for _, s := range r.subtasks {
		if !s.restored {
			continue
		}
		s.restored = false
		for _, in := range r.random.Perm(len(r.c.Inputs)) {
			for _, e := range r.told[in].elements() {
				if err := s.take(stream.InputID(in), e); err != nil {
					return err
				}
				if err := s.drain(); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// drain calls Resume, without a checkpoint, until nothing is pending.
func (s *subtask) drain() error {
	for range mostCalls {
		if pending, err := s.resume(); !pending || err != nil {
			return err
		}
	}
	return stuck(mostCalls, held(s.operator))
}
