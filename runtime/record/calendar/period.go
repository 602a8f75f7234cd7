package calendar

import (
	"fmt"

	"github.com/weirstream/weir/runtime/ints"
)

// What several units at a time are counted from, so that they begin where the calendar has
// them: a Monday, and the January of a year that many numbers divide. It is what
// time_bucket of other databases counts from as well.
const (
	AnchorDay   = 10_959    // 2000-01-03
	AnchorMonth = 2000 * 12 // January 2000, as [Month] counts
)

// Period is a length of so many days or of so many months; the other number is 0. Periods
// of one length lie one behind the other, by number: 0 begins with [AnchorDay] or
// [AnchorMonth].
type Period struct{ Days, Months int64 }

// Number returns the number of the period in which a day lies.
func (p Period) Number(day int64) (number int64) {
	if p.Months > 0 {
		number, _ = ints.FloorDiv(Month(day)-AnchorMonth, p.Months)
		return number
	}
	number, _ = ints.FloorDiv(day-AnchorDay, p.Days)
	return number
}

// FirstDay returns the day with which a period begins.
func (p Period) FirstDay(number int64) (day int64) {
	if p.Months > 0 {
		return FirstOfMonth(AnchorMonth + number*p.Months)
	}
	return AnchorDay + number*p.Days
}

// String returns the shortest of "2d", "3mo" and "1y".
func (p Period) String() string {
	switch {
	case p.Months == 0:
		return fmt.Sprintf("%dd", p.Days)
	case p.Months%12 == 0:
		return fmt.Sprintf("%dy", p.Months/12)
	}
	return fmt.Sprintf("%dmo", p.Months)
}
