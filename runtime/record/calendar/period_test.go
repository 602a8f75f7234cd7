package calendar

import (
	"testing"
	"time"
)

// TestPeriod walks days, each of which lies in its period and begins it where it should.
func TestPeriod(t *testing.T) {
	for _, p := range []Period{{Days: 1}, {Days: 2}, {Days: 7}, {Days: 21}, {Months: 1}, {Months: 3}, {Months: 7}, {Months: 12}, {Months: 120}} {
		last := p.Number(-800_001)
		for day := int64(-800_000); day < 200_000; day++ {
			number := p.Number(day)
			if first := p.FirstDay(number); first > day || p.FirstDay(number+1) <= day {
				t.Fatalf("%v: day %d lies in period %d, which begins on %d; the next on %d", p, day, number, first, p.FirstDay(number+1))
			}
			if number != last && number != last+1 {
				t.Fatalf("%v: period %d comes after %d", p, number, last)
			}
			if number != last && !beginsAt(p, day) {
				t.Fatalf("%v: a period begins on day %d", p, day)
			}
			last = number
		}
	}
}

// beginsAt says by the standard library whether a day may begin a period.
func beginsAt(p Period, day int64) bool {
	at := time.Unix(day*86_400, 0).UTC()
	switch {
	case p.Months%12 == 0 && p.Months > 0:
		return at.YearDay() == 1
	case p.Months == 3:
		return at.Day() == 1 && at.Month()%3 == 1
	case p.Months > 0:
		return at.Day() == 1
	}
	return p.Days%7 != 0 || at.Weekday() == time.Monday
}

func TestPeriodString(t *testing.T) {
	for p, want := range map[Period]string{{Days: 14}: "14d", {Months: 1}: "1mo", {Months: 18}: "18mo", {Months: 24}: "2y"} {
		if p.String() != want {
			t.Errorf("%v, want %s", p, want)
		}
	}
}
