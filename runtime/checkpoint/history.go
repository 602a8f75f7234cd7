package checkpoint

import (
	"errors"
	"fmt"
	"slices"
)

// history reads the log of slots from its end. It remembers which slots were
// there when it was made; that no more have come is shown by the creation of
// the next one.
type history struct {
	store   store
	numbers []uint64
}

func (s store) history() (*history, error) {
	numbers, err := s.slotNumbers()
	return &history{s, numbers}, err
}

// end returns the number of the last slot; 0 if there is none.
func (h *history) end() uint64 {
	if len(h.numbers) == 0 {
		return 0
	}
	return h.numbers[len(h.numbers)-1]
}

// moved reports whether slots have come or gone since.
func (h *history) moved() bool {
	now, err := h.store.slotNumbers()
	return err == nil && !slices.Equal(now, h.numbers)
}

// last returns the last slot that can be read, nil if there is none, and what
// is wrong with those behind it.
func (h *history) last() (last *slot, unreadable []error, err error) {
	for _, number := range slices.Backward(h.numbers) {
		last, err = h.store.slot(number)
		if err == nil {
			return last, unreadable, nil
		}
		if !errors.Is(err, errDamaged) {
			return nil, nil, err
		}
		unreadable = append(unreadable, err)
	}
	return nil, unreadable, nil
}

// decided calls yield for each decided checkpoint that counts, latest first,
// until it returns false. A takeover leads on to the checkpoint that it goes on
// from: what lies between was given up with the user's leave. For a slot that
// cannot be read, yield gets its error instead.
//
// The way down ends where slots were deleted. Something can lie there all the
// same, created by an owner that slept through the deletion; it is told by its
// generation, which elsewhere changes at takeovers only.
func (h *history) decided(yield func(*slot, error) bool) {
	generation := uint64(0) // of the slot before; 0 if that says nothing
	for number := h.end(); number > 0; {
		s, err := h.store.slot(number)
		switch {
		case err != nil:
			generation = 0
			if !yield(nil, err) {
				return
			}
		case generation != 0 && s.Generation != generation:
			return
		case s.Kind == takeoverSlot:
			number, generation = s.Restores, 0
			continue
		default:
			generation = s.Generation
			if s.Kind == checkpointSlot && !yield(s, nil) {
				return
			}
		}
		if number--; number < h.numbers[0] {
			return
		}
	}
}

// retained returns the manifests of the last n decided checkpoints, latest
// first, and the number of the oldest slot that they and the way to them need.
// If one of them cannot be read that is an error, so that nothing is deleted
// that a repair might need.
func (h *history) retained(n int) (manifests []*Manifest, oldest uint64, err error) {
	h.decided(func(s *slot, slotErr error) bool {
		var m *Manifest
		if err = slotErr; err == nil {
			m, err = h.store.manifest(s)
		}
		if err != nil {
			return false
		}
		manifests, oldest = append(manifests, m), s.Number
		return len(manifests) < n
	})
	if err != nil {
		err = fmt.Errorf("read retained checkpoints: %w", err)
	}
	return manifests, oldest, err
}
