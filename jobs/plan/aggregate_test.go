package plan

import (
	"strings"
	"testing"
)

// What an aggregate does not take is refused, whatever front end it comes from.
func TestAggregatesThatAreRefused(t *testing.T) {
	d := &drawn{T: t}
	d.source("s", nil)
	d.source("timeless", nil).HasTime = false
	for _, test := range []struct {
		input  string
		window Window
		key    int
		want   string
	}{
		{"s", hour, 0, ""},
		{"s", nil, 0, ""},
		{"timeless", hour, 0, "window 0: the rows have no event time"},
		{"timeless", nil, 0, "aggregate 0: the rows have no event time"},
		{"s", hour, 3, "the key tags is list<string>, whose values cannot be compared in state"},
		{"s", nil, 3, "the key tags is list<string>, whose values cannot be compared in state"},
	} {
		base, rows := d.named("a", test.input), Call{Name: "rows", Function: "count"}
		a, err := NewAggregate(Aggregate{Base: base, Window: test.window, Keys: []int{test.key}, Calls: []Call{rows}})
		got := drawProblems(a)
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, test.want) || test.want == "" && got != "" {
			t.Errorf("%s by column %d, window %v: %s, want %s", test.input, test.key, test.window, got, test.want)
		}
	}
}
