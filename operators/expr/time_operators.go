package expr

import (
	"slices"

	"github.com/weirstream/weir/operators/expr/exact"
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// timeOperators are the overloads of operators, and of abs, for times and lengths of
// time.
var timeOperators = map[string][]kernel.Overload{
	"+": slices.Concat(plus(record.Timestamp), plus(record.Local), []kernel.Overload{
		{Params: []record.Type{record.Interval, record.Interval}, Result: record.Interval, Fails: true, Build: kernel.Combining(exact.Add[int64], asInterval(exact.WhyAdd))},
		{Params: []record.Type{record.Months, record.Months}, Result: record.Months, Fails: true, Build: kernel.Combining(exact.Add[int64], asInterval(exact.WhyAdd))},
	}, datePlus),
	"-": slices.Concat(minusTime(record.Timestamp), minusTime(record.Local), []kernel.Overload{
		{Params: []record.Type{record.Interval, record.Interval}, Result: record.Interval, Fails: true, Build: kernel.Combining(exact.Subtract[int64], asInterval(exact.WhySubtract))},
		{Params: []record.Type{record.Months, record.Months}, Result: record.Months, Fails: true, Build: kernel.Combining(exact.Subtract[int64], asInterval(exact.WhySubtract))},
		{Params: []record.Type{record.Interval}, Result: record.Interval, Fails: true, Build: kernel.Mapping(exact.Negate[int64], whyNegateInterval)},
		{Params: []record.Type{record.Months}, Result: record.Months, Fails: true, Build: kernel.Mapping(exact.Negate[int64], whyNegateInterval)},
	}, dateMinus),
	"*": slices.Concat(times(record.Interval), times(record.Months)),
	"/": {
		{Params: []record.Type{record.Interval, record.Int64}, Result: record.Interval, Fails: true, Build: kernel.Combining(exact.Divide[int64], asInterval(exact.WhyDivide))},
		{Params: []record.Type{record.Months, record.Int64}, Result: record.Months, Fails: true, Build: kernel.Combining(exact.Divide[int64], asInterval(exact.WhyDivide))},
	},
	"abs": {{Params: []record.Type{record.Interval}, Result: record.Interval, Fails: true, Build: kernel.Mapping(exact.Absolute[int64], whyNegateInterval)}},
}

func plus(t record.Type) []kernel.Overload {
	return []kernel.Overload{
		{Params: []record.Type{t, record.Interval}, Result: t, Fails: true, Build: kernel.Combining(exact.Add[int64], whyAddTime)},
		{Params: []record.Type{record.Interval, t}, Result: t, Fails: true, Build: kernel.OnArguments(kernel.Combining(exact.Add[int64], whyAddTime), 1, 0)},
		{Params: []record.Type{t, record.Months}, Result: t, Fails: true, Build: kernel.Combining(addMonths, whyAddMonths)},
		{Params: []record.Type{record.Months, t}, Result: t, Fails: true, Build: kernel.OnArguments(kernel.Combining(addMonths, whyAddMonths), 1, 0)},
	}
}

func minusTime(t record.Type) []kernel.Overload {
	return []kernel.Overload{
		{Params: []record.Type{t, t}, Result: record.Interval, Fails: true, Build: kernel.Combining(exact.Subtract[int64], whySubtractTimes)},
		{Params: []record.Type{t, record.Interval}, Result: t, Fails: true, Build: kernel.Combining(exact.Subtract[int64], whySubtractTime)},
		{Params: []record.Type{t, record.Months}, Result: t, Fails: true, Build: kernel.Combining(subtractMonths, whySubtractMonths)},
	}
}

func times(t record.Type) []kernel.Overload {
	build := kernel.Combining(exact.Multiply, asInterval(exact.WhyMultiply))
	return []kernel.Overload{
		{Params: []record.Type{t, record.Int64}, Result: t, Fails: true, Build: build},
		{Params: []record.Type{record.Int64, t}, Result: t, Fails: true, Build: build},
	}
}
