package checkpoint

import (
	"context"
	"fmt"
)

// passOver returns the part of the log that counts, and the number behind it.
//
// Slots above the last that can be read may have held decisions. Then something
// tells of that (evidence.go), they are damage, and all of the log counts. Where
// nothing does, they decided nothing, or they are no slots: they are passed over,
// and the user is told.
//
// Those right behind the last slot stand where slots do, and may be another
// owner's: the log goes on behind them, so that he has lost. What stands behind a
// gap is no slot, since numbers are consecutive: the log goes on before it.
func (o *Owner) passOver(
	ctx context.Context, h *history, last *slot, above []unreadable, damage *DamagedError,
) (log *history, next uint64) {
	o.warnOdd(h, last)
	if damage.damaged() {
		return h, h.end() + 1
	}
	next = last.Number + 1
	for _, u := range above {
		if u.number == next {
			next++
			o.warnf("%w; nothing was decided there, and it is passed over", u.err)
		} else if w := o.tell(ctx, u); w != nil {
			o.Warnings = append(o.Warnings, w)
		}
	}
	return h.cut(last.Number), next
}

// warnOdd tells of names that are no slot's, and of a gap before the last slot.
func (o *Owner) warnOdd(h *history, last *slot) {
	o.Warnings = nil
	for _, name := range h.odd {
		o.warnf("%s is not the name of a slot; it is left alone", name)
	}
	if below := h.below(last.Number); below > 0 && below+1 < last.Number {
		o.warnf("%w; the log continues with %s anyway", missing(below+1, last.Number-1), slotName(last.Number))
	}
}

// tell returns the warning of a file behind a gap; nil where that was given before.
func (o *Owner) tell(ctx context.Context, u unreadable) error {
	if o.told[u.number] {
		return nil
	}
	if o.told == nil {
		o.told = map[uint64]bool{}
	}
	o.told[u.number] = true
	then := ""
	if o.isInTheWay(ctx, u.number) {
		then = ", and the job stops when its log reaches that number"
	}
	return fmt.Errorf("%s: %s stands behind a gap in the log and is not a slot (%w); it is passed over for now%s: "+
		"move it away if it is not this job's", o.store.where(), slotName(u.number), u.err, then)
}

// isInTheWay reports whether a slot with the number could not be created: another
// file can take the place of a copy, but of no slot, and a folder of neither.
func (o *Owner) isInTheWay(ctx context.Context, number uint64) bool {
	slot, err := o.store.there(ctx, slotName(number))
	_, copyErr := o.store.there(ctx, slotName(number)+copySuffix)
	return slot || err != nil || copyErr != nil
}

func (o *Owner) warnf(format string, args ...any) {
	o.Warnings = append(o.Warnings, fmt.Errorf("%s: %w", o.store.where(), fmt.Errorf(format, args...)))
}
