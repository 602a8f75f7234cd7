package master

import (
	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/task"
)

// This file has a job that ends wait until its sources were told of the last checkpoint.

// told notes that a source was told of a checkpoint.
func (m *master) told(t task.Told) error {
	if t.Err != nil {
		m.warn(t.Err)
	}
	m.source(t.Source).told[t.Subtask] = t.ID
	if m.ending != nil && m.allTold() {
		return m.end(*m.ending)
	}
	return nil
}

// allTold reports whether all sources that want to be were told of the last checkpoint.
func (m *master) allTold() bool {
	last := m.lastDecided()
	for _, e := range m.sources {
		for i, c := range e.chains {
			if c.Acknowledges() && e.told[i] < last {
				return false
			}
		}
	}
	return true
}

// lastDecided returns the checkpoint that the job stands at.
func (m *master) lastDecided() stream.CheckpointID {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.mu.status.Checkpoint
}

// endWhenTold ends the job as the coordinator says, once all sources were told.
func (m *master) endWhenTold(e checkpoint.Ended) error {
	if e.Err == nil && e.Outcome != checkpoint.OutcomeLost && !m.allTold() {
		m.ending = &e
		return nil
	}
	return m.end(e)
}
