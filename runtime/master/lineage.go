package master

import (
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/task"
)

// lineage is the splits of a source that count for something, and who comes behind whom.
//
// A split with parents waits here until all of them have ended. If a subtask may have rows
// of them on their way through the job, the split goes to that subtask, so that its rows
// come behind theirs on each way. Where there are several such, it waits until a checkpoint
// is decided that holds the ends: then none of these rows is on its way any more.
//
// It begins with the least watermark of its parents, and goes to the subtask that had the
// parent with that one. So no watermark that a subtask has told is above the split's.
// Parents that have ended keep the watermark back until what follows them is handed out.
type lineage struct {
	splits  map[stream.SplitID]*kin
	waiting []*kin // in the order in which they were found, and some that do not wait any more
	waits   int    // of waiting
	// ripe are splits of which something has changed: a parent has ended, say.
	ripe     []*kin
	ended    []*kin // and of no more use when they are settled and followed
	subtasks int
	turn     int // the subtask that the next split without parents goes to
}

// kin is a split in a lineage. It is known until a checkpoint does without it.
type kin struct {
	stream.Split
	parents  []*kin // those that are known
	waits    bool
	subtask  int // that has it, once it is handed out
	max      record.Time
	ended    bool
	gone     bool                // before it was handed out
	heldBy   stream.CheckpointID // the first checkpoint that holds the end; 0: none yet
	settled  bool                // that is decided
	asked    bool                // a discovery behind the end has said what follows
	followed bool                // its subtask was told that all of it is handed out
	heirs    []*kin              // splits that wait for it
}

func newLineage() *lineage { return &lineage{splits: map[stream.SplitID]*kin{}} }

// learn takes in splits that have been found. What it knows it passes over.
func (l *lineage) learn(splits []stream.Split) {
	first := len(l.waiting)
	for _, s := range splits {
		if l.splits[s.ID] == nil {
			k := &kin{Split: s, max: record.MinTime, waits: true}
			l.splits[s.ID] = k
			l.waiting = append(l.waiting, k)
			l.waits++
		}
	}
	for _, k := range l.waiting[first:] {
		for _, id := range k.Parents {
			if p := l.splits[id]; p != nil && p != k {
				k.parents = append(k.parents, p)
				p.heirs = append(p.heirs, k)
			}
		}
	}
	l.ripe = append(l.ripe, l.waiting[first:]...)
}

// restore takes in a split that some subtask had in the checkpoint.
func (l *lineage) restore(s task.SplitState) {
	k := &kin{Split: stream.Split{ID: s.ID}, max: s.Max, ended: s.Finished, settled: s.Finished}
	l.splits[s.ID] = k
	if k.ended {
		l.ended = append(l.ended, k)
	}
}

// end notes that a split has been read to its end, with that greatest event time.
func (l *lineage) end(id stream.SplitID, max record.Time) {
	k := l.splits[id]
	k.ended, k.max = true, max
	l.ended = append(l.ended, k)
	l.ripe = append(l.ripe, k.heirs...)
}

// share is what one subtask is to be told.
type share struct {
	splits         []task.SplitState
	followed, gone []stream.SplitID
}

// handOut returns, by subtask, the splits that can be read now, and the ended ones that
// need not keep the watermark back any more.
func (l *lineage) handOut() []share {
	shares := make([]share, l.subtasks)
	for _, k := range l.ripe {
		if !k.waits {
			continue
		}
		if subtask, ok := l.place(k.parents); ok {
			shares[subtask].splits = append(shares[subtask].splits, l.give(k, subtask))
			if k.gone {
				shares[subtask].gone = append(shares[subtask].gone, k.ID)
			}
		}
	}
	l.ripe = l.ripe[:0]
	if len(l.waiting) > 2*l.waits {
		l.waiting = slices.DeleteFunc(l.waiting, func(k *kin) bool { return !k.waits })
	}
	for _, k := range l.ended {
		if k.asked && len(k.heirs) == 0 && !k.followed {
			k.followed = true
			shares[k.subtask].followed = append(shares[k.subtask].followed, k.ID)
		}
	}
	return shares
}

// give notes that a subtask has a split from now on, and returns where it begins.
func (l *lineage) give(k *kin, subtask int) task.SplitState {
	state := task.FreshSplit(k.Split)
	for i, p := range k.parents {
		p.heirs = slices.DeleteFunc(p.heirs, func(heir *kin) bool { return heir == k })
		if i == 0 || p.max < state.Max {
			state.Max = p.max
		}
	}
	l.waits--
	k.waits, k.subtask = false, subtask
	k.Split, k.parents = stream.Split{ID: k.ID}, nil // the rest is the subtask's now
	return state
}

// again gives a split of the checkpoint to the next subtask.
func (l *lineage) again(id stream.SplitID) (subtask int) {
	subtask = l.next()
	l.splits[id].subtask = subtask
	return subtask
}

func (l *lineage) next() (subtask int) {
	subtask = l.turn
	l.turn = (l.turn + 1) % l.subtasks
	return subtask
}

// place returns the subtask that a split with these parents can go to now.
func (l *lineage) place(parents []*kin) (subtask int, ok bool) {
	if len(parents) == 0 {
		return l.next(), true
	}
	least := parents[0]
	for _, p := range parents {
		if !p.ended {
			return 0, false
		}
		if p.max < least.max {
			least = p
		}
	}
	for _, p := range parents {
		if !p.settled && p.subtask != least.subtask {
			return 0, false
		}
	}
	return least.subtask, true
}

// waitsForCheckpoint reports whether a split could be handed out if a checkpoint were decided
// that has not begun.
func (l *lineage) waitsForCheckpoint() bool {
	return slices.ContainsFunc(l.ended, func(p *kin) bool {
		return p.heldBy == 0 && !p.settled && slices.ContainsFunc(p.heirs, func(k *kin) bool {
			return !slices.ContainsFunc(k.parents, func(p *kin) bool { return !p.ended })
		})
	})
}

// lose returns, by subtask, which of those splits that are gone it has. Those that wait are
// handed out yet: the subtasks know what becomes of such.
func (l *lineage) lose(gone []stream.SplitID) (bySubtask [][]stream.SplitID) {
	bySubtask = make([][]stream.SplitID, l.subtasks)
	for _, id := range gone {
		switch k := l.splits[id]; {
		case k == nil || k.ended:
		case k.waits:
			k.gone = true
		default:
			bySubtask[k.subtask] = append(bySubtask[k.subtask], id)
		}
	}
	return bySubtask
}

// hold notes that a checkpoint begins, which will hold the ends so far. It returns, by
// subtask, the splits that it and all that follow can do without.
func (l *lineage) hold(id stream.CheckpointID) (forget [][]stream.SplitID) {
	forget = make([][]stream.SplitID, l.subtasks)
	l.ended = slices.DeleteFunc(l.ended, func(k *kin) bool {
		if k.heldBy == 0 {
			k.heldBy = id
		}
		gone := k.settled && k.followed
		if gone {
			delete(l.splits, k.ID)
			forget[k.subtask] = append(forget[k.subtask], k.ID)
		}
		return gone
	})
	return forget
}

// decided notes that a checkpoint counts.
func (l *lineage) decided(id stream.CheckpointID) {
	for _, k := range l.ended {
		if !k.settled && k.heldBy != 0 && k.heldBy <= id {
			k.settled = true
			l.ripe = append(l.ripe, k.heirs...)
		}
	}
}

// lineageMeta is what a checkpoint keeps of a lineage besides what the subtasks have.
type lineageMeta struct {
	Waiting []stream.Split `json:"waiting,omitempty"`
	// Elsewhere is how many splits the subtasks have.
	Elsewhere int `json:"splits"`
}

func (l *lineage) meta() lineageMeta {
	m := lineageMeta{Elsewhere: len(l.splits) - l.waits}
	for _, k := range l.waiting {
		if k.waits {
			m.Waiting = append(m.Waiting, k.Split)
		}
	}
	return m
}

// restored returns the lineage that a checkpoint holds, splits being what the subtasks had.
func (m lineageMeta) restored(splits []task.SplitState) (*lineage, error) {
	l := newLineage()
	for _, s := range splits {
		l.restore(s)
	}
	if len(splits) != m.Elsewhere || len(l.splits) != m.Elsewhere {
		return nil, fmt.Errorf("the checkpoint says where %d splits were and should say it of %d", len(splits), m.Elsewhere)
	}
	l.learn(m.Waiting)
	return l, nil
}
