package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// history reads the log of slots from its end. It remembers which slots were
// there when it was made; that no more have come is shown by the creation of
// the next one. It goes by that list alone: a number that is none of the log's,
// however large, is one more entry, not a way to walk.
type history struct {
	store   store
	numbers []uint64 // of slots of which a copy is there, rising
	odd     []string // names beside them that are no slot's
}

func (s store) history(ctx context.Context) (*history, error) {
	numbers, odd, err := s.slotNumbers(ctx)
	return &history{s, numbers, odd}, err
}

// end returns the number of the last slot; 0 if there is none.
func (h *history) end() uint64 {
	if len(h.numbers) == 0 {
		return 0
	}
	return h.numbers[len(h.numbers)-1]
}

// moved reports whether slots have come or gone since.
func (h *history) moved(ctx context.Context) (bool, error) {
	now, _, err := h.store.slotNumbers(ctx)
	return !slices.Equal(now, h.numbers), err
}

// cut returns the part of the history up to a slot.
func (h *history) cut(number uint64) *history {
	return &history{h.store, h.numbers[:h.through(number)], h.odd}
}

// through returns how many slots there are up to a number.
func (h *history) through(number uint64) int {
	at, _ := slices.BinarySearch(h.numbers, number+1)
	return at
}

// below returns the number of the slot before a number; 0 if there is none.
func (h *history) below(number uint64) uint64 {
	return h.cut(max(number, 1) - 1).end()
}

func (h *history) has(number uint64) bool {
	_, found := slices.BinarySearch(h.numbers, number)
	return found
}

// unreadable is a slot of which both copies are damaged.
type unreadable struct {
	number uint64
	err    error
}

// last returns the last slot that can be read, nil if there is none, and those
// above it, rising.
func (h *history) last(ctx context.Context) (last *slot, above []unreadable, err error) {
	for _, number := range slices.Backward(h.numbers) {
		last, err = h.store.slot(ctx, number)
		if err == nil {
			break
		}
		if !errors.Is(err, errDamaged) {
			return nil, nil, err
		}
		above = append(above, unreadable{number, err})
	}
	slices.Reverse(above)
	return last, above, nil
}

// decided calls yield for each decided checkpoint that counts, latest first,
// until it returns false. A takeover leads on to the checkpoint that it goes on
// from: what lies between was given up with the user's leave. For a slot that
// cannot be read, or several that are missing in a row, yield gets an error
// instead.
//
// The way down ends where slots were deleted. Something can lie there all the
// same, created by an owner that slept through the deletion; it is told by its
// generation, which elsewhere changes at takeovers only.
func (h *history) decided(ctx context.Context, yield func(*slot, error) bool) {
	generation := uint64(0) // of the slot before; 0 if that says nothing
	above := h.end() + 1    // the number of the slot before; 0 if that says nothing
	for at := len(h.numbers) - 1; at >= 0; at-- {
		number := h.numbers[at]
		if number+1 < above {
			generation = 0
			if !yield(nil, missing(number+1, above-1)) {
				return
			}
		}
		above = number
		s, err := h.store.slot(ctx, number)
		switch {
		case err != nil:
			generation = 0
			if !yield(nil, err) {
				return
			}
		case generation != 0 && s.Generation != generation:
			return
		case s.Kind == takeoverSlot:
			if s.Restores == 0 {
				return
			}
			generation, above = 0, s.Restores+1
			at = h.through(s.Restores)
			if !h.has(s.Restores) {
				above = 0 // one loss is enough to tell of
				if !yield(nil, missing(s.Restores, s.Restores)) {
					return
				}
			}
		default:
			generation = s.Generation
			if s.Kind == checkpointSlot && !yield(s, nil) {
				return
			}
		}
	}
}

// missing is the error of slots that should be there, from first to last.
func missing(first, last uint64) error {
	if first == last {
		return fmt.Errorf("%s: %w: it is missing", slotName(first), errDamaged)
	}
	return fmt.Errorf("%s to %s: %w: they are missing", slotName(first), slotName(last), errDamaged)
}

// retained returns the manifests of the last n decided checkpoints, latest
// first, and the number of the oldest slot that they and the way to them need.
// If one of them cannot be read that is an error, so that nothing is deleted
// that a repair might need.
func (h *history) retained(ctx context.Context, n int) (manifests []*Manifest, oldest uint64, err error) {
	h.decided(ctx, func(s *slot, slotErr error) bool {
		var m *Manifest
		if err = slotErr; err == nil {
			m, err = h.store.manifest(ctx, s)
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
