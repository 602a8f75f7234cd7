package join_test

import (
	"fmt"
	"time"

	"github.com/weirstream/weir/operators/join"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// A payment belongs to an order if it comes up to ten minutes after it.
func Example() {
	second := func(n record.Time) record.Time { return n * 1e6 }
	open, err := join.New(join.Config{
		Left:   join.Side{Schema: orders, Keys: []int{0}},
		Right:  join.Side{Schema: payments, Keys: []int{1}},
		Until:  10 * time.Minute,
		Output: both,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := optest.Run(optest.Case{
		New:    open,
		Inputs: []optest.Input{{Schema: orders}, {Schema: payments}},
		Stream: append([]optest.Element{
			optest.Rows(optest.Row{Time: second(700), Values: []any{int64(3), "tea"}}).Of(join.Right),
			optest.Rows(optest.Row{Time: second(60), Values: []any{"tea", int64(1)}}),
			optest.Rows(optest.Row{Time: second(120), Values: []any{"tea", int64(2)}}),
		}, optest.End(join.Left, join.Right)...),
	})
	fmt.Println(out.Rows[stream.Main], err)
	// Output: [item=tea n=2 paid=3 for=tea] <nil>
}
