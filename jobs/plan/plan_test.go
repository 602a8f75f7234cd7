package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/process"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is how tests of rules draw nodes: by the name of a step, and what it does
// in the words of job files.

var people = record.MustSchema(
	record.Field{Name: "k", Type: record.String},
	record.Field{Name: "l", Type: record.Int64},
	record.Field{Name: "n", Type: record.Int64},
	record.Field{Name: "tags", Type: record.ListOf(record.String)},
)

// table is a source that may read a changelog.
type table struct {
	stream.Source
	changelog *stream.Changelog
}

func (t table) Schema() *record.Schema       { return people }
func (t table) Changelog() *stream.Changelog { return t.changelog }

// drawn is a plan that a test draws.
type drawn struct {
	*testing.T
	Plan
}

// named is the base of a step that reads others, "minutes" or "minutes.late".
func (d *drawn) named(step string, inputs ...string) Base {
	d.Helper()
	b := Base{Name: Name{Step: step}}
	for _, in := range inputs {
		from, output, _ := strings.Cut(in, ".")
		n := d.Step(from)
		if n == nil {
			d.Fatalf("%s reads %s, which is not there", step, in)
		}
		b.Inputs = append(b.Inputs, Ref{n, stream.Output(output)})
	}
	return b
}

func (d *drawn) source(step string, c *stream.Changelog) *Source {
	s := &Source{Base: d.named(step), Columns: people, HasTime: true, Reader: table{changelog: c}}
	d.Add(s)
	return s
}

// expression checks a text over what a step reads.
func (d *drawn) expression(b *Base, text string) *expr.Checked {
	d.Helper()
	e, errs := expr.Parse(text)
	if errs == nil {
		var checked *expr.Checked
		if checked, errs = expr.Check(e, b.input()); errs == nil {
			return checked
		}
	}
	d.Fatalf("%s: %s: %v", b.Step, text, errs)
	return nil
}

// project adds a projection; where and items may be empty.
func (d *drawn) project(b Base, where, items string) *Project {
	d.Helper()
	p := &Project{Base: b}
	if where != "" {
		p.Where = d.expression(&b, where)
	}
	if items != "" {
		for _, text := range strings.Split(items, ", ") {
			item, errs := expr.ParseSelectItem(text)
			if errs != nil {
				d.Fatal(errs)
			}
			p.Columns = append(p.Columns, process.Column{Name: item.Name, Expr: d.expression(&b, item.Expr.String())})
		}
	}
	d.Add(p)
	return p
}

// sums adds an aggregate by keys, with a window if that is not nil.
func (d *drawn) sums(b Base, w Window, argument string, keys ...string) *Aggregate {
	d.Helper()
	a := Aggregate{Base: b, Window: w, Calls: []Call{{Name: "n", Function: "sum", Argument: d.expression(&b, argument)}}}
	for _, k := range keys {
		a.Keys = append(a.Keys, b.input().Index(k))
	}
	made, err := NewAggregate(a)
	if err != nil {
		d.Fatal(err)
	}
	d.Add(made)
	return made
}

var hour = Tumble{Size: 3600e9}

// drawProblems writes what is wrong with a node, a problem a line.
func drawProblems(n Node) string {
	var lines []string
	for _, p := range Check(n) {
		lines = append(lines, fmt.Sprintf("%s %d: %s", p.At.Piece, p.At.Index, p.Message))
	}
	return strings.Join(lines, "\n")
}

// drawEdges writes how rows get to a step of a graph.
func drawEdges(g *graph.Graph, step string) string {
	var texts []string
	for _, in := range g.Step(step).Inputs {
		text := in.Step
		if in.Output != stream.Main {
			text += "." + string(in.Output)
		}
		if in.Kind == graph.Stay {
			text += " stay, else"
		}
		if in.Key != nil {
			text += " by"
		}
		for _, k := range in.Key {
			text += " " + g.Step(in.Step).Schema(in.Output).Field(k).Name
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, "; ")
}

func drawChangelog(c *stream.Changelog) string {
	if c == nil {
		return "rows stay"
	}
	text := "by " + strings.Join(c.Key, ", ")
	if c.Key == nil {
		text = "by all columns"
	}
	if c.UpdateBefore {
		text += ", with what is replaced"
	}
	return text
}

// TestIDs holds the names of steps of a graph: checkpoints have them.
func TestIDs(t *testing.T) {
	want := []string{"hourly", "hourly.unnest", "hourly.input", "hourly.late", "hourly.fed", "hourly.fed.rows"}
	var got []string
	for _, p := range []Part{Whole, Unnesting, Input, Late, FedLetters, FedRows} {
		got = append(got, Name{"hourly", p}.ID())
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestStepsSayWhoseTheyAre holds of which step of a job the steps of a graph are.
func TestStepsSayWhoseTheyAre(t *testing.T) {
	d := &drawn{T: t}
	d.source("s", nil)
	d.sums(d.named("hourly", "s"), hour, "n", "k")
	d.project(d.named("behind", "hourly.late"), "", "")
	var got []string
	for _, s := range d.Lower().Steps {
		got = append(got, s.ID+" of "+s.InJob())
	}
	want := []string{"s of s", "hourly.input of hourly", "hourly of hourly", "hourly.late of hourly", "behind of behind"}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
