package window_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/operators/window"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/timezone"
)

func TestScripts(t *testing.T) { optest.Scripts(t, "testdata/*.txt", openScript) }

var scriptInput = record.MustSchema(
	record.Field{Name: "key", Type: record.String},
	record.Field{Name: "v", Type: record.Int64},
)

// openScript opens "tumble size=… offset=…", "calendar days=… months=… zone=… offset=…", "hop size=… slide=…" and
// "session gap=…", each with lateness=…, keys=none, late=any and agg=sum,count,distinct,….
func openScript(command string, args map[string]string) (optest.Case, error) {
	c := window.Config{Input: scriptInput, Keys: []int{0}, Lateness: duration(args, "lateness")}
	delay := c.Lateness
	switch command {
	case "tumble":
		c.Shape = window.Tumble(duration(args, "size"), duration(args, "offset"))
	case "calendar":
		shape, err := calendarOf(args)
		if err != nil {
			return optest.Case{}, err
		}
		c.Shape = shape
	case "hop":
		c.Shape = window.Hop{Size: duration(args, "size"), Slide: duration(args, "slide"), Offset: duration(args, "offset")}
	case "session":
		c.Shape, delay = window.Session{Gap: duration(args, "gap")}, delay+sessionDelay
	default:
		return optest.Case{}, fmt.Errorf("%q is not a command", command)
	}
	if args["keys"] == "none" {
		c.Keys = nil
	}
	c.AnyLate = args["late"] == "any"
	aggregates := args["agg"]
	if aggregates == "" {
		aggregates = "sum"
	}
	for _, name := range strings.Split(aggregates, ",") {
		call := agg.Call{Name: name, Function: name, Column: 1, Filter: agg.None}
		if name == "distinct" {
			call.Function, call.Distinct = "count", true
		}
		c.Aggregates = append(c.Aggregates, call)
	}
	delete(args, "keys")
	delete(args, "agg")
	delete(args, "late")
	open, _, err := window.New(c)
	return optest.Case{New: open, Inputs: []optest.Input{{Schema: scriptInput, Keys: c.Keys}}, Delay: delay, AnyLate: c.AnyLate}, err
}

func calendarOf(args map[string]string) (window.Calendar, error) {
	zone, err := timezone.Load(args["zone"])
	c := window.Calendar{Zone: zone, Offset: duration(args, "offset")}
	c.Period.Days, _ = strconv.ParseInt(args["days"], 10, 64)
	c.Period.Months, _ = strconv.ParseInt(args["months"], 10, 64)
	delete(args, "zone")
	delete(args, "days")
	delete(args, "months")
	return c, err
}

// sessionDelay is by how much sessions hold the watermark back: a row at exactly
// the end of one still joins it.
const sessionDelay = time.Microsecond

func duration(args map[string]string, name string) time.Duration {
	d, _ := time.ParseDuration(args[name])
	delete(args, name)
	return d
}
