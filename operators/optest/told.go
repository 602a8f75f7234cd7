package optest

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// told is what an input has told last, which is told again after a restore.
type told struct {
	mark        record.Time // the last one but MaxTime
	idle        bool
	last, ended bool // behind the watermark MaxTime, and the end
	alone       bool // there is no other input
}

func (t *told) take(e stream.Element) {
	switch {
	case e.Kind == stream.KindIdle:
		t.idle = true
	case e.Kind == stream.KindEnd:
		t.ended = true
	case e.Time == record.MaxTime:
		t.last, t.idle = true, t.idle && !t.alone // as [stream.Progress.Take] has it
	default:
		t.mark, t.idle = max(t.mark, e.Time), false
	}
}

func (t *told) elements() (elements []stream.Element) {
	if t.mark > record.MinTime && !(t.last && t.alone) {
		elements = append(elements, stream.WatermarkOf(t.mark))
	}
	if t.idle {
		elements = append(elements, stream.Idle)
	}
	if t.last {
		elements = append(elements, stream.WatermarkOf(record.MaxTime))
	}
	if t.ended {
		elements = append(elements, stream.End)
	}
	return elements
}

// least returns the least watermark of the inputs that are not over, idle ones
// included.
func (r *run) least() record.Time {
	least := record.MaxTime
	for _, t := range r.told {
		if !t.last {
			least = min(least, t.mark)
		}
	}
	return least
}
