package component

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/weirstream/weir/runtime/record/calendar"
)

// calendarUnits are what periods of the calendar are written in, and how many of each
// [MaxDuration] is.
var calendarUnits = []struct {
	name string
	unit calendar.Period
	most int64
}{
	{"d", calendar.Period{Days: 1}, maxDays},
	{"w", calendar.Period{Days: 7}, maxDays / 7},
	{"mo", calendar.Period{Months: 1}, 12 * maxDays / 365},
	{"y", calendar.Period{Months: 12}, maxDays / 365},
}

// ParsePeriod reads what [ParseDuration] reads, and a number of months or years: "3mo",
// "1y". Those have no length that is always the same, so fixed is 0. What is written as one
// number of days, weeks, months or years is a period of the calendar as well; of anything
// else that is zero.
func ParsePeriod(text string) (fixed time.Duration, period calendar.Period, err error) {
	period, err = calendarPeriod(text)
	if err != nil || period.Months > 0 {
		return 0, period, err
	}
	if fixed, err = ParseDuration(text); err != nil {
		err = fmt.Errorf("%w, nor a number of months or years such as 1mo or 1y", err)
	}
	return fixed, period, err
}

func calendarPeriod(text string) (calendar.Period, error) {
	for _, u := range calendarUnits {
		number, found := strings.CutSuffix(text, u.name)
		n, err := strconv.ParseInt(number, 10, 64)
		switch {
		case !found || err != nil || n <= 0:
		case n > u.most:
			return calendar.Period{}, fmt.Errorf("%q is longer than %d%s, the longest period", text, u.most, u.name)
		default:
			return calendar.Period{Days: n * u.unit.Days, Months: n * u.unit.Months}, nil
		}
	}
	return calendar.Period{}, nil
}
