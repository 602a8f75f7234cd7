package compile

import (
	"time"

	"github.com/weirstream/weir/jobs/plan"
	"github.com/weirstream/weir/runtime/component"
)

// windows is what a step says about its windows.
type windows struct {
	at       component.Position // of the key that names their kind
	shape    plan.Window        // nil after a problem
	lateness time.Duration
}

func readWindows(s section) windows {
	w := windows{lateness: s.duration("allowed_lateness")}
	offset := s.duration("offset")
	s.option("emit")
	e := s.choice()
	if e == nil {
		return w
	}
	w.at = e.At
	switch e.Key {
	case "tumble":
		w.shape = plan.Tumble{Size: s.duration("tumble"), Offset: offset}
	case "hop":
		h := s.section("hop")
		w.shape = plan.Hop{Size: h.duration("size"), Slide: h.duration("slide"), Offset: offset}
	case "session":
		w.shape = plan.Session{Gap: s.duration("session")}
	}
	return w
}
