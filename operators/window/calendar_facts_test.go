package window

import (
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
	"github.com/weirstream/weir/runtime/record/timezone"
)

var (
	oneDay   = calendar.Period{Days: 1}
	oneWeek  = calendar.Period{Days: 7}
	oneMonth = calendar.Period{Months: 1}
	oneYear  = calendar.Period{Months: 12}
)

// TestCalendarFacts holds windows to bounds that Python's zoneinfo gives: the first minute
// at which datetime.astimezone shows the beginning of a period or a later time.
func TestCalendarFacts(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct {
		zone       string
		period     calendar.Period
		offset     time.Duration
		start, end string
	}{
		{"America/New_York", oneDay, 0, "2013-03-10T05:00:00Z", "2013-03-11T04:00:00Z"},    // 23 h
		{"America/New_York", oneDay, 0, "2013-11-03T04:00:00Z", "2013-11-04T05:00:00Z"},    // 25 h
		{"Australia/Lord_Howe", oneDay, 0, "2013-10-05T13:30:00Z", "2013-10-06T13:00:00Z"}, // 23:30 h
		{"Australia/Lord_Howe", oneDay, 0, "2014-04-05T13:00:00Z", "2014-04-06T13:30:00Z"}, // 24:30 h
		{"America/Sao_Paulo", oneDay, 0, "2013-10-20T03:00:00Z", "2013-10-21T02:00:00Z"},   // there is no midnight
		{"America/Sao_Paulo", oneDay, 0, "2013-02-16T02:00:00Z", "2013-02-17T03:00:00Z"},   // 23:00 comes twice
		{"Asia/Beirut", oneDay, 0, "2013-03-30T22:00:00Z", "2013-03-31T21:00:00Z"},
		{"Asia/Beirut", oneDay, 0, "2013-10-25T21:00:00Z", "2013-10-26T22:00:00Z"},
		{"America/Havana", oneDay, 0, "2013-11-03T04:00:00Z", "2013-11-04T05:00:00Z"},   // midnight comes twice
		{"America/St_Johns", oneDay, 0, "2010-11-06T02:30:00Z", "2010-11-07T02:30:00Z"}, // 00:01 becomes 23:01 of the day before
		{"America/St_Johns", oneDay, 0, "2010-11-07T02:30:00Z", "2010-11-08T03:30:00Z"},
		{"Pacific/Apia", oneDay, 0, "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"},
		{"Pacific/Apia", oneDay, 0, "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"}, // the 31st: there is no 30th
		{"+05:30", oneDay, 0, "2013-06-30T18:30:00Z", "2013-07-01T18:30:00Z"},
		{"America/New_York", oneDay, 6 * time.Hour, "2013-11-02T10:00:00Z", "2013-11-03T11:00:00Z"},
		{"America/New_York", oneDay, 150 * time.Minute, "2013-03-10T07:00:00Z", "2013-03-11T06:30:00Z"}, // 2:30 is left out
		{"UTC", oneWeek, 0, "2013-03-25T00:00:00Z", "2013-04-01T00:00:00Z"},
		{"Europe/Paris", oneWeek, 0, "2013-03-24T23:00:00Z", "2013-03-31T22:00:00Z"},
		{"America/Toronto", oneWeek, -day, "2013-03-10T05:00:00Z", "2013-03-17T04:00:00Z"}, // from Sunday on
		{"America/New_York", calendar.Period{Days: 14}, 0, "2013-10-21T04:00:00Z", "2013-11-04T05:00:00Z"},
		{"UTC", oneMonth, 0, "2012-02-01T00:00:00Z", "2012-03-01T00:00:00Z"},
		{"UTC", oneMonth, 0, "1969-12-01T00:00:00Z", "1970-01-01T00:00:00Z"},
		{"Asia/Kathmandu", oneMonth, 0, "2013-06-30T18:15:00Z", "2013-07-31T18:15:00Z"},
		{"Europe/Paris", oneMonth, 0, "2013-09-30T22:00:00Z", "2013-10-31T23:00:00Z"},
		{"Europe/Paris", oneMonth, 14 * day, "2013-02-14T23:00:00Z", "2013-03-14T23:00:00Z"},
		{"UTC", calendar.Period{Months: 3}, 0, "2013-10-01T00:00:00Z", "2014-01-01T00:00:00Z"},
		{"Europe/Paris", oneYear, 0, "2012-12-31T23:00:00Z", "2013-12-31T23:00:00Z"},
		{"Europe/Berlin", calendar.Period{Months: 120}, 0, "2019-12-31T23:00:00Z", "2029-12-31T23:00:00Z"},
	} {
		zone, err := timezone.Load(test.zone)
		if err != nil {
			t.Fatal(err)
		}
		g := Calendar{Period: test.period, Zone: zone, Offset: test.offset}.grid(0)
		start, end := instantOf(t, test.start), instantOf(t, test.end)
		for _, at := range []int64{start, start + 1, start + (end-start)/2, end - 1} {
			if k, from, until := g.at(at); from != start || until != end-1 || g.start(k) != start || g.end(k) != end {
				t.Errorf("%s, %v, offset %v: %v is in [%v, %v], want [%s, %s)", test.zone, test.period, test.offset, record.Time(at),
					record.Time(from), record.Time(until), test.start, test.end)
			}
		}
		k, _, _ := g.at(start)
		next, _, _ := g.at(end) // k + 2 where clocks leave out a whole period
		if g.due(end) != next-1 || g.due(end-1) >= k {
			t.Errorf("%s, %v: of windows %d and %d, %d is due at %s, and %d before", test.zone, test.period, k, next, g.due(end), test.end,
				g.due(end-1))
		}
	}
}

func instantOf(t *testing.T, text string) int64 {
	t.Helper()
	at, err := record.ParseTime([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return int64(at)
}
