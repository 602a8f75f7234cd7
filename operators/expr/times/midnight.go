package times

import (
	"fmt"
	"math"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// A date is the days since 1970-01-01; as a timestamp it is its midnight in UTC.

// Days whose midnights are timestamps.
const (
	firstDay = math.MinInt64 / calendar.MicrosPerDay
	lastDay  = math.MaxInt64 / calendar.MicrosPerDay
)

// Midnight returns the beginning of a day as a timestamp, or why there is none.
func Midnight(day int32) (record.Time, error) {
	if err := whyNotTime(day); err != nil {
		return 0, err
	}
	return record.Time(int64(day) * calendar.MicrosPerDay), nil
}

func whyNotTime(day int32) error {
	if int64(day) >= firstDay && int64(day) <= lastDay {
		return nil
	}
	return fmt.Errorf("%s is out of range of timestamp", record.AppendDate(nil, day))
}

func timesOfDates(to []int64, from []int32) bool {
	from = from[:len(to)]
	suspect := false
	for i, day := range from {
		suspect = suspect || int64(day) < firstDay || int64(day) > lastDay
		to[i] = int64(day) * calendar.MicrosPerDay
	}
	return suspect
}

// datesOfTimes gives the days in which timestamps lie.
func datesOfTimes(to []int32, from []int64) bool {
	from = from[:len(to)]
	for i, t := range from {
		to[i] = int32(t/calendar.MicrosPerDay + t%calendar.MicrosPerDay>>63) // rounded down
	}
	return false
}
