package running_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/operators/running"
	"github.com/weirstream/weir/runtime/record"
)

func TestScripts(t *testing.T) { optest.Scripts(t, "testdata/*.txt", openScript) }

var scriptInput = record.MustSchema(
	record.Field{Name: "key", Type: record.String},
	record.Field{Name: "v", Type: record.Int64},
)

// openScript opens "aggregate", with keys=none and agg=sum,count,distinct,….
func openScript(command string, args map[string]string) (optest.Case, error) {
	if command != "aggregate" {
		return optest.Case{}, fmt.Errorf("%q is not a command", command)
	}
	c := running.Config{Input: scriptInput, Keys: []int{0}}
	if args["keys"] == "none" {
		c.Keys = nil
	}
	for name := range strings.SplitSeq(args["agg"], ",") {
		call := agg.Call{Name: name, Function: name, Column: 1, Filter: agg.None}
		if name == "distinct" {
			call.Function, call.Distinct = "count", true
		}
		c.Aggregates = append(c.Aggregates, call)
	}
	delete(args, "keys")
	delete(args, "agg")
	return caseOf(c)
}

// caseOf returns the case of an aggregation, without a stream.
func caseOf(c running.Config) (optest.Case, error) {
	open, _, err := running.New(c)
	return optest.Case{New: open, Inputs: []optest.Input{{Schema: c.Input, Keys: c.Keys}}, Changelog: c.Changelog(), Times: true, Keeps: true}, err
}
