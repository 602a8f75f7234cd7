package checkpoint

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/weirstream/weir/runtime/stream"
)

// segment is rows [From, To) that a sink has prepared.
type segment struct {
	Key        string
	Generation uint64
	ID         stream.CheckpointID
	From, To   int
}

// modelSink remembers what was staged and what is visible. It is durable.
type modelSink struct {
	w      *world
	name   string
	staged map[string]segment
	final  map[string]segment
	down   bool // nothing can be shown just now
}

// check returns how many rows are visible: they must be the first ones, once each.
func (s *modelSink) check() int {
	all := make([]segment, 0, len(s.final))
	for _, seg := range s.final {
		all = append(all, seg)
	}
	slices.SortFunc(all, func(a, b segment) int { return a.From - b.From })
	rows := 0
	for _, seg := range all {
		if seg.From != rows {
			s.w.fatalf("sink %s: rows %d to %d of %s follow row %d", s.name, seg.From, seg.To, seg.Key, rows)
		}
		rows = seg.To
	}
	return rows
}

// committer is a process's hand on a model sink.
type committer struct {
	*modelSink
	p *process
}

func (c committer) Commit(_ context.Context, id stream.CheckpointID, pending []stream.Pending) error {
	if c.down && !c.w.calm {
		c.w.tally.Outages++
		return errFault
	}
	for i, p := range pending {
		if c.w.disturb(); c.p.dead {
			return errDead
		}
		if i == 0 {
			c.checkDecided(id)
		}
		var seg segment
		if err := json.Unmarshal(p, &seg); err != nil {
			c.w.fatalf("pending %q: %v", p, err)
		}
		_, isFinal := c.final[seg.Key]
		_, isStaged := c.staged[seg.Key]
		if !isFinal && !isStaged {
			c.w.fatalf("sink %s: %s of decided checkpoint %d is gone", c.name, seg.Key, id)
		}
		c.final[seg.Key] = seg
		delete(c.staged, seg.Key)
		if c.w.chance(30) {
			return errFault
		}
	}
	return nil
}

// checkDecided finds commits of what no checkpoint that is decided holds, as its own or as
// carried. A zombie may commit once more what has been deleted from the log since.
func (c committer) checkDecided(id stream.CheckpointID) {
	holds := func(d Due) bool { return d.Checkpoint == id }
	for _, m := range c.w.manifests() {
		if m.Checkpoint == id {
			return
		}
		if slices.ContainsFunc(m.due(c.name), holds) {
			c.w.tally.Carried++
			return
		}
	}
	if deleted := c.p.lost() && c.allFinal(id); !deleted {
		c.w.fatalf("checkpoint %d is committed by generation %d, and no slot decides it", id, c.p.owner.Generation)
	}
}

// allFinal reports whether everything prepared for a checkpoint is visible.
func (c committer) allFinal(id stream.CheckpointID) bool {
	for _, seg := range c.staged {
		if seg.ID == id {
			return false
		}
	}
	return true
}

func (c committer) Abort(context.Context) error {
	if c.w.disturb(); c.p.dead {
		return errDead
	}
	for key, seg := range c.staged {
		if seg.Generation < c.p.owner.Generation {
			delete(c.staged, key)
		}
	}
	return nil
}
