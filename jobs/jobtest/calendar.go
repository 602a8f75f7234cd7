package jobtest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/weirstream/weir/runtime/record"
)

// dates are places where a day begins at a time that is not 24 hours after the one before,
// or not at midnight, or where a year begins.
var dates = []struct{ zone, at string }{
	{"America/New_York", "2013-03-11T04:00:00Z"},
	{"America/New_York", "2013-11-04T05:00:00Z"},
	{"America/Sao_Paulo", "2013-10-20T03:00:00Z"}, // at 01:00
	{"America/St_Johns", "2010-11-07T02:31:00Z"},  // clocks go back into the day before
	{"Pacific/Apia", "2011-12-30T10:00:00Z"},      // two days later
	{"", "2012-03-01T00:00:00Z"},
	{"", "2013-01-01T00:00:00Z"},
	{"", "1970-01-01T00:00:00Z"},
}

// periods are what windows of the calendar are called, and whether a day begins one.
var periods = []struct {
	text   string
	begins func(day time.Time) bool
}{
	{"1d", func(time.Time) bool { return true }},
	{"1w", func(day time.Time) bool { return day.Weekday() == time.Monday }},
	{"1mo", func(day time.Time) bool { return day.Day() == 1 }},
	{"3mo", func(day time.Time) bool { return day.Day() == 1 && day.Month()%3 == 1 }},
	{"1y", func(day time.Time) bool { return day.YearDay() == 1 }},
}

// calendar is windows that are periods of the calendar. Its model walks days and minutes.
type calendar struct {
	text, zone string // zone "" is not written
	begins     func(day time.Time) bool
	location   *time.Location
	known      []span
}

// span is the bounds of a window.
type span struct{ start, end record.Time }

// maybeCalendar makes the windows of one scenario in four periods of the calendar.
func (in *input) maybeCalendar() {
	if in.random.IntN(4) == 0 {
		in.window = window{lateness: in.window.lateness}
		in.window.calendar, in.origin = drawCalendar(in.random)
	}
}

// drawCalendar draws windows, and a time shortly before one begins.
func drawCalendar(random *rand.Rand) (c *calendar, origin record.Time) {
	date := dates[random.IntN(len(dates))]
	period := periods[random.IntN(len(periods))]
	if date.zone == "" {
		period = periods[2+random.IntN(3)] // others have a fixed length without a zone
	}
	location, err := time.LoadLocation(date.zone)
	at, wrong := time.Parse(time.RFC3339, date.at)
	if err != nil || wrong != nil {
		panic(fmt.Sprint(err, wrong))
	}
	c = &calendar{text: period.text, zone: date.zone, begins: period.begins, location: location}
	return c, record.TimeOf(at) - record.Time(random.Int64N(60))*second
}

func (c *calendar) yaml() string {
	if c.zone == "" {
		return "tumble: " + c.text
	}
	return fmt.Sprintf("tumble: %s, zone: %s", c.text, c.zone)
}

// holding returns the window that holds a time.
func (c *calendar) holding(at record.Time) span {
	for _, s := range c.known {
		if s.start <= at && at < s.end {
			return s
		}
	}
	day := c.shown(at.GoTime()).Truncate(24 * time.Hour)
	for !c.begins(day) {
		day = day.AddDate(0, 0, -1)
	}
	for {
		next := day.AddDate(0, 0, 1)
		for !c.begins(next) {
			next = next.AddDate(0, 0, 1)
		}
		if end := c.first(next); end > at {
			s := span{c.first(day), end}
			c.known = append(c.known, s)
			return s
		}
		day = next
	}
}

// shown returns what clocks show, as if it were UTC.
func (c *calendar) shown(t time.Time) time.Time {
	_, offset := t.In(c.location).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// first returns the first minute at which clocks show the beginning of a day, or later.
func (c *calendar) first(day time.Time) record.Time {
	t := day.Add(-16 * time.Hour)
	for c.shown(t).Before(day) {
		t = t.Add(time.Minute)
	}
	return record.TimeOf(t)
}
