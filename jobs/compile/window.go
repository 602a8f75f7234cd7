package compile

import (
	"fmt"
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

var (
	windowKinds = []string{"tumble", "hop", "session"}
	windowKeys  = append(windowKinds[:3:3], "offset", "allowed_lateness", "emit")
	hopKeys     = []string{"size", "slide"}
)

func readWindows(s section) windows {
	w := windows{lateness: s.duration("allowed_lateness", 0)}
	offset := s.duration("offset", 0)
	s.option("emit", "final")
	e := s.oneOf("window", windowKinds)
	if e == nil {
		return w
	}
	w.at = e.At
	switch e.Key {
	case "tumble":
		size := s.duration("tumble", 0)
		w.shape, w.text = window.Tumble(size, offset), fmt.Sprintf("tumble %v offset %v", size, offset)
	case "hop":
		h := newSection(s.problems, s.name+".hop", e.At, e.Value, hopKeys)
		hop := window.Hop{Size: h.length("size"), Slide: h.length("slide"), Offset: offset}
		w.shape, w.text = hop, fmt.Sprintf("hop %v slide %v offset %v", hop.Size, hop.Slide, offset)
	case "session":
		gap := s.duration("session", 0)
		w.shape, w.text = window.Session{Gap: gap}, fmt.Sprintf("session %v", gap)
		if s.has("offset") {
			s.problem(s.keyAt("offset"), "offset", "sessions begin with their first row; only tumble and hop have an offset")
		}
	}
	return w
}

// length returns the duration of a key that must be there.
func (s section) length(key string) time.Duration {
	if !s.has(key) {
		s.problem(s.at, "", "needs the key %q", key)
	}
	return s.duration(key, 0)
}
