package stream

import "errors"

// Witnessed is a sink whose medium can be looked at. The checkpoint store cannot
// see by itself that its last slots were lost, nor that what a sink has prepared
// is no longer what it was. The sink can, so that nothing is shown twice, or
// wrong. An exactly-once sink of which people can read the output should be one.
type Witnessed interface {
	// Witness returns what looks at the medium. The generation in the context is
	// that of no owner.
	Witness(CommitterContext) Witness
}

// Witness looks at a sink's medium before a process goes on with a job. It
// changes nothing: another process may be at work.
type Witness interface {
	// ShownAfter returns output that the run has shown and that belongs to
	// checkpoints behind id. According to the log there is no such checkpoint.
	ShownAfter(id CheckpointID) ([]Shown, error)
	// Whole returns an error that wraps [ErrDamaged] if a commit of what was
	// prepared for a checkpoint could not show it as it was prepared.
	Whole(id CheckpointID, pending []Pending) error
}

// Shown is a piece of output that everybody can see.
type Shown struct {
	Name       string // as people find it: a path, a topic and its offsets
	Generation uint64 // of the owner that wrote it
	Checkpoint CheckpointID
}

// ErrDamaged says of what a sink has prepared, or shown, that it is not there as
// it was. A commit that finds that shows nothing of it, and wraps this in a fatal
// error: to try again would find the same. The job can go on from an older
// checkpoint, if the user allows for duplicates.
var ErrDamaged = errors.New("damaged")
