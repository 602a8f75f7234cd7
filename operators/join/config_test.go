package join_test

import (
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/join"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

func TestConfigErrors(t *testing.T) {
	for want, change := range map[string]func(*join.Config){
		"":                          func(*join.Config) {},
		"are not whole":             func(c *join.Config) { c.After = 1 },
		"no time is between":        func(c *join.Config) { c.After, c.AfterOpen, c.UntilOpen = c.Until, true, true },
		"is between 2s and 1s":      func(c *join.Config) { c.After = 2 * c.Until },
		"at least one":              func(c *join.Config) { c.Left.Keys, c.Right.Keys = nil, nil },
		"has 2 keys":                func(c *join.Config) { c.Left.Keys = []int{0, 1} },
		"CAST one":                  func(c *join.Config) { c.Right.Keys = []int{1} },
		"choose a field":            func(c *join.Config) { c.Left.Keys, c.Right = []int{3}, c.Left; c.Right.Keys = []int{3} },
		"twice":                     func(c *join.Config) { c.Left.Keys, c.Right.Keys = []int{0, 0}, []int{2, 2} },
		"not the 7 of both sides":   func(c *join.Config) { c.Output = leftSchema },
		"column town is string, no": func(c *join.Config) { c.Left, c.Right = c.Right, c.Left },
	} {
		c := join.Config{Left: join.Side{Schema: leftSchema, Keys: []int{0}}, Right: join.Side{Schema: rightSchema, Keys: []int{2}},
			Until: time.Second, Output: modelOutput}
		if strings.Contains(want, "town") {
			c.Output = record.MustSchema(append(rightSchema.Fields()[2:], append(rightSchema.Fields()[:2:2], leftSchema.Fields()...)...)...)
		}
		change(&c)
		_, err := join.New(c)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%v, want an error with %q", err, want)
		}
	}
}

// What withdraws rows is refused before anything runs.
func TestChangelogIsRefused(t *testing.T) {
	open, err := join.New(join.Config{Left: join.Side{Schema: leftSchema, Keys: []int{0}}, Right: join.Side{Schema: rightSchema, Keys: []int{2}},
		Until: time.Second, Output: modelOutput})
	if err != nil {
		t.Fatal(err)
	}
	_, err = open(stream.OperatorContext{State: state.NewBackend(keyrange.All), Inputs: []stream.InputContext{{}, {Changelog: &stream.Changelog{}}}})
	if err == nil || !strings.Contains(err.Error(), "input 1 of a join is a changelog") {
		t.Errorf("%v", err)
	}
}
