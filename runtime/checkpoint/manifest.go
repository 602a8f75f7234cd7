package checkpoint

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"

	"github.com/weirstream/weir/runtime/stream"
)

// Manifest is a whole checkpoint: what a job needs in order to go on from it.
// It describes itself, so that tools can read it without the job.
type Manifest struct {
	Job        string              `json:"job"`
	Run        string              `json:"run"` // the same from a fresh start until the next one
	Checkpoint stream.CheckpointID `json:"checkpoint"`
	Generation uint64              `json:"generation"` // of the owner that took it
	Steps      []Step              `json:"steps"`      // as the job orders them
}

// Step is one step of the job within a checkpoint.
type Step struct {
	ID string `json:"id"`
	// Definition is what the meaning of what it keeps depends on.
	Definition stream.Definition `json:"definition,omitempty"`
	// Stateful says that the step cannot be left out or changed without losing
	// something: state, positions or prepared output.
	Stateful bool `json:"stateful,omitempty"`
	Sink     bool `json:"sink,omitempty"`
	// Enumerator is what the enumerator of a source acknowledged.
	Enumerator []byte `json:"enumerator,omitempty"`
	// Carried is what earlier checkpoints hold for a sink and nobody knows to have been
	// committed, oldest first.
	Carried []Due `json:"carried,omitempty"`
	// Kept is what the committer of a sink remembers of all that comes before Carried.
	Kept []byte `json:"kept,omitempty"`
	// Subtasks holds what each subtask acknowledged; their number is the
	// parallelism that the step had.
	Subtasks []Entry `json:"subtasks"`
}

// Entry is what one subtask acknowledges: its part of a checkpoint.
type Entry struct {
	// Objects holds the state, in the order in which it is restored: a full one, then
	// deltas in the order of their making. Older objects stem from earlier checkpoints;
	// any number of checkpoints may refer to one.
	Objects []ObjectRef `json:"objects,omitempty"`
	// Meta is the engine's own: counters, split positions, watermarks.
	Meta json.RawMessage `json:"meta,omitempty"`
	// Pending is what a sink's subtask has prepared since the last checkpoint
	// that was completed, in order. Empty ones may be left out.
	Pending []stream.Pending `json:"pending,omitempty"`
	// PendingIn holds what of it is too large for a manifest ([Owner.Slim]).
	PendingIn []ObjectRef `json:"pending_in,omitempty"`
	// Enumerator is what the enumerator of a source needs to go on; only in the
	// Ack of subtask [Enumerator].
	Enumerator []byte `json:"enumerator,omitempty"`
	// Finished says that the subtask had processed all its input.
	Finished bool `json:"finished,omitempty"`
}

// ObjectRef names an immutable object and says what its bytes must be.
type ObjectRef struct {
	Name   string `json:"name"`
	Length int64  `json:"length"`
	SHA256 string `json:"sha256"` // in hex
}

// Step returns the step with the given id, or nil. A nil manifest, that of a fresh
// run, has no steps.
func (m *Manifest) Step(id string) *Step {
	if m == nil {
		return nil
	}
	for i := range m.Steps {
		if m.Steps[i].ID == id {
			return &m.Steps[i]
		}
	}
	return nil
}

// Objects are the objects that a checkpoint rests on: of state, and of what is to be
// committed.
func (m *Manifest) Objects() iter.Seq[ObjectRef] {
	return func(yield func(ObjectRef) bool) {
		for _, s := range m.Steps {
			for ref := range s.objects() {
				if !yield(ref) {
					return
				}
			}
		}
	}
}

func (s *Step) objects() iter.Seq[ObjectRef] {
	return func(yield func(ObjectRef) bool) {
		var lists [][]ObjectRef
		for _, d := range s.Carried {
			lists = append(lists, d.In)
		}
		for _, e := range s.Subtasks {
			lists = append(lists, e.Objects, e.PendingIn)
		}
		for _, ref := range slices.Concat(lists...) {
			if !yield(ref) {
				return
			}
		}
	}
}

// encode returns the bytes that are stored.
func (m *Manifest) encode() ([]byte, error) {
	for _, s := range m.Steps {
		for i, e := range s.Subtasks {
			if len(e.Meta) > 0 && !json.Valid(e.Meta) {
				return nil, fmt.Errorf("the meta of %s-%d is not JSON", s.ID, i)
			}
		}
	}
	return seal("manifest", m)
}

// decodeManifest is the inverse of encode.
func decodeManifest(content []byte) (*Manifest, error) {
	m := &Manifest{}
	if err := unseal("manifest", content, m); err != nil {
		return nil, err
	}
	return m, nil
}
