package compile

import (
	"time"

	"github.com/weirstream/weir/operators/window"
	"github.com/weirstream/weir/runtime/component"
)

// windows is what a step says about its windows.
type windows struct {
	at       component.Position // of the key that names their kind
	shape    window.Shape       // nil after a problem
	lateness time.Duration
	text     string // shape in canonical form
}

func readWindows(s section) windows {
	w := windows{lateness: s.duration("allowed_lateness")}
	offset := s.duration("offset")
	s.option("emit")
	text := component.FormatDuration
	e := s.choice()
	if e == nil {
		return w
	}
	w.at = e.At
	switch e.Key {
	case "tumble":
		size := s.duration("tumble")
		w.shape, w.text = window.Tumble(size, offset), "tumble "+text(size)+", offset "+text(offset)
	case "hop":
		h := s.section("hop")
		hop := window.Hop{Size: h.duration("size"), Slide: h.duration("slide"), Offset: offset}
		w.shape, w.text = hop, "hop "+text(hop.Size)+", slide "+text(hop.Slide)+", offset "+text(offset)
	case "session":
		gap := s.duration("session")
		w.shape, w.text = window.Session{Gap: gap}, "session "+text(gap)
	}
	return w
}

// plural is what several of the windows are called.
func (w windows) plural() string {
	if _, sessions := w.shape.(window.Session); sessions {
		return "sessions"
	}
	return "windows"
}
