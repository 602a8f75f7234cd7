package task

import (
	"encoding/json"
	"fmt"

	"github.com/weirstream/weir/runtime/checkpoint"
)

// This file is what a builder takes from the checkpoint that the job goes on from.

// entries returns what the subtasks of a step acknowledged, none in a fresh run.
func (b *builder) entries(step string) []checkpoint.Entry {
	if s := b.Owner.Manifest.Step(step); s != nil {
		return s.Subtasks
	}
	return nil
}

// Splits returns where the splits of a source were, by what one of its subtasks
// acknowledged.
func Splits(source string, e checkpoint.Entry) ([]SplitState, error) {
	m, err := decodeMeta(source, e)
	return m.Splits, err
}

// decodeMeta decodes the engine's own part of an entry.
func decodeMeta(step string, e checkpoint.Entry) (m meta, err error) {
	if len(e.Meta) == 0 {
		return m, nil
	}
	if err := json.Unmarshal(e.Meta, &m); err != nil {
		return m, fmt.Errorf("step %q: the meta in the checkpoint: %w", step, err)
	}
	return m, nil
}

// restoreCounters gives a subtask the counters of those that it stands for.
func (b *builder) restoreCounters(n *node, parallelism int) error {
	for i, e := range b.entries(n.step.ID) {
		if i%parallelism != n.subtask {
			continue
		}
		m, err := decodeMeta(n.step.ID, e)
		if err != nil {
			return err
		}
		n.counters.Restore(m.Counters)
		n.rejects.Restore(m.Rejects)
	}
	n.restored = n.counters.Values()
	return nil
}
