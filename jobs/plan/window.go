package plan

import (
	"fmt"
	"time"

	"github.com/weirstream/weir/operators/window"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record/calendar"
	"github.com/weirstream/weir/runtime/record/timezone"
)

// Window is where the windows of an aggregate lie: a [Tumble], [Calendar], [Hop] or [Session].
type Window interface {
	shape() window.Shape
	// definition says what state depends on, in a form that stays.
	definition() string
	text() string   // for people
	per() string    // what there is a row of state for
	plural() string // what several of the windows are called
}

// GoesByTime reports whether a node waits for the watermark of what it reads.
func GoesByTime(n Node) bool {
	switch n := n.(type) {
	case *Aggregate:
		return n.Window != nil
	case *Join:
		return true
	}
	return false
}

// Tumble is windows one behind the other.
type Tumble struct{ Size, Offset time.Duration }

func (t Tumble) shape() window.Shape { return window.Tumble(t.Size, t.Offset) }
func (t Tumble) definition() string {
	return "tumble " + duration(t.Size) + ", offset " + duration(t.Offset)
}
func (t Tumble) text() string   { return "tumble " + duration(t.Size) + offsetText(t.Offset) }
func (t Tumble) per() string    { return "open window" }
func (t Tumble) plural() string { return "windows" }

// Calendar is windows one behind the other that are periods of the calendar in a zone.
type Calendar struct {
	Period calendar.Period
	Zone   *timezone.Zone
	Offset time.Duration
}

func (c Calendar) shape() window.Shape {
	return window.Calendar{Period: c.Period, Zone: c.Zone, Offset: c.Offset}
}
func (c Calendar) definition() string { return c.periods() + ", offset " + duration(c.Offset) }
func (c Calendar) text() string       { return c.periods() + offsetText(c.Offset) }
func (c Calendar) per() string        { return "open window" }
func (c Calendar) plural() string     { return "windows" }
func (c Calendar) periods() string    { return fmt.Sprintf("tumble %v, zone %v", c.Period, c.Zone) }

// Hop is windows that begin at each Slide.
type Hop struct{ Size, Slide, Offset time.Duration }

// tumbles reports whether the windows do not overlap. A job that calls them hop has
// another definition than one that calls them tumble all the same.
func (h Hop) tumbles() bool { return h.Size == h.Slide }

func (h Hop) shape() window.Shape { return window.Hop{Size: h.Size, Slide: h.Slide, Offset: h.Offset} }
func (h Hop) plural() string      { return "windows" }

func (h Hop) definition() string {
	return "hop " + duration(h.Size) + ", slide " + duration(h.Slide) + ", offset " + duration(h.Offset)
}

func (h Hop) text() string {
	if h.tumbles() {
		return Tumble{h.Size, h.Offset}.text()
	}
	return fmt.Sprintf("hop %s, slide %s", duration(h.Size), duration(h.Slide)) + offsetText(h.Offset)
}

func (h Hop) per() string {
	if h.tumbles() {
		return "open window"
	}
	return "pane (a stretch that the same windows share)"
}

// Session is windows that end when nothing comes for a Gap of event time.
type Session struct{ Gap time.Duration }

func (s Session) shape() window.Shape { return window.Session{Gap: s.Gap} }
func (s Session) definition() string  { return "session " + duration(s.Gap) }
func (s Session) text() string        { return "session " + duration(s.Gap) }
func (s Session) per() string         { return "open session" }
func (s Session) plural() string      { return "sessions" }

func offsetText(offset time.Duration) string {
	if offset == 0 {
		return ""
	}
	return ", offset " + duration(offset)
}

func duration(d time.Duration) string { return component.FormatDuration(d) }
