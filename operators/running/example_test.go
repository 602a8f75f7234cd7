package running_test

import (
	"fmt"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/operators/running"
	"github.com/weirstream/weir/runtime/stream"
)

// What leaves is changes; what they come to is a row per key.
func Example() {
	c := running.Config{Input: scriptInput, Keys: []int{0}, Aggregates: []agg.Call{{Name: "sum", Function: "sum", Column: 1, Filter: agg.None}}}
	open, result, err := running.New(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	row := func(key string, v int64) optest.Row { return optest.Row{Values: []any{key, v}} }
	out, err := optest.Run(optest.Case{
		New:       open,
		Inputs:    []optest.Input{{Schema: scriptInput}},
		Changelog: c.Changelog(),
		Keeps:     true,
		Stream:    append([]optest.Element{optest.Rows(row("a", 1)), optest.Rows(row("a", 2), row("a", 3))}, optest.End()...),
	})
	fmt.Println(result)
	fmt.Println(out.Rows[stream.Main], err)
	fmt.Println(out.Counters.Out, "rows left: one that inserts, and two of an update")
	// Output:
	// key string, sum int64
	// [key=a sum=6] <nil>
	// 3 rows left: one that inserts, and two of an update
}
