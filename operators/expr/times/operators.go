package times

import (
	"slices"

	"github.com/weirstream/weir/operators/expr/exact"
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// overloads are the overloads of operators, and of abs, for times and lengths of
// time.
var overloads = map[string][]kernel.Overload{
	"+": slices.Concat(later(record.Timestamp), later(record.Local), ofLengths(sum), datePlus),
	"-": slices.Concat(earlier(record.Timestamp), earlier(record.Local), ofLengths(difference), ofLengths(negative), dateMinus),
	"*": slices.Concat(multiples(record.Interval), multiples(record.Months)),
	"/": ofLengths(quotient),
	"abs": {
		{Params: types{record.Interval}, Result: record.Interval, Fails: true, Build: kernel.Mapping(exact.Absolute[int64], whyNegateInterval)},
	},
}

// later are the sums of a time and a length of time.
func later(t record.Type) []kernel.Overload {
	plus, plusMonths := kernel.Combining(exact.Add[int64], whyAddTime), kernel.Combining(addMonths, whyAddMonths)
	return []kernel.Overload{
		{Params: types{t, record.Interval}, Result: t, Fails: true, Build: plus},
		{Params: types{record.Interval, t}, Result: t, Fails: true, Build: kernel.OnArguments(plus, 1, 0)},
		{Params: types{t, record.Months}, Result: t, Fails: true, Build: plusMonths},
		{Params: types{record.Months, t}, Result: t, Fails: true, Build: kernel.OnArguments(plusMonths, 1, 0)},
	}
}

// earlier are the differences of times, and of a time and a length of time.
func earlier(t record.Type) []kernel.Overload {
	return []kernel.Overload{
		{Params: types{t, t}, Result: record.Interval, Fails: true, Build: kernel.Combining(exact.Subtract[int64], whySubtractTimes)},
		{Params: types{t, record.Interval}, Result: t, Fails: true, Build: kernel.Combining(exact.Subtract[int64], whySubtractTime)},
		{Params: types{t, record.Months}, Result: t, Fails: true, Build: kernel.Combining(subtractMonths, whySubtractMonths)},
	}
}

// Lengths of time, be they µs or months, are computed as integers.

func ofLengths(overload func(t record.Type) kernel.Overload) []kernel.Overload {
	return []kernel.Overload{overload(record.Interval), overload(record.Months)}
}

func sum(t record.Type) kernel.Overload {
	return kernel.Overload{Params: types{t, t}, Result: t, Fails: true, Build: kernel.Combining(exact.Add[int64], asInterval(exact.WhyAdd))}
}

func difference(t record.Type) kernel.Overload {
	return kernel.Overload{Params: types{t, t}, Result: t, Fails: true,
		Build: kernel.Combining(exact.Subtract[int64], asInterval(exact.WhySubtract))}
}

func negative(t record.Type) kernel.Overload {
	return kernel.Overload{Params: types{t}, Result: t, Fails: true, Build: kernel.Mapping(exact.Negate[int64], whyNegateInterval)}
}

func multiples(t record.Type) []kernel.Overload {
	build := kernel.Combining(exact.Multiply, asInterval(exact.WhyMultiply))
	return []kernel.Overload{
		{Params: types{t, record.Int64}, Result: t, Fails: true, Build: build},
		{Params: types{record.Int64, t}, Result: t, Fails: true, Build: build},
	}
}

func quotient(t record.Type) kernel.Overload {
	return kernel.Overload{Params: types{t, record.Int64}, Result: t, Fails: true,
		Build: kernel.Combining(exact.Divide[int64], asInterval(exact.WhyDivide))}
}
