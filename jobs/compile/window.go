package compile

import (
	"time"

	"github.com/weirstream/weir/jobs/plan"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record/calendar"
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
		w.shape = readTumble(s, offset)
	case "hop":
		h := s.section("hop")
		w.shape = plan.Hop{Size: h.duration("size"), Slide: h.duration("slide"), Offset: offset}
	case "session":
		w.shape = plan.Session{Gap: s.duration("session")}
	}
	return w
}

// readTumble tells windows of one length from periods of the calendar, which are months,
// years and whatever has a zone.
func readTumble(s section, offset time.Duration) plan.Window {
	size, period := s.period("tumble")
	zone, named := s.zone("zone")
	switch {
	case zone == nil:
		return nil
	case period.Months == 0 && !named:
		return plan.Tumble{Size: size, Offset: offset}
	case period == calendar.Period{} && size > 0:
		n := s.scalar("tumble")
		s.problem(n.At(), "tumble", "with a zone windows are periods of the calendar there, written as one number of days, weeks, months or "+
			"years, such as 1d; %s is equally long everywhere, so remove the zone and move windows by offset, if need be", n.Text)
		return nil
	}
	return plan.Calendar{Period: period, Zone: zone, Offset: offset}
}
