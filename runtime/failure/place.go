package failure

import "errors"

// Place is where in a job something failed, for logs and whoever reads them.
type Place struct {
	Step       string // "" is the job as a whole
	Checkpoint uint64 // 0 is none
}

// placed is an error with its place; its text is the error's own.
type placed struct {
	error
	place Place
}

// Unwrap lets the error be found by errors.Is.
func (p *placed) Unwrap() error { return p.error }

// At says where an error has come up. nil stays as it is.
func At(place Place, err error) error {
	if err == nil {
		return nil
	}
	return &placed{err, place}
}

// InStep is [At] for a step.
func InStep(step string, err error) error { return At(Place{Step: step}, err) }

// PlaceOf returns where an error has come up: what those who wrapped it have said, the last
// of them first.
func PlaceOf(err error) (place Place) {
	for p := (*placed)(nil); errors.As(err, &p); err = p.error {
		if place.Step == "" {
			place.Step = p.place.Step
		}
		if place.Checkpoint == 0 {
			place.Checkpoint = p.place.Checkpoint
		}
	}
	return place
}
