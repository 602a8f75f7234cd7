package expr

import (
	"fmt"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/timezone"
)

// zone returns the time zone that a piece names, or reports that there is none.
func (c *checker) zone(x *typed) *timezone.Zone {
	if x.lit == nil || x.lit.isNull() || x.typ != record.String {
		c.errorf(x.node, "a time zone is written as a string, such as 'Europe/Berlin'; %s is none", c.excerpt(x.node))
		return nil
	}
	z, err := timezone.Load(x.lit.s)
	if err != nil {
		c.errorf(x.node, "%v%s", err, zoneLike(x.lit.s))
	}
	return z
}

// atZone checks AT TIME ZONE, which leads from an instant to what a clock shows,
// and from what a clock shows to the instant.
func (c *checker) atZone(n *atZone) *typed {
	args := c.all(n.x, n.zone)
	if args == nil {
		return nil
	}
	x, z := args[0], c.zone(args[1])
	if z == nil {
		return nil
	}
	switch {
	case x.typ == record.Local:
		return c.zoned(n, record.Timestamp, z, instantsOf, x)
	case x.isUntyped() || x.typ == record.Timestamp:
		return c.zoned(n, record.Local, z, localsOf, c.convert(x, record.Timestamp))
	}
	return c.errorf(n, "AT TIME ZONE wants a timestamp; %s is %v", c.excerpt(n.x), x.typ)
}

// zoned returns a piece whose loop has a clock of the zone, one for each program.
func (c *checker) zoned(n node, t record.Type, z *timezone.Zone, loopOf func(*timezone.Clock) timeLoop, x *typed) *typed {
	result := c.typed(n, t, inClock(z, loopOf), x)
	result.fails = true
	return result
}

func inClock(z *timezone.Zone, loopOf func(*timezone.Clock) timeLoop) builder {
	return func(s site, args []kernel) kernel {
		loop := loopOf(z.NewClock())
		return mapping(loop, whyOutOfRange(loop))(s, args)
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

// zoneLike says which zone is probably meant by a name that is none.
func zoneLike(name string) string {
	const most = 40
	city := "/" + strings.ToLower(strings.ReplaceAll(name, " ", "_"))
	meant := ""
	for _, known := range timezone.Names() {
		if strings.HasSuffix("/"+strings.ToLower(known), city) {
			return fmt.Sprintf("; did you mean %q?", known)
		}
	}
	if len(name) <= most {
		meant = component.Suggest(name, timezone.Names())
	}
	if meant == "" {
		meant = "; zones are named as in the IANA database, such as 'Europe/Berlin', or by an offset, such as '+02:00'"
	}
	return meant
}
