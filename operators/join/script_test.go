package join_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/join"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

func TestScripts(t *testing.T) { optest.Scripts(t, "testdata/*.txt", openScript) }

var (
	orders   = record.MustSchema(record.Field{Name: "item", Type: record.String}, record.Field{Name: "n", Type: record.Int64})
	payments = record.MustSchema(record.Field{Name: "paid", Type: record.Int64}, record.Field{Name: "for", Type: record.String})
	both     = record.MustSchema(append(orders.Fields(), payments.Fields()...)...)
)

// openScript opens "join after=… until=… open=after,until": orders of an item and, in
// another order of columns, payments for it.
func openScript(command string, args map[string]string) (optest.Case, error) {
	if command != "join" {
		return optest.Case{}, fmt.Errorf("%q is not a command", command)
	}
	c := join.Config{Left: join.Side{Schema: orders, Keys: []int{0}}, Right: join.Side{Schema: payments, Keys: []int{1}}, Output: both,
		After: duration(args, "after"), Until: duration(args, "until"), AfterOpen: args["open"] == "both", UntilOpen: args["open"] != ""}
	delete(args, "open")
	return caseOf(c)
}

// caseOf returns the case of a join, without a stream.
func caseOf(c join.Config) (optest.Case, error) {
	open, err := join.New(c)
	return optest.Case{New: open, Inputs: []optest.Input{{Schema: c.Left.Schema, Keys: c.Left.Keys}, {Schema: c.Right.Schema, Keys: c.Right.Keys}},
		Times: true, Late: []stream.Output{join.LeftLate, join.RightLate}}, err
}

func duration(args map[string]string, name string) time.Duration {
	d, _ := time.ParseDuration(args[name])
	delete(args, name)
	return d
}
