package expr

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/timeformat"
)

func readTime(text []byte) (int64, error) {
	t, err := timeformat.ReadSQL(text)
	return int64(t), err
}

func writeLocal(to []byte, c *record.Column, i int) ([]byte, error) {
	to = record.AppendTime(to, record.Time(c.Int64s()[i]))
	return to[:len(to)-len("Z")], nil
}

func writeInterval(to []byte, c *record.Column, i int) ([]byte, error) {
	return appendInterval(to, c.Int64s()[i]), nil
}

func writeMonths(to []byte, c *record.Column, i int) ([]byte, error) {
	return appendMonths(to, c.Int64s()[i]), nil
}

// timeCasts are the casts from and to times and dates, and of lengths of time.
var timeCasts = []castRule{
	{from: record.KindDate, to: record.KindTimestamp, fails: true, build: mapping(timesOfDates, whyNotTime)},
	{from: record.KindTimestamp, to: record.KindDate, build: mapping(datesOfTimes, nil)},
	{from: record.KindLocal, to: record.KindDate, build: mapping(datesOfTimes, nil)},
	{from: record.KindString, to: record.KindTimestamp, fails: true, build: reading(readTime, storeFixed)},
	{from: record.KindString, to: record.KindDate, fails: true, build: reading(record.ParseDate, storeFixed)},
	{from: record.KindLocal, to: record.KindString, build: writing(writeLocal)},
	{from: record.KindInterval, to: record.KindString, build: writing(writeInterval)},
	{from: record.KindMonths, to: record.KindString, build: writing(writeMonths)},
}
