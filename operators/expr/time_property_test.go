package expr

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
	"github.com/weirstream/weir/runtime/trial"
)

// anyTimes returns times of the whole range, more of them around years that
// people write, and the ends of time.
func anyTimes(random *rand.Rand, n int) []record.Time {
	times := []record.Time{math.MinInt64, math.MinInt64 + 1, -1, 0, 1, math.MaxInt64 - 1, math.MaxInt64}
	for len(times) < n {
		t := random.Int64()
		switch random.IntN(4) {
		case 0:
			t = -t
		case 1:
			t = random.Int64N(400*366*calendar.MicrosPerDay) - 200*366*calendar.MicrosPerDay
		case 2: // a beginning of a day, or next to it
			t = (random.Int64N(400*366)-200*366)*calendar.MicrosPerDay + random.Int64N(3) - 1
		}
		times = append(times, record.Time(t))
	}
	return times
}

// timesOf computes an expression of column t over times; failed are those without
// a value.
func timesOf(t testing.TB, text string, times []record.Time) (values []cell, failed map[int]bool) {
	t.Helper()
	pool := record.NewCheckedPool()
	schema := record.MustSchema(record.Field{Name: "t", Type: record.Timestamp})
	b := pool.NewBatch(schema, len(times))
	c := pool.NewColumn(record.Timestamp, len(times))
	for _, at := range times {
		c.AppendTime(at)
	}
	b.Columns = append(b.Columns, c)
	out, failures := mustCheck(t, text, schema).Compile(pool).Eval(b, nil)
	failed = map[int]bool{}
	for _, f := range failures {
		failed[int(f.Row)] = true
	}
	for i := range times {
		values = append(values, cellAt(out, i))
	}
	out.Release()
	b.Release()
	checkPool(t, pool)
	return values, failed
}

// TestPartsAgainstTheStandardLibrary compares parts of times over the whole range.
func TestPartsAgainstTheStandardLibrary(t *testing.T) {
	trial.Run(t, 5, func(t *trial.Case) {
		times := anyTimes(t.Random, 4000)
		for text, want := range map[string]func(time.Time) int64{
			"EXTRACT(year FROM t)":    func(at time.Time) int64 { return int64(at.Year()) },
			"EXTRACT(quarter FROM t)": func(at time.Time) int64 { return int64(at.Month()-1)/3 + 1 },
			"EXTRACT(month FROM t)":   func(at time.Time) int64 { return int64(at.Month()) },
			"EXTRACT(week FROM t)":    func(at time.Time) int64 { _, week := at.ISOWeek(); return int64(week) },
			"EXTRACT(isoyear FROM t)": func(at time.Time) int64 { year, _ := at.ISOWeek(); return int64(year) },
			"EXTRACT(day FROM t)":     func(at time.Time) int64 { return int64(at.Day()) },
			"EXTRACT(dow FROM t)":     func(at time.Time) int64 { return int64(at.Weekday()) },
			"EXTRACT(isodow FROM t)":  func(at time.Time) int64 { return int64(at.Weekday()+6)%7 + 1 },
			"EXTRACT(doy FROM t)":     func(at time.Time) int64 { return int64(at.YearDay()) },
			"EXTRACT(hour FROM t)":    func(at time.Time) int64 { return int64(at.Hour()) },
			"EXTRACT(minute FROM t)":  func(at time.Time) int64 { return int64(at.Minute()) },
			"EXTRACT(second FROM t)":  func(at time.Time) int64 { return int64(at.Second()) },
			"EXTRACT(millisecond FROM t)": func(at time.Time) int64 {
				return int64(at.Second())*1000 + int64(at.Nanosecond())/1_000_000
			},
			"EXTRACT(microsecond FROM t)": func(at time.Time) int64 {
				return int64(at.Second())*1_000_000 + int64(at.Nanosecond())/1000
			},
		} {
			values, failed := timesOf(t, text, times)
			for i, at := range times {
				if failed[i] || values[i] != want(at.GoTime()) {
					t.Fatalf("%s of %d is %v (failed: %v), want %d", text, at, values[i], failed[i], want(at.GoTime()))
				}
			}
		}
	})
}

// beginning returns the beginning of a unit in the plainest way.
func beginning(unit string, at time.Time) time.Time {
	year, month, day := at.Date()
	date := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	}
	switch unit {
	case "year":
		return date(year, 1, 1)
	case "quarter":
		return date(year, (month-1)/3*3+1, 1)
	case "month":
		return date(year, month, 1)
	case "week":
		return date(year, month, day-int(at.Weekday()+6)%7)
	case "day":
		return date(year, month, day)
	}
	length := map[string]time.Duration{
		"hour": time.Hour, "minute": time.Minute, "second": time.Second, "millisecond": time.Millisecond, "microsecond": time.Microsecond,
	}[unit]
	sinceMidnight := at.Sub(date(year, month, day))
	return at.Add(-(sinceMidnight % length))
}

// micros returns the µs since 1970 as far as there are such times.
func micros(at time.Time) (record.Time, bool) {
	seconds := at.Unix()
	if seconds < math.MinInt64/1_000_000-1 || seconds > math.MaxInt64/1_000_000 {
		return 0, false
	}
	t := at.UnixMicro()
	return record.Time(t), time.UnixMicro(t).Equal(at)
}

// TestTruncationAgainstTheStandardLibrary compares beginnings of units over the
// whole range, those that lie before it included.
func TestTruncationAgainstTheStandardLibrary(t *testing.T) {
	trial.Run(t, 5, func(t *trial.Case) {
		times := anyTimes(t.Random, 4000)
		for _, unit := range calendar.UnitNames() {
			text := "date_trunc('" + unit + "', t)"
			values, failed := timesOf(t, text, times)
			for i, at := range times {
				want, ok := micros(beginning(unit, at.GoTime()))
				if ok == failed[i] || ok && values[i] != want {
					t.Fatalf("%s of %d is %v (failed: %v), want %v, %v", text, at, values[i], failed[i], want, ok)
				}
			}
		}
	})
}

// TestShiftsAgainstTheStandardLibrary adds lengths of time, and compares with
// what Go's calendar says.
func TestShiftsAgainstTheStandardLibrary(t *testing.T) {
	trial.Run(t, 1, func(t *trial.Case) {
		times := anyTimes(t.Random, 4000)
		for text, shifted := range map[string]func(time.Time) time.Time{
			"t + INTERVAL '1' MONTH":       func(at time.Time) time.Time { return plusMonths(at, 1) },
			"t - INTERVAL '1' MONTH":       func(at time.Time) time.Time { return plusMonths(at, -1) },
			"t + INTERVAL '13' MONTH":      func(at time.Time) time.Time { return plusMonths(at, 13) },
			"t + INTERVAL '-4' YEAR":       func(at time.Time) time.Time { return plusMonths(at, -48) },
			"t - INTERVAL '100' YEAR":      func(at time.Time) time.Time { return plusMonths(at, -1200) },
			"t + INTERVAL '250000' YEAR":   func(at time.Time) time.Time { return plusMonths(at, 3_000_000) },
			"t - INTERVAL '3' QUARTER":     func(at time.Time) time.Time { return plusMonths(at, -9) },
			"t + INTERVAL '90' MINUTE":     func(at time.Time) time.Time { return at.Add(90 * time.Minute) },
			"t - INTERVAL '36' HOUR":       func(at time.Time) time.Time { return at.Add(-36 * time.Hour) },
			"t + INTERVAL '1' MICROSECOND": func(at time.Time) time.Time { return at.Add(time.Microsecond) },
			"t + INTERVAL '100000' DAY":    func(at time.Time) time.Time { return at.Add(100_000 * 24 * time.Hour) },
		} {
			values, failed := timesOf(t, text, times)
			for i, at := range times {
				want, ok := micros(shifted(at.GoTime()))
				if ok == failed[i] || ok && values[i] != want {
					t.Fatalf("%s of %d is %v (failed: %v), want %v, %v", text, at, values[i], failed[i], want, ok)
				}
			}
		}
	})
}

func plusMonths(at time.Time, n int) time.Time {
	shifted := at.AddDate(0, n, 0)
	if shifted.Day() != at.Day() { // Go runs on into the month behind
		shifted = shifted.AddDate(0, 0, -shifted.Day())
	}
	return shifted
}

// TestLocalTimes: a time goes to the clock of a zone and comes back, but for one
// that the clock shows a second time; and no beginning of a unit is behind the
// time itself.
func TestLocalTimes(t *testing.T) {
	zones := []string{
		"Europe/Berlin", "America/New_York", "America/Sao_Paulo", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia",
		"Asia/Kathmandu", "+05:30",
	}
	trial.Run(t, len(zones), func(t *trial.Case) {
		zone, times := zones[t.Seed%uint64(len(zones))], anyTimes(t.Random, 4000)
		back, failed := timesOf(t, "t AT TIME ZONE '"+zone+"' AT TIME ZONE '"+zone+"'", times)
		for i, at := range times {
			if failed[i] || back[i] == at {
				continue
			}
			if first := back[i].(record.Time); first > at || first < at-calendar.MicrosPerDay {
				t.Fatalf("%s: %v comes back as %v", zone, at, first)
			}
		}
		for _, unit := range calendar.UnitNames() {
			values, failed := timesOf(t, "date_trunc('"+unit+"', t, '"+zone+"')", times)
			for i, at := range times {
				if !failed[i] && values[i].(record.Time) > at {
					t.Fatalf("%s: the %s of %v begins at %v", zone, unit, at, values[i])
				}
			}
		}
	})
}
