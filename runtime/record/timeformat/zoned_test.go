package timeformat_test

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/timeformat"
)

func TestZonedReader(t *testing.T) {
	for _, test := range []struct{ zone, text, want string }{
		{"Europe/Paris", "2021-01-07 14:00", "2021-01-07T13:00:00Z"},
		{"Europe/Paris", "2021-07-07 14:00", "2021-07-07T12:00:00Z"},
		{"Europe/Paris", "2021-10-31 02:30", "2021-10-31T00:30:00Z"}, // twice: the first
		{"Europe/Paris", "2021-10-31 03:00", "2021-10-31T02:00:00Z"},
		{"Europe/Paris", "2021-03-28 02:30", "2021-03-28T01:30:00Z"}, // left out: shown as 03:30
		{"America/New_York", "2021-11-07 01:15", "2021-11-07T05:15:00Z"},
		{"America/Sao_Paulo", "2018-11-04 00:30", "2018-11-04T03:30:00Z"}, // left out: shown as 01:30
		{"Australia/Lord_Howe", "2021-04-04 01:45", "2021-04-03T14:45:00Z"},
		{"Pacific/Apia", "2011-12-30 12:00", "2011-12-30T22:00:00Z"}, // a day that was left out
		{"+05:30", "2021-01-07 14:00", "2021-01-07T08:30:00Z"},
	} {
		read, err := timeformat.Reader("%Y-%m-%d %H:%M', zone: '" + test.zone)
		if err != nil {
			t.Fatal(err)
		}
		written := []byte(test.text)
		got, err := read(written)
		if text := string(record.AppendTime(nil, record.Time(got))); err != nil || text != test.want {
			t.Errorf("%s in %s: %s, %v, want %s", test.text, test.zone, text, err, test.want)
		}
		if n := testing.AllocsPerRun(10, func() { read(written) }); n > 0 {
			t.Errorf("%s in %s: %v allocations", test.text, test.zone, n)
		}
	}
	for _, test := range []struct{ zone, text, why string }{
		{"Europe/Paris", "2021-10-31 02:30", "show twice"}, {"Europe/Paris", "2021-03-28 02:30", "leave out"},
		{"Europe/Paris", "2021-10-31 01:59", ""}, {"Europe/Paris", "2021-10-31 03:00", ""}, {"Europe/Paris", "2021-03-28 01:59", ""},
		{"Europe/Paris", "2021-03-28 03:00", ""}, {"Europe/Paris", "2021-07-07 02:30", ""}, {"Europe/Paris", "2021-10-31 02:00", "show twice"},
		{"America/New_York", "2021-11-07 01:30", "show twice"}, {"America/New_York", "2021-03-14 02:30", "leave out"},
		{"America/New_York", "2021-11-07 00:59", ""}, {"America/New_York", "2021-11-07 02:00", ""},
		{"Australia/Lord_Howe", "2021-04-04 01:45", "show twice"}, {"Pacific/Apia", "2011-12-30 12:00", "leave out"},
	} {
		read, err := timeformat.Reader("%Y-%m-%d %H:%M', zone: '" + test.zone + "', strict: true")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := read([]byte(test.text)); (err == nil) != (test.why == "") || err != nil && !strings.Contains(err.Error(), test.why) {
			t.Errorf("%s in %s: %v, want %q", test.text, test.zone, err, test.why)
		}
	}
	for declared, why := range map[string]string{
		"%Y-%m-%d', 'Europe/Paris":            "zone: 'Europe/Paris'",
		"%Y-%m-%d', zone: 'Mars/Base":         "no time zone",
		"%Y-%m-%d %z', zone: 'Europe/Paris":   "offset",
		"%Y-%m', zone: 'Europe/Paris":         "which day",
		"%Y-%m-%d', zone: 'Europe/Paris', 'x": "no zone",
	} {
		if _, err := timeformat.Reader(declared); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want %q", declared, err, why)
		}
	}
}
