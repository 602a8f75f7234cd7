package timezone

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
)

func load(t testing.TB, name string) *Zone {
	t.Helper()
	z, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func instant(t testing.TB, text string) record.Time {
	t.Helper()
	at, err := record.ParseTime([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestFacts holds the database and both directions to what is known of some
// clocks. Local times are written as if they were UTC.
func TestFacts(t *testing.T) {
	for _, test := range []struct{ zone, local, at string }{
		{"UTC", "2013-07-01T12:00:00Z", "2013-07-01T12:00:00Z"},
		{"+05:30", "2013-07-01T12:00:00Z", "2013-07-01T06:30:00Z"},
		{"-08:00", "2013-07-01T12:00:00Z", "2013-07-01T20:00:00Z"},
		{"Europe/Berlin", "2013-01-01T12:00:00Z", "2013-01-01T11:00:00Z"},
		{"Europe/Berlin", "2013-07-01T12:00:00Z", "2013-07-01T10:00:00Z"},
		{"Europe/Berlin", "2500-07-01T12:00:00Z", "2500-07-01T10:00:00Z"},       // by the rule of today
		{"Europe/Berlin", "1880-07-01T12:00:00Z", "1880-07-01T11:06:32Z"},       // by the sun
		{"America/New_York", "2013-03-10T01:59:59Z", "2013-03-10T06:59:59Z"},    // the last second of winter
		{"America/New_York", "2013-03-10T03:00:00Z", "2013-03-10T07:00:00Z"},    // the first of summer
		{"America/New_York", "2013-11-03T01:59:59Z", "2013-11-03T05:59:59Z"},    // shown again an hour later
		{"America/New_York", "2013-11-03T02:00:00Z", "2013-11-03T07:00:00Z"},    // the first that is not shown twice
		{"Asia/Kathmandu", "2013-07-01T12:00:00Z", "2013-07-01T06:15:00Z"},      // 5:45
		{"Australia/Lord_Howe", "2013-12-01T12:00:00Z", "2013-12-01T01:00:00Z"}, // summer is half an hour
		{"Pacific/Apia", "2011-12-29T23:59:59Z", "2011-12-30T09:59:59Z"},        // there is no 30 December
		{"Pacific/Apia", "2011-12-31T00:00:00Z", "2011-12-30T10:00:00Z"},
	} {
		c := load(t, test.zone).NewClock()
		local, at := instant(t, test.local), instant(t, test.at)
		if got := local - record.Time(c.LocalOffset(local)); got != at {
			t.Errorf("%s: %s is %v, want %v", test.zone, test.local, got, at)
		}
		if got := at + record.Time(c.Offset(at)); got != local {
			t.Errorf("%s: %s is shown as %v, want %v", test.zone, test.at, got, local)
		}
	}
}

// TestTimesThatClocksDoNotShow are read as if the clock had not been set forward.
func TestTimesThatClocksDoNotShow(t *testing.T) {
	for _, test := range []struct{ zone, local, at string }{
		{"Europe/Berlin", "2013-03-31T02:00:00Z", "2013-03-31T01:00:00Z"},
		{"Europe/Berlin", "2013-03-31T02:30:00Z", "2013-03-31T01:30:00Z"},
		{"America/Sao_Paulo", "2013-10-20T00:00:00Z", "2013-10-20T03:00:00Z"}, // a midnight
		{"Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T22:00:00Z"},      // a day
	} {
		local := instant(t, test.local)
		c := load(t, test.zone).NewClock()
		if got := local - record.Time(c.LocalOffset(local)); got != instant(t, test.at) {
			t.Errorf("%s: %s is %v, want %s", test.zone, test.local, got, test.at)
		}
	}
}

// TestEveryZone compares offsets with the standard library's and local times
// with a search over all instants that might be meant, around every change and
// at random times.
func TestEveryZone(t *testing.T) {
	trial.Run(t, len(Names()), func(t *trial.Case) {
		random, name := t.Random, Names()[t.Seed%uint64(len(Names()))]
		z := load(t, name)
		c := z.NewClock()
		var times []record.Time
		for _, s := range z.spans {
			for range 4 {
				times = append(times, s.start+record.Time(random.Int64N(2*mostOffset)-mostOffset))
			}
			times = append(times, s.start, s.start-1)
		}
		for range 50 {
			times = append(times, record.Time(random.Int64()))
		}
		for _, at := range times {
			if at < math.MinInt64+4*mostOffset || at > math.MaxInt64-4*mostOffset {
				continue
			}
			if _, offset := at.GoTime().In(z.location).Zone(); c.Offset(at) != int64(offset)*1_000_000 {
				t.Fatalf("%s: the offset at %d is %d µs, want %d s", name, at, c.Offset(at), offset)
			}
			if got, want := c.LocalOffset(at), searched(z, at); got != want {
				t.Fatalf("%s: the offset at local time %v is %d, want %d", name, at, got, want)
			}
			checkFirst(t, z, at, c.First(at))
			if got, want := c.Times(at), z.shown(at); got != want {
				t.Fatalf("%s: local time %v is shown %d times, want %d", name, at, got, want)
			}
		}
	})
}

// checkFirst makes sure that the clock of a zone shows a time or a later one at first, and
// not before. Between two changes it runs on, so the last instant before each will do.
func checkFirst(t *trial.Case, z *Zone, local, first record.Time) {
	t.Helper()
	shown := func(at record.Time) record.Time {
		_, offset := at.GoTime().In(z.location).Zone()
		return at + record.Time(offset)*1_000_000
	}
	if shown(first) < local || shown(first-1) >= local {
		t.Fatalf("%s: %v is said to be shown first at %v, when %v is, and %v before", z, local, first, shown(first), shown(first-1))
	}
	for at := local - mostOffset; at < first; at = z.lookUp(at).end {
		if end := min(first, z.lookUp(at).end); shown(end-1) >= local {
			t.Fatalf("%s: %v is said to be shown first at %v, and %v is at %v", z, local, first, shown(end-1), end-1)
		}
	}
}

// searched returns the offset of the first instant that is shown as local or,
// where there is none, the offset before the change that leaves local out.
func searched(z *Zone, local record.Time) int64 {
	offsetAt := func(t record.Time) record.Time {
		_, offset := t.GoTime().In(z.location).Zone()
		return record.Time(offset) * 1_000_000
	}
	first, previous := record.Time(math.MaxInt64), offsetAt(local-mostOffset)
	gap := previous
	for t := local - mostOffset; t <= local+mostOffset; {
		offset := offsetAt(t)
		if offsetAt(local-offset) == offset {
			first = min(first, local-offset)
		}
		if offset > previous && local >= t+previous && local < t+offset {
			gap = previous
		}
		previous = offset
		end := z.lookUp(t).end
		if end == math.MaxInt64 {
			break
		}
		t = end
	}
	if first == math.MaxInt64 {
		return int64(gap)
	}
	return int64(local - first)
}

// shown counts the instants that a clock shows as local, among those of all offsets that
// the zone has around then.
func (z *Zone) shown(local record.Time) int {
	instants := map[record.Time]bool{}
	for t := local - mostOffset; t <= local+mostOffset; t = z.lookUp(t).end {
		at := local - z.lookUp(t).offset
		if z.lookUp(at).offset == local-at {
			instants[at] = true
		}
		if z.lookUp(t).end == math.MaxInt64 {
			break
		}
	}
	return len(instants)
}

func TestEndsOfTime(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "-12:00", "+14:00"} {
		c := load(t, name).NewClock()
		for _, at := range []record.Time{math.MinInt64, math.MinInt64 + 1, 0, math.MaxInt64 - 1, math.MaxInt64} {
			if c.Offset(at) > mostOffset || c.LocalOffset(at) > mostOffset {
				t.Errorf("%s at %d", name, at)
			}
			if first := c.First(at); less(first, at) > mostOffset || less(at, first) > mostOffset {
				t.Errorf("%s shows %d first at %d", name, at, first)
			}
		}
	}
}

func TestNames(t *testing.T) {
	if n := len(Names()); n < 500 {
		t.Errorf("the database has %d zones", n)
	}
	for _, name := range []string{"", "Europe/Berlni", "europe/berlin", "Local", "../UTC", "Europe/", "+5", "Europe"} {
		if z, err := Load(name); err == nil {
			t.Errorf("%q is %v", name, z)
		}
	}
}

func BenchmarkOffset(b *testing.B) {
	c := load(b, "Europe/Berlin").NewClock()
	year := record.TimeOf(time.Date(2013, 1, 1, 0, 0, 0, 0, time.UTC))
	random := rand.New(rand.NewPCG(6, 6))
	for name, step := range map[string]func() record.Time{
		"ascending": func() record.Time { return 1_000_000 },
		"random":    func() record.Time { return record.Time(random.Int64N(20*365*86_400_000_000)) - at0 },
	} {
		b.Run(name, func(b *testing.B) {
			t := year
			for b.Loop() {
				if t += step(); name == "random" {
					t = year + step()
				}
				c.Offset(t)
				c.LocalOffset(t)
			}
		})
	}
}

const at0 = 10 * 365 * 86_400_000_000
