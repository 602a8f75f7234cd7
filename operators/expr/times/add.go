package times

import (
	"github.com/weirstream/weir/operators/expr/exact"
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
)

// adding prepares timestampadd(unit, n, t): t + n * INTERVAL '1' unit.
func adding(p *kernel.Preparation) kernel.Builder {
	u, ok := unitOf(p, 0)
	if !ok {
		return nil
	}
	one, plus := syntax.Value{Type: record.Interval, Int: u.Micros}, kernel.Combining(exact.Add[int64], whyAddTime)
	if u.Months > 0 {
		one, plus = syntax.Value{Type: record.Months, Int: u.Months}, kernel.Combining(addMonths, whyAddMonths)
	}
	return func(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
		inner := s
		inner.Type = record.Int64
		length := kernel.Combining(exact.Multiply, asInterval(exact.WhyMultiply))(inner, []kernel.Kernel{args[1], kernel.Literal(one)(s, nil)})
		return plus(s, []kernel.Kernel{args[2], length})
	}
}
