package compile

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record/calendar"
	"github.com/weirstream/weir/runtime/record/timezone"
)

// duration returns the value of a key that takes a duration, or its default.
func (s section) duration(key string) time.Duration {
	fallback, _ := component.ParseDuration(s.spec.Field(key).Default)
	n := s.scalar(key)
	if n == nil {
		return fallback
	}
	d, _, err := s.spec.Field(key).ParseDuration(n.Text)
	if err != nil {
		s.problem(n.At(), key, "%v", err)
		return fallback
	}
	return d
}

// durationOr is duration for a key that may hold a word in the place of one.
func (s section) durationOr(key string) (d time.Duration, word bool) {
	n := s.scalar(key)
	if n == nil {
		return 0, false
	}
	d, text, err := s.spec.Field(key).ParseDuration(n.Text)
	if err != nil {
		s.problem(n.At(), key, "%v", err)
	}
	return d, text != ""
}

// period returns the value of a key that takes a period, as [component.ParsePeriod] does.
func (s section) period(key string) (fixed time.Duration, period calendar.Period) {
	n := s.scalar(key)
	if n == nil {
		return 0, calendar.Period{}
	}
	fixed, period, err := component.ParsePeriod(n.Text)
	if err != nil {
		s.problem(n.At(), key, "%v", err)
	}
	return fixed, period
}

// zone returns the time zone that a key names, UTC where it is missing, or nil after a
// problem.
func (s section) zone(key string) (z *timezone.Zone, named bool) {
	name := "UTC"
	n := s.scalar(key)
	if n != nil {
		name = n.Text
	}
	z, err := timezone.Load(name)
	if err != nil {
		s.problem(n.At(), key, "%v%s", err, component.SuggestZone(name))
	}
	return z, n != nil
}

// integer returns the value of a key that takes a whole number, or its default.
func (s section) integer(key string) int {
	field := s.spec.Field(key)
	fallback, _ := strconv.Atoi(field.Default)
	n := s.scalar(key)
	if n == nil {
		return fallback
	}
	v, err := field.ParseInt(n.Text)
	if err != nil {
		s.problem(n.At(), key, "%v", err)
		return fallback
	}
	return int(v)
}

// option returns the place of a key's value among its options, or 0, which is
// the default.
func (s section) option(key string) int {
	n := s.scalar(key)
	if n == nil {
		return 0
	}
	options := s.spec.Field(key).Options
	i := slices.Index(options, n.Text)
	if i < 0 {
		s.problem(n.At(), key, "%q is not one of %s%s", n.Text, strings.Join(options, ", "), component.Suggest(n.Text, options))
		return 0
	}
	return i
}
