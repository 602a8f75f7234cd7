package times

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/timeformat"
)

// casts are the casts from and to times and dates, and of lengths of time.
var casts = []kernel.Cast{
	{From: record.KindDate, To: record.KindTimestamp, Fails: true, Build: kernel.Mapping(timesOfDates, whyNotTime)},
	{From: record.KindTimestamp, To: record.KindDate, Build: kernel.Mapping(datesOfTimes, nil)},
	{From: record.KindLocal, To: record.KindDate, Build: kernel.Mapping(datesOfTimes, nil)},
	{From: record.KindString, To: record.KindTimestamp, Fails: true, Build: kernel.Reading(readTime, kernel.StoreFixed)},
	{From: record.KindString, To: record.KindDate, Fails: true, Build: kernel.Reading(record.ParseDate, kernel.StoreFixed)},
	{From: record.KindLocal, To: record.KindString, Build: kernel.Writing(writeLocal)},
	{From: record.KindInterval, To: record.KindString, Build: kernel.Writing(writeInterval)},
	{From: record.KindMonths, To: record.KindString, Build: kernel.Writing(writeMonths)},
}

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
