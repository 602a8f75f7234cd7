package compile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/jobs/plan"
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/process"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// step is what a job file says about a step.
type step struct {
	unnest      *unnest    // nil leaves rows as they are
	where       *condition // nil keeps all rows
	selected    []selected // nil keeps all columns
	grouped     *grouped   // nil in a step without an aggregate
	onError     stream.OnError
	parallelism int
	valid       bool // all of it could be read
}

// condition is an expression with the place of its text.
type condition struct {
	node *document.Node
	expr *expr.Expr // nil if it could not be read
}

// selected is an item of select.
type selected struct {
	node *document.Node
	item expr.SelectItem
}

func (c *compiler) readSteps(s section) {
	n := s.value("steps")
	if n == nil {
		return
	}
	if n.Kind != document.List {
		s.problem(n.At(), "steps", "takes a list, each item beginning with \"- \", not %s", n.Kind)
		return
	}
	for i, item := range n.Items {
		c.readStep(fmt.Sprintf("step-%d", i+1), item, s.spec.Field("steps").Spec)
	}
}

// readStep reads a step; name is its id if it gives none.
func (c *compiler) readStep(name string, n *document.Node, spec *component.Spec) {
	before := len(c.problems)
	p := &vertex{role: stepRole, id: name, at: n.At()}
	if id := n.Get("id"); id != nil && id.Kind == document.Scalar {
		p.id, p.at = id.Text, id.At()
	}
	s := newSection(&c.problems, "steps."+p.id, p.at, n, spec)
	s.scalar("id")
	st := &step{
		onError:     stream.OnError(s.option("on_error")),
		parallelism: s.integer("parallelism"),
	}
	p.section, p.declared = s, st
	c.addVertex(p)
	defer func() { p.faults = span{before, len(c.problems)} }()
	p.inputs, p.misread = readInputs(s)
	st.unnest = readUnnest(s)
	if n := s.scalar("where"); n != nil {
		st.where = &condition{n, s.parse("where", n)}
	}
	st.readSelect(s)
	st.readGrouped(s)
	does := slices.ContainsFunc([]string{"unnest", "where", "select", "aggregate", "union"}, s.has)
	if !does && len(c.problems) == before {
		s.problem(p.at, "", "does nothing; give it unnest, where, select, aggregate or union, or remove it")
	}
	st.valid = len(c.problems) == before
}

// readInputs returns what input or union names, and whether some of it is wrong.
func readInputs(s section) (inputs []*reference, misread bool) {
	before := len(*s.problems)
	if n := s.scalar("input"); n != nil {
		inputs = append(inputs, &reference{at: n.At(), text: n.Text})
	}
	for _, n := range s.names("union", "input") {
		inputs = append(inputs, &reference{at: n.At(), text: n.Text})
	}
	return inputs, len(*s.problems) > before
}

// parse reads an expression; nil after a problem.
func (s section) parse(key string, n *document.Node) *expr.Expr {
	e, errs := expr.Parse(n.Text)
	s.expressionProblems(key, n, errs)
	return e
}

// expressionProblems reports what is wrong with an expression, each error at
// the place of the piece that it is about.
func (s section) expressionProblems(key string, n *document.Node, errs expr.Errors) {
	for _, e := range errs {
		s.problem(n.Place(e.Start), key, "%s", e.Message)
	}
}

func (st *step) readSelect(s section) {
	items := s.names("select", "column")
	for len(items) > 0 {
		n := items[0]
		item, errs := expr.ParseSelectItem(n.Text)
		if whole, pieces := cutAtCommas(items); errs != nil && pieces > 1 {
			s.problem(n.At(), "select", "inside [ … ] what holds a comma needs quotes: %q", whole)
			items = items[pieces:]
			continue
		}
		items = items[1:]
		s.expressionProblems("select", n, errs)
		st.selected = append(st.selected, selected{n, item})
	}
}

// cutAtCommas puts the pieces together that YAML makes of a call in a list, as in
// [substring(s, 1, 2) AS x], and returns what was meant and how many they are.
func cutAtCommas(items []*document.Node) (whole string, pieces int) {
	open := 0
	for i, n := range items {
		if i > 0 {
			whole += ", "
		}
		whole += n.Text
		open += strings.Count(n.Text, "(") - strings.Count(n.Text, ")")
		if open <= 0 {
			return whole, i + 1
		}
	}
	return "", 1
}

func (st *step) offers(o stream.Output) (bool, string) {
	switch {
	case o == stream.Late && st.grouped == nil:
		return false, "only steps with a window have late rows"
	case o == stream.DeadLetter && st.onError != stream.ToDeadLetter:
		return false, "it makes no dead letters; write on_error: dead_letter there"
	}
	return true, ""
}

// checkWhere types the filter of a step; nil where it has none or is wrong.
func (st *step) checkWhere(s section, schema *record.Schema) *expr.Checked {
	if st.where == nil || st.where.expr == nil {
		return nil
	}
	checked, errs := expr.CheckCondition(st.where.expr, schema)
	s.expressionProblems("where", st.where.node, errs)
	return checked
}

// checkSelect types the columns of a step; nil keeps those of the input.
func (st *step) checkSelect(s section, schema *record.Schema) []process.Column {
	names := columnNames{}
	var columns []process.Column
	for _, item := range st.selected {
		if item.item.Expr == nil {
			continue // it could not be read
		}
		checked, errs := expr.Check(item.item.Expr, schema)
		s.expressionProblems("select", item.node, errs)
		if item.item.Name != "" { // a lack of one is a problem already
			names.add(s, item.node.At(), "select", item.item.Name)
		}
		columns = append(columns, process.Column{Name: item.item.Name, Expr: checked})
	}
	return columns
}

// columnNames are the columns of a result so far, with their places.
type columnNames map[string]component.Position

// add refuses a name that the result has already.
func (names columnNames) add(s section, at component.Position, key, name string) {
	if twin, ok := names[name]; ok {
		s.problem(at, key, "the result already has a column %q, from %v", name, twin)
		return
	}
	names[name] = at
}

func (st *step) build(c *compiler, p *vertex) {
	in, ok := p.input()
	if !ok {
		return
	}
	faults := len(c.problems)
	var before []plan.Node // the rest of the step
	if st.unnest != nil {
		unnested := st.unnest.build(p, st, in)
		if unnested == nil {
			return
		}
		p.check(unnested, st)
		if unnested.Part == plan.Whole {
			c.add(p, unnested)
			return
		}
		before, in = []plan.Node{unnested}, []plan.Ref{{Node: unnested}}
	}
	if st.grouped != nil {
		st.grouped.build(c, p, st, in, before)
		return
	}
	node := &plan.Project{
		Base:    plan.Base{Name: plan.Name{Step: p.id}, Inputs: in, Parallelism: st.parallelismOfRows(in)},
		Where:   st.checkWhere(p.section, in[0].Schema()),
		Columns: st.checkSelect(p.section, in[0].Schema()),
		OnError: st.onError,
	}
	p.check(node, st)
	if st.valid && len(c.problems) == faults {
		c.add(p, append(before, node)...)
	}
}

// parallelismOfRows is that of what the step does to rows before it groups them.
func (st *step) parallelismOfRows(in []plan.Ref) int {
	if st.parallelism == 0 || st.grouped != nil {
		return in[0].Parallelism()
	}
	return st.parallelism
}
