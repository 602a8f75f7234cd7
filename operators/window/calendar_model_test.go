package window_test

import (
	"testing"
	"time"

	"github.com/weirstream/weir/operators/window"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
	"github.com/weirstream/weir/runtime/trial"
)

// changes are places and times at which clocks are set, and one at which they are not.
var changes = []struct{ zone, at string }{
	{"America/New_York", "2013-03-10T07:00:00Z"},
	{"America/New_York", "2013-11-03T06:00:00Z"},
	{"Australia/Lord_Howe", "2013-10-05T15:30:00Z"},
	{"America/Sao_Paulo", "2013-10-20T03:00:00Z"},
	{"America/Sao_Paulo", "2013-02-17T02:00:00Z"},
	{"Pacific/Apia", "2011-12-30T10:00:00Z"},
	{"America/St_Johns", "2010-11-07T02:31:00Z"},
	{"UTC", "2012-02-28T00:00:00Z"},
}

func TestCalendarEqualsModel(t *testing.T) {
	trial.Run(t, 16, func(c *trial.Case) {
		random := c.Random
		change := changes[random.IntN(len(changes))]
		at, err := time.Parse(time.RFC3339, change.at)
		if err != nil {
			c.Fatal(err)
		}
		factor := 3600 // a second becomes an hour
		shape := window.Calendar{Zone: zoneOf(change.zone), Period: calendar.Period{Days: []int64{1, 1, 2, 7}[random.IntN(4)]}}
		if random.IntN(3) == 0 {
			factor, shape.Period = 24*3600, calendar.Period{Months: []int64{1, 1, 3, 12}[random.IntN(4)]}
		}
		if random.IntN(3) == 0 {
			shape.Offset = time.Duration(random.IntN(48)-24) * time.Hour / 2
		}
		stretch := time.Duration(factor)
		lateness := seconds(random, 0, 4) * stretch
		origin := record.TimeOf(at.Add(-seconds(random, 0, 30) * stretch))
		s := stretched(random, 1+random.IntN(4), seconds(random, 0, 5), seconds(random, 0, 15), origin, record.Time(factor))
		verifyAligned(c, shape, periodsOf(shape), lateness, random.IntN(2) == 0, s)
	})
}

// periodsOf walks days and minutes, with the standard library's clocks.
func periodsOf(c window.Calendar) holding {
	location, err := time.LoadLocation(c.Zone.String())
	if err != nil {
		panic(err)
	}
	shown := func(t time.Time) time.Time {
		_, offset := t.In(location).Zone()
		return t.UTC().Add(time.Duration(offset) * time.Second)
	}
	first := func(day time.Time) record.Time { // the first minute at which the beginning of a day, or later, is shown
		day = day.Add(c.Offset)
		t := day.Add(-16 * time.Hour)
		for shown(t).Before(day) {
			t = t.Add(time.Minute)
		}
		return record.TimeOf(t)
	}
	return func(t record.Time) []span {
		day := shown(t.GoTime()).Add(-c.Offset).Truncate(24 * time.Hour)
		for !begins(c.Period, day) {
			day = day.AddDate(0, 0, -1)
		}
		for {
			next := day.AddDate(0, 0, 1)
			for !begins(c.Period, next) {
				next = next.AddDate(0, 0, 1)
			}
			if end := first(next); end > t {
				return []span{{first(day), end}}
			}
			day = next
		}
	}
}

func begins(p calendar.Period, day time.Time) bool {
	if p.Months > 0 {
		return day.Day() == 1 && (int64(day.Year()-2000)*12+int64(day.Month())-1)%p.Months == 0
	}
	return int64(day.Sub(time.Date(2000, 1, 3, 0, 0, 0, 0, time.UTC))/(24*time.Hour))%p.Days == 0
}
