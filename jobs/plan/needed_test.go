package plan

import (
	"testing"

	"github.com/weirstream/weir/runtime/stream"
)

// TestNeeded draws which columns travel to an aggregate: each once, by the name of the
// column or by its text.
func TestNeeded(t *testing.T) {
	d := &drawn{T: t}
	d.source("s", nil)
	base := d.named("a", "s")
	call := func(argument, filter string) Call {
		c := Call{Function: "count", Name: argument + filter}
		if argument != "" {
			c.Argument = d.expression(&base, argument)
		}
		if filter != "" {
			c.Filter = d.expression(&base, filter)
		}
		return c
	}
	for _, c := range []struct {
		name  string
		keys  []int
		calls []Call
		late  bool
		want  string
	}{
		{"nothing: rows travel as they are", nil, []Call{call("", "")}, false, people.String()},
		{"keys first", []int{2, 0}, []Call{call("l", ""), call("n", "")}, false, "n int64, k string, l int64"},
		{"each once", []int{0}, []Call{call("l+1", ""), call("l + 1", "l + 1 > 0"), call("n", "l+1>0")}, false,
			"k string, l + 1 int64, l + 1 > 0 bool, n int64"},
		{"all, for those who read late rows", []int{0}, []Call{call("l + 1", "")}, true,
			"k string, l int64, n int64, tags list<string>, l + 1 int64"},
	} {
		a := &Aggregate{Base: base, Keys: c.keys, Calls: c.calls, Window: hour}
		feed, config := a.feed(c.late)
		if got := feed.Schema(stream.Main).String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		for i, k := range c.keys {
			if got := config.Input.Field(config.Keys[i]); got != people.Field(k) {
				t.Errorf("%s: key %d is %v", c.name, i, got)
			}
		}
	}
}

// A column may have the text of an expression as its name.
func TestNeededBesideAColumnOfThatName(t *testing.T) {
	d := &drawn{T: t}
	d.source("s", nil)
	d.project(d.named("p", "s"), "", `l, n AS "l + 1"`)
	base := d.named("a", "p")
	sum := Call{Name: "n", Function: "sum", Argument: d.expression(&base, "l + 1")}
	a := &Aggregate{Base: base, Window: hour, Keys: []int{1}, Calls: []Call{sum}}
	feed, config := a.feed(false)
	if got, want := feed.Schema(stream.Main).String(), "l + 1 int64, l + 1' int64"; got != want || config.Aggregates[0].Column != 1 {
		t.Errorf("%s, want %s; column %d is summed up", got, want, config.Aggregates[0].Column)
	}
}

// TestLateRowsHaveTheirColumns holds what a step that reads late rows gets.
func TestLateRowsHaveTheirColumns(t *testing.T) {
	d := &drawn{T: t}
	d.source("s", nil)
	a := d.sums(d.named("a", "s"), hour, "n + 1", "k")
	d.project(d.named("behind", "a.late"), "", "")
	g := d.Lower()
	if got, want := g.Step("behind").Schema(stream.Main).String(), people.String(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := g.InputsOf(g.Step("behind"))[0].Schema; a.Schema(stream.Late).String() != got.String() {
		t.Errorf("the step of the graph has %s", got)
	}
}
