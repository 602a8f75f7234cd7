package expr

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// timeOperators are the overloads of operators, and of abs, for times and lengths of
// time.
var timeOperators = map[string][]overload{
	"+": slices.Concat(plus(record.Timestamp), plus(record.Local), []overload{
		{params: []record.Type{record.Interval, record.Interval}, result: record.Interval, fails: true, build: combining(addInts[int64], asInterval(whyAdd))},
		{params: []record.Type{record.Months, record.Months}, result: record.Months, fails: true, build: combining(addInts[int64], asInterval(whyAdd))},
	}, datePlus),
	"-": slices.Concat(minusTime(record.Timestamp), minusTime(record.Local), []overload{
		{params: []record.Type{record.Interval, record.Interval}, result: record.Interval, fails: true, build: combining(subtractInts[int64], asInterval(whySubtract))},
		{params: []record.Type{record.Months, record.Months}, result: record.Months, fails: true, build: combining(subtractInts[int64], asInterval(whySubtract))},
		{params: []record.Type{record.Interval}, result: record.Interval, fails: true, build: mapping(negateInts[int64], whyNegateInterval)},
		{params: []record.Type{record.Months}, result: record.Months, fails: true, build: mapping(negateInts[int64], whyNegateInterval)},
	}, dateMinus),
	"*": slices.Concat(times(record.Interval), times(record.Months)),
	"/": {
		{params: []record.Type{record.Interval, record.Int64}, result: record.Interval, fails: true, build: combining(divideInts[int64], asInterval(whyDivide))},
		{params: []record.Type{record.Months, record.Int64}, result: record.Months, fails: true, build: combining(divideInts[int64], asInterval(whyDivide))},
	},
	"abs": {{params: []record.Type{record.Interval}, result: record.Interval, fails: true, build: mapping(absoluteInts[int64], whyNegateInterval)}},
}

func plus(t record.Type) []overload {
	return []overload{
		{params: []record.Type{t, record.Interval}, result: t, fails: true, build: combining(addInts[int64], whyAddTime)},
		{params: []record.Type{record.Interval, t}, result: t, fails: true, build: onArguments(combining(addInts[int64], whyAddTime), 1, 0)},
		{params: []record.Type{t, record.Months}, result: t, fails: true, build: combining(addMonths, whyAddMonths)},
		{params: []record.Type{record.Months, t}, result: t, fails: true, build: onArguments(combining(addMonths, whyAddMonths), 1, 0)},
	}
}

func minusTime(t record.Type) []overload {
	return []overload{
		{params: []record.Type{t, t}, result: record.Interval, fails: true, build: combining(subtractInts[int64], whySubtractTimes)},
		{params: []record.Type{t, record.Interval}, result: t, fails: true, build: combining(subtractInts[int64], whySubtractTime)},
		{params: []record.Type{t, record.Months}, result: t, fails: true, build: combining(subtractMonths, whySubtractMonths)},
	}
}

func times(t record.Type) []overload {
	build := combining(multiplyInts, asInterval(whyMultiply))
	return []overload{
		{params: []record.Type{t, record.Int64}, result: t, fails: true, build: build},
		{params: []record.Type{record.Int64, t}, result: t, fails: true, build: build},
	}
}
