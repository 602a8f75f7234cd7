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
// hands them to subtasks in turn.
type enumeration struct {
	step       *graph.Step
	enumerator stream.Enumerator // called in the background, one call at a time
	chains     []*task.Chain     // of the source's subtasks

	// What a checkpoint keeps. Splits are handed out as they become known, those
	// of the checkpoint that a run began with before its first barrier: so a split
	// that is known to a checkpoint is also in the part of some subtask.
	saved []byte // the enumerator, behind the last discovery
	known []stream.Split
	index map[stream.SplitID]bool // of known

	waiting  []task.SplitState // to be handed out
	turn     int               // the subtask that the next split goes to
	finished []stream.SplitID  // to tell the enumerator
	next     time.Time         // of the next discovery

	busy       bool // a discovery is under way
	discovered bool // one is done
	done       bool // there are no more splits
	ended      bool // all subtasks had ended in the checkpoint, drained perhaps
}

// enumeratorMeta is what a checkpoint keeps of an enumeration.
type enumeratorMeta struct {
	Enumerator []byte         `json:"enumerator"`
	Splits     []stream.Split `json:"splits"`
}

// discovery is what one call of Discover brought.
type discovery struct {
	splits []stream.Split
	done   bool
	saved  []byte
}

// newEnumeration makes the enumeration of a source, as a checkpoint left it.
// splits is where its subtasks were. Both are nil in a fresh run.
func newEnumeration(step *graph.Step, o Options, saved []byte, splits []task.SplitState) (*enumeration, error) {
	e := &enumeration{step: step, index: map[stream.SplitID]bool{}}
	var meta enumeratorMeta
	if saved != nil {
		if err := json.Unmarshal(saved, &meta); err != nil {
			return nil, fmt.Errorf("source %q: the enumerator in the checkpoint: %w", step.ID, err)
		}
	}
	at := map[stream.SplitID]task.SplitState{}
	for _, m := range splits {
		at[m.ID] = m
	}
	for _, s := range meta.Splits {
		m, ok := at[s.ID]
		if !ok {
			return nil, fmt.Errorf("source %q: the checkpoint does not say where split %q was", step.ID, s.ID)
		}
		e.learn(s)
		e.waiting = append(e.waiting, m)
		if m.Finished { // the enumerator may not have been told
			e.finished = append(e.finished, m.ID)
		}
	}
	e.saved = meta.Enumerator
	err := actor.Guard(step.ID, func() (err error) {
		e.enumerator, err = step.Source.Source.NewEnumerator(o.Env, meta.Enumerator)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("source %q: %w", step.ID, err)
	}
	return e, nil
}

func (e *enumeration) learn(s stream.Split) {
	e.known = append(e.known, s)
	e.index[s.ID] = true
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
		var found discovery
		var err error
		found.splits, found.done, err = e.enumerator.Discover(ctx)
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
	e.busy, e.discovered, e.done, e.saved = false, true, d.found.done, d.found.saved
	e.next = m.host.Now().Add(discoverEvery)
	for _, s := range d.found.splits {
		if !e.index[s.ID] {
			e.learn(s)
			e.waiting = append(e.waiting, task.FreshSplit(s))
		}
	}
	e.handOut()
	return nil
}

// handOut assigns the waiting splits to the subtasks in turn.
func (e *enumeration) handOut() {
	shares := make([][]task.SplitState, len(e.chains))
	for _, s := range e.waiting {
		shares[e.turn] = append(shares[e.turn], s)
		e.turn = (e.turn + 1) % len(e.chains)
	}
	e.waiting = nil
	for i, c := range e.chains {
		c.Post(task.Assign{Splits: shares[i], Discovered: e.discovered, Done: e.done, Ended: e.ended})
	}
}

// splitFinished has the enumerator told, so that splits which follow can come.
func (e *enumeration) splitFinished(id stream.SplitID, now time.Time) {
	if !e.done {
		e.finished = append(e.finished, id)
		e.next = now
	}
}

// acknowledge returns the enumerator's part of a checkpoint.
func (e *enumeration) acknowledge(id stream.CheckpointID) task.Acknowledged {
	meta, err := json.Marshal(enumeratorMeta{Enumerator: e.saved, Splits: e.known})
	return task.Acknowledged{Step: e.step.ID, Subtask: checkpoint.Enumerator, ID: id, Entry: checkpoint.Entry{Enumerator: meta}, Err: err}
}

func (m *master) source(id string) *enumeration {
	for _, s := range m.sources {
		if s.step.ID == id {
			return s
		}
	}
	panic("master: no source " + id)
}
