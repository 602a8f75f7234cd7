package component

import (
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record/calendar"
)

func TestParsePeriod(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct {
		text   string
		fixed  time.Duration
		period calendar.Period
		err    string
	}{
		{"1d", day, calendar.Period{Days: 1}, ""},
		{"2w", 14 * day, calendar.Period{Days: 14}, ""},
		{"1mo", 0, calendar.Period{Months: 1}, ""},
		{"3mo", 0, calendar.Period{Months: 3}, ""},
		{"1y", 0, calendar.Period{Months: 12}, ""},
		{"100y", 0, calendar.Period{Months: 1200}, ""},
		{"24h", day, calendar.Period{}, ""},
		{"1d12h", 36 * time.Hour, calendar.Period{}, ""},
		{"1w1d", 8 * day, calendar.Period{}, ""},
		{"1m", time.Minute, calendar.Period{}, ""},
		{"0d", 0, calendar.Period{}, ""},
		{"0", 0, calendar.Period{}, ""},
		{"0mo", 0, calendar.Period{}, "nor a number of months or years such as 1mo or 1y"},
		{"-1mo", 0, calendar.Period{}, "nor a number of months or years"},
		{"1y6mo", 0, calendar.Period{}, "nor a number of months or years"},
		{"1M", 0, calendar.Period{}, "nor a number of months or years"},
		{"", 0, calendar.Period{}, "is not a duration"},
		{"101y", 0, calendar.Period{}, `"101y" is longer than 100y, the longest period`},
		{"1201mo", 0, calendar.Period{}, `"1201mo" is longer than 1200mo`},
		{"36501d", 0, calendar.Period{}, `"36501d" is longer than 36500d`},
		{"9999999999999999999d", 0, calendar.Period{}, "is not a duration"},
	} {
		fixed, period, err := ParsePeriod(test.text)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%q: %v, want %s", test.text, err, test.err)
			}
			continue
		}
		if err != nil || fixed != test.fixed || period != test.period {
			t.Errorf("%q is %v, %v, %v; want %v, %v", test.text, fixed, period, err, test.fixed, test.period)
		}
	}
}

// TestMonthsAreNoDurations says so, rather than that nothing is known of them.
func TestMonthsAreNoDurations(t *testing.T) {
	for _, text := range []string{"1mo", "3mo", "1y", "200y"} {
		if _, err := ParseDuration(text); err == nil || !strings.Contains(err.Error(), "months and years differ in length") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
