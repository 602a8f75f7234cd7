package plan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// TestRead draws which columns of a source are read: those that somebody looks at, however
// far behind, and no others.
func TestRead(t *testing.T) {
	for _, c := range []struct {
		name string
		draw func(d *drawn, s *Source)
		want string
	}{
		{"a sink reads all", func(d *drawn, s *Source) { d.sink("s") }, "all"},
		{"nobody", func(d *drawn, s *Source) {}, ""},
		{"columns that are chosen", func(d *drawn, s *Source) { d.project(d.named("p", "s"), "", "k, n"); d.sink("p") }, "k n"},
		{"a condition", func(d *drawn, s *Source) { d.project(d.named("p", "s"), "l > 0", "k"); d.sink("p") }, "k l"},
		{"a condition alone", func(d *drawn, s *Source) { d.project(d.named("p", "s"), "l > 0", ""); d.sink("p") }, "all"},
		{"what is passed on and left there", func(d *drawn, s *Source) {
			d.project(d.named("p", "s"), "", "k, l, n")
			d.project(d.named("q", "p"), "n > 0", "")
			d.project(d.named("r", "q"), "", "l")
			d.sink("r")
		}, "l n"},
		{"what is computed and left there may fail", func(d *drawn, s *Source) {
			d.project(d.named("p", "s"), "", "k, l / n AS x")
			d.project(d.named("q", "p"), "", "k")
			d.sink("q")
		}, "k l n"},
		{"rows that become dead letters", func(d *drawn, s *Source) {
			d.project(d.named("p", "s"), "", "k").OnError = stream.ToDeadLetter
			d.sink("p")
			d.sink("p.dead_letter")
		}, "all"},
		{"two steps", func(d *drawn, s *Source) {
			d.project(d.named("p", "s"), "", "k")
			d.project(d.named("q", "s"), "n > 0", "k")
			d.sink("p")
			d.sink("q")
		}, "k n"},
		{"an aggregate", func(d *drawn, s *Source) { d.sums(d.named("a", "s"), hour, "n + 1", "k"); d.sink("a") }, "k n"},
		{"its late rows", func(d *drawn, s *Source) {
			d.sums(d.named("a", "s"), hour, "n")
			d.project(d.named("p", "a.late"), "", "l")
			d.sink("a")
			d.sink("p")
		}, "l n"},
		{"all of its late rows", func(d *drawn, s *Source) { d.sums(d.named("a", "s"), hour, "n"); d.sink("a.late") }, "all"},
		{"its dead letters", func(d *drawn, s *Source) {
			d.sums(d.named("a", "s"), hour, "n").OnError = stream.ToDeadLetter
			d.sink("a")
		}, "all"},
		{"a list that is taken apart", func(d *drawn, s *Source) {
			b := d.named("u", "s")
			u, err := NewUnnest(Unnest{Base: b, List: d.expression(&b, "tags"), Element: "tag"})
			if err != nil {
				d.Fatal(err)
			}
			d.Add(u)
			d.project(d.named("p", "u"), "", "k, tag")
			d.sink("p")
		}, "k tags"},
		{"a join", func(d *drawn, s *Source) {
			d.source("t", nil)
			j, err := NewJoin(Join{Base: d.named("j", "s", "t"), Keys: [2][]int{{0}, {0}}, Names: strings.Fields("a b c d e f g h")})
			if err != nil {
				d.Fatal(err)
			}
			d.Add(j)
		}, "all"},
		{"the event time", func(d *drawn, s *Source) {
			s.EventTime.Column = 1
			d.project(d.named("p", "s"), "", "k")
			d.sink("p")
		}, "k l"},
		{"an event time that is computed", func(d *drawn, s *Source) {
			s.EventTime.Expression = TimeOf(d.expression(&Base{Inputs: []Ref{{s, stream.Main}}}, "to_timestamp(n)"))
			d.project(d.named("p", "s"), "", "k")
			d.sink("p")
		}, "k n"},
		{"a row without event time that becomes a dead letter", func(d *drawn, s *Source) {
			s.EventTime.Column, s.OnError = 1, stream.ToDeadLetter
			d.project(d.named("p", "s"), "", "k")
			d.sink("p")
		}, "all"},
		{"a record that becomes a dead letter", func(d *drawn, s *Source) {
			s.HasTime, s.OnError, s.Records = false, stream.ToDeadLetter, &graph.Records{Schema: people}
			d.project(d.named("p", "s"), "", "k")
			d.sink("p")
		}, "k"},
		{"a message that becomes a dead letter", func(d *drawn, s *Source) {
			values := record.MustSchema(people.Fields()[:2]...)
			s.HasTime, s.OnError, s.Records = false, stream.ToDeadLetter, &graph.Records{Schema: values, Messages: true}
			d.project(d.named("p", "s"), "", "k")
			d.sink("p")
		}, "k n tags"},
		{"a changelog", func(d *drawn, s *Source) {
			s.Reader = table{changelog: full}
			d.project(d.named("p", "s"), "", "k")
			d.sink("p")
		}, "all"},
	} {
		d := &drawn{T: t}
		s := d.source("s", nil)
		s.EventTime.Column = -1
		c.draw(d, s)
		if got := drawRead(d.Lower().Step("s").Source.Read); got != c.want {
			t.Errorf("%s: %s are read, want %s", c.name, got, c.want)
		}
	}
}

// Fed rows are as they were.
func TestFedRowsAreRead(t *testing.T) {
	d := &drawn{T: t}
	s := &Source{Base: Base{Name: Name{"p", FedLetters}}, Columns: people, Reader: table{}}
	s.EventTime.Column = -1
	f := &Fed{Source: s, Rows: people}
	d.Add(f)
	d.Add(&Project{Base: Base{Name: Name{Step: "p"}, Inputs: []Ref{{f, stream.Main}}}, Columns: Columns(people)[:1]})
	if got := drawRead(d.Lower().Steps[0].Source.Read); got != "all" {
		t.Errorf("%s are read", got)
	}
}

func (d *drawn) sink(in string) {
	d.Helper()
	d.Add(&Sink{Base: d.named(fmt.Sprintf("sink%d", len(d.Nodes)), in), TakesChangelogs: true})
}

func drawRead(read stream.Columns) string {
	if read == nil {
		return "all"
	}
	var names []string
	for i, is := range read {
		if is {
			names = append(names, people.Field(i).Name)
		}
	}
	return strings.Join(names, " ")
}
