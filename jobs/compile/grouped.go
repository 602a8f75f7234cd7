package compile

import (
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/jobs/plan"
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/window"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// grouped is the windowed aggregate of a step.
type grouped struct {
	keys       []*document.Node
	windows    windows
	anyLate    bool // late_rows: any_window
	aggregates []aggregate
}

// aggregate is an entry of aggregate: the result column and its call.
type aggregate struct {
	entry document.Entry
	call  expr.AggregateCall
}

func (st *step) readGrouped(s section) {
	g := &grouped{keys: s.scalars("key_by"), anyLate: s.option("late_rows") == 1}
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

// build adds the node of a windowed aggregate.
func (g *grouped) build(c *compiler, p *vertex, st *step, in []plan.Ref, before []plan.Node) {
	faults, s, schema := len(c.problems), p.section, in[0].Schema()
	g.checkNames(s)
	config := plan.Aggregate{
		Base:     plan.Base{Name: plan.Name{Step: p.id}, Inputs: in, Parallelism: st.parallelism},
		Where:    st.checkWhere(s, schema),
		OnError:  st.onError,
		Keys:     g.checkKeys(s, schema),
		Window:   g.windows.shape,
		Lateness: g.windows.lateness,
		AnyLate:  g.anyLate,
		Calls:    g.checkCalls(s, schema),
	}
	p.check(&config, st)
	if !st.valid || len(c.problems) > faults {
		return
	}
	node, err := plan.NewAggregate(config)
	if err != nil {
		s.problem(g.windows.at, "window", "%v", err)
		return
	}
	c.add(p, append(before, node)...)
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
func (g *grouped) checkKeys(s section, schema *record.Schema) (keys []int) {
	for _, k := range g.keys {
		i := schema.Index(k.Text)
		if i < 0 {
			s.problem(k.At(), "key_by", "there is no column %q%s", k.Text, component.Known(k.Text, schema.Names()))
			continue
		}
		if t := schema.Field(i).Type; t.IsNested() {
			s.problem(k.At(), "key_by", "%q is %v, which cannot be a key; select a field of it in a step before, or unnest it", k.Text, t)
			continue
		}
		keys = append(keys, i)
	}
	return keys
}

// checkCalls types the aggregates.
func (g *grouped) checkCalls(s section, schema *record.Schema) (calls []plan.Call) {
	for _, a := range g.aggregates {
		if a.call.Func == "" {
			continue // it could not be read
		}
		call := plan.Call{Name: a.entry.Key, Function: a.call.Func, Distinct: a.call.Distinct}
		var errs expr.Errors
		if a.call.Arg != nil {
			call.Argument, errs = expr.Check(a.call.Arg, schema)
			s.expressionProblems("aggregate."+a.entry.Key, a.entry.Value, errs)
		}
		if a.call.Filter != nil {
			call.Filter, errs = expr.CheckCondition(a.call.Filter, schema)
			s.expressionProblems("aggregate."+a.entry.Key, a.entry.Value, errs)
		}
		if err := call.Check(); err != nil {
			s.problem(a.entry.Value.Place(a.call.Start), "aggregate", "%v", err)
		}
		calls = append(calls, call)
	}
	return calls
}
