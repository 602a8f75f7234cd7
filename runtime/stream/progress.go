package stream

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/watermark"
)

// Progress is how far in event time the inputs of an operator have come, and what of
// it the operator has told its consumers. The engine keeps it: where Step is called
// with a watermark, Idle or End, Progress has taken that in.
//
// It begins anew with each run of a job. What an operator has done at a watermark is
// state of its own.
type Progress struct {
	inputs   []inputProgress
	combiner *watermark.Combiner

	told record.Time // the watermark that was emitted last
	last Kind        // KindIdle or KindEnd where that was emitted last
}

type inputProgress struct {
	mark record.Time
	idle bool
}

// NewProgress returns the progress of an operator with so many inputs, none of which
// has said anything.
func NewProgress(inputs int) *Progress {
	p := &Progress{inputs: make([]inputProgress, inputs), combiner: watermark.NewCombiner(inputs), told: record.MinTime}
	for i := range p.inputs {
		p.inputs[i].mark = record.MinTime
	}
	return p
}

// Watermark returns that of an input: MinTime before it has any, MaxTime behind its
// end. It never falls.
func (p *Progress) Watermark(in InputID) record.Time { return p.inputs[in].mark }

// IsIdle reports whether an input is idle, so that nobody should wait for it.
func (p *Progress) IsIdle(in InputID) bool { return p.inputs[in].idle }

// Combined returns the least watermark of the inputs that are neither idle nor over.
// Where all are idle it is the greatest that one of them had; behind all their ends it
// is MaxTime. It never falls.
func (p *Progress) Combined() record.Time { return p.combiner.Out() }

// Idle reports whether all inputs that are not over are idle.
func (p *Progress) Idle() bool { return p.combiner.Idle() }

// Ended reports whether all inputs are over.
func (p *Progress) Ended() bool { return p.combiner.Ended() }

// Forward tells the consumers that no row before mark comes any more, and then, if
// that is so, that the inputs are idle, or over. What is no news it keeps to itself. An
// operator calls it when everything has left that is before mark.
func (p *Progress) Forward(out Emitter, mark record.Time) {
	if p.last != KindEnd && mark > p.told {
		out.Emit(Main, WatermarkOf(mark))
	}
	if e := p.rest(); p.isNews(e) {
		out.Emit(Main, e)
	}
}

// rest returns Idle or End where all inputs are; nothing else.
func (p *Progress) rest() Element {
	switch {
	case p.Ended():
		return End
	case p.Idle():
		return Idle
	}
	return Element{}
}

// Take is for the engine. It takes in a watermark, Idle or End of an input, before the
// operator does, and reports whether consumers were told that the operator is idle,
// which it is no longer: they must hear of that, by the last watermark once more,
// before anything else.
func (p *Progress) Take(in InputID, e Element) (woke bool) {
	i := &p.inputs[in]
	i.idle = e.Kind == KindIdle
	switch e.Kind {
	case KindWatermark:
		i.mark = max(i.mark, e.Time)
		if e.Time < record.MaxTime || len(p.inputs) == 1 { // beside others that are idle, it is for End to say
			p.combiner.Raise(int(in), e.Time)
		}
	case KindIdle:
		p.combiner.SetIdle(int(in))
	case KindEnd:
		i.mark = record.MaxTime
		p.combiner.End(int(in))
	}
	return p.last == KindIdle && !p.Idle()
}

// Tell is for the engine. It reports whether a watermark, Idle or End that the operator
// emits is news, and is to be sent: watermarks never fall, and one that is repeated
// means that the operator is active again.
func (p *Progress) Tell(e Element) (news bool) {
	if !p.isNews(e) {
		return false
	}
	if e.Kind == KindWatermark {
		p.told, p.last = e.Time, 0
	} else {
		p.last = e.Kind
	}
	return true
}

func (p *Progress) isNews(e Element) bool {
	switch e.Kind {
	case KindWatermark:
		return p.last != KindEnd && (e.Time > p.told || e.Time == p.told && p.last == KindIdle)
	case KindIdle, KindEnd:
		return p.last != e.Kind && p.last != KindEnd
	}
	return false
}

// Told returns the watermark that consumers were told last, MinTime before any.
func (p *Progress) Told() record.Time { return p.told }
