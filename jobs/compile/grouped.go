package compile

import (
	"fmt"

	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/process"
	"github.com/weirstream/weir/operators/window"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// grouped is the windowed aggregate of a step.
type grouped struct {
	keys       []*document.Node
	keyTypes   []record.Type
	windows    windows
	aggregates []aggregate
}

// aggregate is an entry of aggregate: the result column and its call.
type aggregate struct {
	entry  document.Entry
	call   expr.AggregateCall
	of     record.Type // of the argument, if there is one
	rounds bool        // the order of rows shows in the last digits
}

func (st *step) readGrouped(s section) {
	g := &grouped{keys: s.scalars("key_by")}
	for _, e := range s.entries("aggregate") {
		call, errs := expr.ParseAggregate(e.Value.Text)
		s.expressionProblems("aggregate."+e.Key, e.Value, errs)
		g.aggregates = append(g.aggregates, aggregate{entry: e, call: call})
	}
	g.windows = readWindows(s.section("window"))
	if s.has("aggregate") {
		st.grouped = g
	}
}

// build adds the steps of a windowed aggregate. The first one, where the rows
// are, filters them and computes the columns that the second needs; the edge
// between them goes by key. Late rows leave the second as they came in, so a
// third step gives them back the columns that they had.
func (g *grouped) build(c *compiler, p *vertex, st *step, in input, where *expr.Checked) {
	before := len(c.problems)
	s := p.section
	if !in.timed && s.has("window") {
		s.problem(s.keyAt("window"), "window", "the rows have no event time, which a source gives them: event_time: { column: … }")
	}
	g.checkNames(s)
	n := newNeeded(in.schema, p.reads[stream.Late])
	config := window.Config{Shape: g.windows.shape, Lateness: g.windows.lateness}
	config.Keys = g.checkKeys(s, n)
	config.Aggregates = g.checkCalls(s, n)
	if !st.valid || len(c.problems) > before {
		return
	}
	feed := projection(p.id+".input", process.Config{
		Input: in.schema, Where: where, Columns: n.columns, OnError: st.onError,
	}, in, in.parallelism())
	feed.Definition[0].Bears = stream.Nothing // which columns there are follows from the windowed aggregate
	config.Input = feed.Schema(stream.Main)
	newOperator, result, err := window.New(config)
	if err != nil {
		s.problem(g.windows.at, "window", "%v", err)
		return
	}
	windowed := &graph.Step{
		ID:          p.id,
		Inputs:      []graph.Input{{Step: feed.ID, Key: config.Keys}},
		Outputs:     outputs(result, config.Input, stream.Fail),
		NewOperator: newOperator,
		Parallelism: st.parallelism,
		Stateful:    true,
		Definition:  g.definition(config),
		About:       g.about(),
	}
	c.add(feed, windowed)
	p.outputs[stream.Main] = portOf(windowed, stream.Main, true)
	p.outputs[stream.DeadLetter] = portOf(feed, stream.DeadLetter, false)
	if p.reads[stream.Late] {
		late := lateStep(p.id, windowed, in.schema)
		c.add(late)
		p.outputs[stream.Late] = portOf(late, stream.Main, true)
	}
}

// lateStep returns the step that drops the columns computed for aggregates
// from late rows.
func lateStep(id string, windowed *graph.Step, schema *record.Schema) *graph.Step {
	from := portOf(windowed, stream.Late, true)
	n := newNeeded(from.schema, false)
	for _, name := range schema.Names() {
		n.add(n.column(name))
	}
	return projection(id+".late", process.Config{Input: from.schema, Columns: n.columns},
		input{ports: []port{from}}, from.parallelism)
}

// checkNames refuses result columns of one name.
func (g *grouped) checkNames(s section) {
	names := columnNames{}
	for _, k := range g.keys {
		g.checkReserved(s, k.At(), "key_by", k.Text)
		names.add(s, k.At(), "key_by", k.Text)
	}
	for _, a := range g.aggregates {
		g.checkReserved(s, a.entry.At, "aggregate", a.entry.Key)
		names.add(s, a.entry.At, "aggregate", a.entry.Key)
	}
}

func (g *grouped) checkReserved(s section, at component.Position, key, name string) {
	if name == window.StartColumn || name == window.EndColumn {
		s.problem(at, key, "%q is the name of a column that every window has; choose another, if need be by select in a step before", name)
	}
}

// checkKeys returns the positions of the key columns.
func (g *grouped) checkKeys(s section, n *needed) []int {
	keys := []int{} // not nil: without columns all rows meet in one place
	for _, k := range g.keys {
		if n.schema.Index(k.Text) < 0 {
			s.problem(k.At(), "key_by", "there is no column %q%s", k.Text, component.Known(k.Text, n.schema.Names()))
			continue
		}
		column := n.column(k.Text)
		if t := column.Type(); t.IsNested() {
			s.problem(k.At(), "key_by", "%q is %v, which cannot be a key; select a field of it in a step before, or unnest it", k.Text, t)
			continue
		}
		keys, g.keyTypes = append(keys, n.add(column)), append(g.keyTypes, column.Type())
	}
	return keys
}

// checkCalls types the aggregates and returns them over the needed columns.
func (g *grouped) checkCalls(s section, n *needed) []agg.Call {
	var calls []agg.Call
	for i, a := range g.aggregates {
		if a.call.Func == "" {
			continue // it could not be read
		}
		var arg, filter *expr.Checked
		var errs expr.Errors
		if a.call.Arg != nil {
			arg, errs = expr.Check(a.call.Arg, n.schema)
			s.expressionProblems("aggregate."+a.entry.Key, a.entry.Value, errs)
		}
		if a.call.Filter != nil {
			filter, errs = expr.CheckCondition(a.call.Filter, n.schema)
			s.expressionProblems("aggregate."+a.entry.Key, a.entry.Value, errs)
		}
		if arg != nil {
			a.checkArgument(s, arg)
			g.aggregates[i].of = arg.Type()
			g.aggregates[i].rounds = arg.Type() == record.Float64 && (a.call.Func == "sum" || a.call.Func == "avg")
		}
		call := a.over(n.add(arg), n.add(filter))
		call.Argument, call.Condition = textOf(arg), textOf(filter)
		calls = append(calls, call)
	}
	return calls
}

// textOf draws an expression in canonical form; nil is "".
func textOf(e *expr.Checked) string {
	if e == nil {
		return ""
	}
	return e.String()
}

// checkArgument reports an argument of a type that the function does not take.
func (a aggregate) checkArgument(s section, arg *expr.Checked) {
	alone := record.MustSchema(record.Field{Name: arg.String(), Type: arg.Type()})
	if _, err := agg.Compile([]agg.Call{a.over(0, agg.None)}, alone); err != nil {
		s.problem(a.entry.Value.Place(a.call.Start), "aggregate", "%v", err)
	}
}

// over returns the call with columns as argument and filter.
func (a aggregate) over(column, filter int) agg.Call {
	return agg.Call{Name: a.entry.Key, Function: a.call.Func, Distinct: a.call.Distinct, Column: column, Filter: filter}
}

// definition returns what the state of the aggregate depends on, with the types that it
// is made of: the same bits mean something else for another type. What of it the
// aggregates of a configuration use, each says itself.
func (g *grouped) definition(config window.Config) stream.Definition {
	by := "by"
	for i, k := range g.keys {
		by += fmt.Sprintf(" %q %v", k.Text, g.keyTypes[i])
	}
	d := stream.Definition{
		{Text: g.windows.text}, {Text: "allowed_lateness " + component.FormatDuration(g.windows.lateness)}, {Text: by},
	}
	uses := config.Uses()
	for i, a := range g.aggregates {
		text := a.call.String()
		if a.call.Arg != nil {
			text += fmt.Sprintf(" of %v", a.of)
		}
		d = append(d, stream.Clause{Text: text, Bears: stream.Part, Uses: uses[i], Label: fmt.Sprintf("%q", a.entry.Key),
			Begins: "NULL in " + g.windows.plural() + " that are open, counted in those that open later"})
	}
	return d
}
