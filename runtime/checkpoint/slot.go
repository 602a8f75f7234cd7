package checkpoint

import (
	"github.com/weirstream/weir/runtime/stream"
)

// slotKind tells what a slot says.
type slotKind string

const (
	takeoverSlot   slotKind = "takeover"   // a new owner
	checkpointSlot slotKind = "checkpoint" // a decided checkpoint
	finishedSlot   slotKind = "finished"   // the job has ended for good
)

// slot is an entry of the log.
type slot struct {
	Number     uint64   `json:"slot"`
	Kind       slotKind `json:"kind"`
	Job        string   `json:"job"`
	Run        string   `json:"run"`
	Generation uint64   `json:"generation"`
	// Nonce is drawn by each owner: it tells its own slot from another's where
	// the reply to a creation was lost.
	Nonce string `json:"nonce"`
	// Checkpoint is, of a checkpoint, its id; otherwise all ids up to it are
	// used up. The owner may use the maxAttempts ids that follow.
	Checkpoint stream.CheckpointID `json:"checkpoint"`
	// Restores is, of a takeover, the slot of the checkpoint that the owner goes
	// on from; 0 is a fresh start. Slots between the two no longer count.
	Restores uint64 `json:"restores,omitempty"`
	// Manifest is, of a checkpoint, its manifest; the copy has the same bytes.
	Manifest *ObjectRef `json:"manifest,omitempty"`
	Copy     string     `json:"copy,omitempty"`
}

// maxAttempts is how many checkpoints in a row may fail before the job does. It
// also bounds the ids that an owner can have used unseen, so that the next one
// can begin behind them.
const maxAttempts = 100

// usedIDs returns an id that is not below any that the owner of this slot can
// have used before it creates the next one.
func (s *slot) usedIDs() stream.CheckpointID { return s.Checkpoint + maxAttempts }

func decodeSlot(number uint64, content []byte) (*slot, error) {
	s := &slot{}
	if err := unseal("slot", content, s); err != nil {
		return nil, err
	}
	if err := s.check(number); err != nil {
		return nil, err
	}
	return s, nil
}

// check finds slots that cannot have been written by this package.
func (s *slot) check(number uint64) error {
	switch {
	case s.Number != number:
		return damagef("it is slot %d under the name of slot %d", s.Number, number)
	case s.Kind == checkpointSlot && s.Manifest == nil:
		return damagef("it names no manifest")
	case s.Kind != takeoverSlot && s.Kind != checkpointSlot && s.Kind != finishedSlot:
		return damagef("its kind is %q", s.Kind)
	case max(number, s.Generation, uint64(s.Checkpoint)) > greatest:
		return damagef("number %d, generation %d or checkpoint %d is more than any job reaches", number, s.Generation, s.Checkpoint)
	case s.Restores >= number:
		return damagef("it resumes from slot %d, which comes after it", s.Restores)
	}
	return nil
}
