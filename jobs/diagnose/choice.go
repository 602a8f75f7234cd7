package diagnose

import (
	"errors"

	"github.com/weirstream/weir/runtime/checkpoint"
)

// Choice is a way to go on after an error that only the user can choose.
type Choice string

// The choices.
const (
	// AllowChanged goes on although the job has changed since its last checkpoint;
	// the error says what becomes of the state.
	AllowChanged Choice = "allow_changed"
	// AllowDuplicates goes on from an older checkpoint than the last; output may
	// appear twice.
	AllowDuplicates Choice = "allow_duplicates"
	// Afresh starts without a checkpoint, with an empty store of checkpoints.
	Afresh Choice = "afresh"
)

// Choices returns the ways to go on that an error leaves to the user, none for most.
func Choices(err error) []Choice {
	var changed *checkpoint.ChangedError
	if errors.As(err, &changed) {
		return []Choice{AllowChanged, Afresh}
	}
	if errors.As(err, new(*checkpoint.ShownError)) {
		return []Choice{AllowDuplicates}
	}
	var damaged *checkpoint.DamagedError
	if errors.As(err, &damaged) {
		if damaged.NothingLeft() {
			return []Choice{Afresh}
		}
		return []Choice{AllowDuplicates}
	}
	return nil
}
