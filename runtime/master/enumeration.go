package master

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/weirstream/weir/runtime/actor"
	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/task"
)

// discoverEvery is how often a source that may have more splits is asked.
const discoverEvery = time.Second

// enumeration is the master's side of a source: it has splits discovered and
// hands them to subtasks.
type enumeration struct {
	step       *graph.Step
	enumerator stream.Enumerator // called in the background, one call at a time
	chains     []*task.Chain     // of the source's subtasks

	// What a checkpoint keeps. Splits are handed out as they become known, those
	// of the checkpoint that a run began with before its first barrier: so a split
	// that is handed out is also in the part of some subtask.
	saved   []byte // the enumerator, behind the last discovery
	lineage *lineage

	again    []task.SplitState     // of the checkpoint, to be handed out at the beginning
	fronts   []front               // by subtask
	told     []stream.CheckpointID // by subtask, the checkpoint that its reader was told of last
	finished []stream.SplitID      // to tell the enumerator
	next     time.Time             // of the next discovery

	busy       bool // a discovery is under way
	discovered bool // one is done
	done       bool // there are no more splits
	ended      bool // all subtasks had ended in the checkpoint, drained perhaps
}

// enumeratorMeta is what a checkpoint keeps of an enumeration.
type enumeratorMeta struct {
	Enumerator []byte `json:"enumerator"`
	lineageMeta
}

// discovery is what one call of Discover brought.
type discovery struct {
	stream.Discovery
	told  []stream.SplitID // that these had ended, before it was called
	saved []byte
}

// newEnumeration makes the enumeration of a source, as a checkpoint left it.
// splits is where its subtasks were. Both are nil in a fresh run.
func newEnumeration(step *graph.Step, o Options, saved []byte, splits []task.SplitState) (*enumeration, error) {
	e := &enumeration{step: step, again: splits}
	var meta enumeratorMeta
	if saved != nil {
		if err := json.Unmarshal(saved, &meta); err != nil {
			return nil, fmt.Errorf("source %q: the enumerator in the checkpoint: %w", step.ID, err)
		}
	}
	var err error
	if e.lineage, err = meta.restored(splits); err != nil {
		return nil, fmt.Errorf("source %q: %w", step.ID, err)
	}
	for _, s := range splits {
		if s.Finished { // the enumerator may not have been told
			e.finished = append(e.finished, s.ID)
		}
	}
	e.saved = meta.Enumerator
	err = actor.Guard(step.ID, func() (err error) {
		e.enumerator, err = step.Source.Source.NewEnumerator(o.Env, meta.Enumerator)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("source %q: %w", step.ID, err)
	}
	return e, nil
}

// due returns when to discover; zero is never.
func (e *enumeration) due() time.Time {
	if e.busy || e.done && len(e.finished) == 0 {
		return time.Time{}
	}
	return e.next
}

// discover asks for more splits, in the background.
func (m *master) discover(e *enumeration) {
	finished := e.finished
	e.busy, e.finished = true, nil
	m.host.Background("discover "+e.step.ID, func(ctx context.Context) func() {
		for _, id := range finished {
			e.enumerator.Finished(id)
		}
		found := discovery{told: finished}
		var err error
		found.Discovery, err = e.enumerator.Discover(ctx)
		if err == nil {
			found.saved, err = e.enumerator.Snapshot()
		}
		return func() { m.mail.Post(discovered{e.step.ID, found, err}) }
	})
}

// assign hands out what a discovery found.
func (m *master) assign(d discovered) error {
	e := m.source(d.source)
	if d.err != nil {
		return failure.InStep(e.step.ID, fmt.Errorf("source %q: look for what there is to read: %w", e.step.ID, d.err))
	}
	e.busy, e.discovered, e.done, e.saved = false, true, d.found.Done, d.found.saved
	e.next = m.host.Now().Add(discoverEvery)
	if !e.done && len(e.finished) > 0 {
		e.next = m.host.Now()
	}
	e.lineage.learn(d.found.Splits)
	for _, id := range d.found.told {
		e.lineage.splits[id].asked = true
	}
	for i, gone := range e.lineage.lose(d.found.Gone) {
		if len(gone) > 0 {
			e.chains[i].Post(task.Assign{Gone: gone})
		}
	}
	m.handOut(e)
	return nil
}

// handOut assigns the splits that can be read to subtasks. Where some wait for nothing but
// a checkpoint, it has one taken.
func (m *master) handOut(e *enumeration) {
	shares := e.lineage.handOut()
	for _, s := range e.again {
		subtask := e.lineage.again(s.ID)
		shares[subtask].splits = append(shares[subtask].splits, s)
	}
	var from stream.CheckpointID
	if e.again != nil {
		from = m.restoredFrom()
	}
	e.again = nil
	done := e.done && e.lineage.waits == 0
	for i, c := range e.chains {
		c.Post(task.Assign{Splits: shares[i].splits, Followed: shares[i].followed, Gone: shares[i].gone, From: from,
			Discovered: e.discovered, Done: done, Ended: e.ended})
	}
	if e.lineage.waitsForCheckpoint() {
		m.mail.Post(wanted{})
	}
}

// splitFinished has the enumerator told, so that what follows comes.
func (m *master) splitFinished(f task.SplitFinished) {
	e := m.source(f.Source)
	e.lineage.end(f.Split, f.Max)
	e.finished = append(e.finished, f.Split)
	if !e.done {
		e.next = m.host.Now()
	}
	if len(e.lineage.ripe) > 0 {
		m.handOut(e)
	}
}

// trigger begins a checkpoint at the source.
func (m *master) trigger(e *enumeration, b stream.Barrier) {
	forget := e.lineage.hold(b.ID)
	m.mail.Post(reported{e.acknowledge(b.ID)})
	for i, c := range e.chains {
		c.Post(task.Trigger{Barrier: b, Forget: forget[i]})
	}
}

// acknowledge returns the enumerator's part of a checkpoint.
func (e *enumeration) acknowledge(id stream.CheckpointID) task.Acknowledged {
	meta, err := json.Marshal(enumeratorMeta{Enumerator: e.saved, lineageMeta: e.lineage.meta()})
	return task.Acknowledged{Step: e.step.ID, Subtask: checkpoint.Enumerator, ID: id, Entry: checkpoint.Entry{Enumerator: meta}, Err: err}
}

// settled notes that a checkpoint is decided, and hands out what has waited for that.
func (m *master) settled(e *enumeration, id stream.CheckpointID) {
	e.lineage.decided(id)
	if len(e.lineage.ripe) > 0 {
		m.handOut(e)
	}
}

func (m *master) source(id string) *enumeration {
	for _, s := range m.sources {
		if s.step.ID == id {
			return s
		}
	}
	panic("master: no source " + id)
}
