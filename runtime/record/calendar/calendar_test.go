package calendar

import (
	"math"
	"testing"
	"time"
)

// TestAgainstTheStandardLibrary walks all days of eras around year 0, 1970 and
// 2400, and days far off.
func TestAgainstTheStandardLibrary(t *testing.T) {
	check := func(days int64) {
		at := time.Unix(days*86_400, 0).UTC()
		year, month, day := Date(days)
		if y, m, d := at.Date(); y != int(year) || m != time.Month(month) || d != int(day) {
			t.Fatalf("day %d is %d-%d-%d, want %s", days, year, month, day, at)
		}
		if back := Days(year, month, day); back != days {
			t.Fatalf("%s is day %d, want %d", at, back, days)
		}
		if w := Weekday(days); w != int64(at.Weekday()) {
			t.Fatalf("%s has weekday %d, want %d", at, w, at.Weekday())
		}
		year, week := Week(days)
		if y, w := at.ISOWeek(); y != int(year) || w != int(week) {
			t.Fatalf("%s lies in %d-W%d, want %d-W%d", at, year, week, y, w)
		}
	}
	for days := int64(-800_000); days < 200_000; days++ {
		check(days)
	}
	for days := int64(math.MinInt32); days <= math.MaxInt32; days += 9973 {
		check(days)
	}
	check(math.MaxInt32)
}

func TestDaysIn(t *testing.T) {
	for year := int64(-5); year < 2101; year++ {
		for month := int64(1); month <= 12; month++ {
			next := time.Date(int(year), time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC)
			if n := DaysIn(year, month); n != int64(next.Day()) {
				t.Fatalf("%d-%d has %d days, want %d", year, month, n, next.Day())
			}
		}
	}
}

func BenchmarkDate(b *testing.B) {
	var days int64
	for b.Loop() {
		Date(days)
		days = (days + 7919) & 0x3fff
	}
}
