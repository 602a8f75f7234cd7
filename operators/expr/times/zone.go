package times

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/timezone"
)

// Zone returns the time zone that argument i names, or reports that there is
// none.
func Zone(p *kernel.Preparation, i int) *timezone.Zone {
	name, ok := p.Text(i)
	if !ok {
		p.Wrong(i, "a time zone is written as a string, such as 'Europe/Berlin'; %s is none", p.Excerpt(i))
		return nil
	}
	z, err := timezone.Load(name)
	if err != nil {
		p.Wrong(i, "%v%s", err, component.SuggestZone(name))
	}
	return z
}

// Locals returns the builder of AT TIME ZONE of an instant: what clocks in a zone show.
func Locals(z *timezone.Zone) kernel.Builder { return inClock(z, localsOf) }

// Instants returns the builder of AT TIME ZONE of what clocks in a zone show: the
// instant.
func Instants(z *timezone.Zone) kernel.Builder { return inClock(z, instantsOf) }

// inClock builds a loop that has a clock of the zone, one for each program.
func inClock(z *timezone.Zone, loopOf func(*timezone.Clock) timeLoop) kernel.Builder {
	return func(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
		loop := loopOf(z.NewClock())
		return kernel.Mapping(loop, whyOutOfRange(loop))(s, args)
	}
}

func localsOf(c *timezone.Clock) timeLoop {
	return func(to, from []int64) bool {
		from = from[:len(to)]
		suspect := false
		for i, t := range from {
			offset := c.Offset(record.Time(t))
			to[i] = t + offset
			suspect = suspect || (to[i] < t) != (offset < 0)
		}
		return suspect
	}
}

func instantsOf(c *timezone.Clock) timeLoop {
	return func(to, from []int64) bool {
		from = from[:len(to)]
		suspect := false
		for i, t := range from {
			offset := c.LocalOffset(record.Time(t))
			to[i] = t - offset
			suspect = suspect || (to[i] > t) != (offset < 0)
		}
		return suspect
	}
}
