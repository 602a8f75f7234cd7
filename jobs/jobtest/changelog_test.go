package jobtest

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/plan"
	"github.com/weirstream/weir/operators/expr"
	projection "github.com/weirstream/weir/operators/process"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestChangelogsComeToTheirRows draws plans over tables that change, and runs those
// that the rules take: once over the changes, under random settings, and once over the
// rows that the tables have in the end. What the sinks hold is the same.
func TestChangelogsComeToTheirRows(t *testing.T) {
	taken, refused, held := 0, 0, 0
	whole := trial.Run(t, 400, func(c *trial.Case) {
		d := &tablePlan{Case: c, random: c.Random}
		for range 1 + c.Random.IntN(2) {
			d.tables = append(d.tables, drawTable(c.Random))
		}
		d.draw()
		c.Describe(func() string { return Layout(d.changing.Lower(), 1) })
		want := d.run(&d.still, master.Options{Pool: record.NewCheckedPool(), Parallelism: 1, BatchRows: 100, Budget: 100, EdgeBytes: 1 << 20})
		got := d.run(&d.changing, settings(c.Random))
		for id := range want {
			if !maps.Equal(got[id].rows, want[id].rows) || got[id].wrong != "" {
				c.Errorf("%s holds %v, want %v %s", id, got[id].rows, want[id].rows, got[id].wrong)
			}
			held += len(want[id].rows)
		}
		taken, refused = taken+d.taken, refused+d.refused
	})
	if whole && (min(taken, refused) < 100 || held < 1000) {
		t.Errorf("too tame: %d nodes taken, %d refused, %d rows", taken, refused, held)
	}
}

// tableSchema is the columns of a table: its key, and two others.
var tableSchema = record.MustSchema(
	record.Field{Name: "id", Type: record.Int64},
	record.Field{Name: "g", Type: record.Int64},
	record.Field{Name: "n", Type: record.Int64},
)

// tablePlan is a plan that is drawn, twice: over tables that change and over still ones.
type tablePlan struct {
	*trial.Case
	random          *rand.Rand
	tables          []*table
	changing, still plan.Plan
	names           int
	taken, refused  int
}

// draw draws nodes over the tables.
func (d *tablePlan) draw() {
	for i, t := range d.tables {
		name := plan.Name{Step: fmt.Sprintf("table%d", i)}
		parallelism := d.random.IntN(3)
		d.changing.Add(&plan.Source{Base: plan.Base{Name: name, Parallelism: parallelism}, Columns: tableSchema, Reader: t})
		d.still.Add(&plan.Source{Base: plan.Base{Name: name, Parallelism: parallelism}, Columns: tableSchema, Reader: t.still()})
	}
	for range 1 + d.random.IntN(6) {
		d.project()
	}
	d.sinks()
}

// sinks adds a sink of each of the last nodes.
func (d *tablePlan) sinks() {
	nodes := len(d.changing.Nodes)
	for i := max(0, nodes-3); i < nodes; i++ {
		base := plan.Base{Name: plan.Name{Step: fmt.Sprintf("sink%d", i)}, Parallelism: d.random.IntN(4)}
		for _, p := range []*plan.Plan{&d.changing, &d.still} {
			base.Inputs = []plan.Ref{{Node: p.Nodes[i]}}
			p.Add(&plan.Sink{Base: base, TakesChangelogs: true, Writer: &held{changelog: base.Inputs[0].Changelog()}})
		}
	}
}

// project adds a projection of one or two of the nodes, if the rules take it.
func (d *tablePlan) project() {
	i := d.random.IntN(len(d.changing.Nodes))
	inputs := []int{i}
	j := d.random.IntN(len(d.changing.Nodes))
	if d.random.IntN(3) == 0 && plan.Unite([]plan.Ref{{Node: d.changing.Nodes[i]}, {Node: d.changing.Nodes[j]}}) == nil {
		inputs = append(inputs, j)
	}
	schema := plan.Ref{Node: d.changing.Nodes[i]}.Schema()
	p := plan.Project{Base: plan.Base{Name: plan.Name{Step: d.name("p")}}, OnError: stream.Drop}
	if d.random.IntN(2) == 0 {
		p.Parallelism = d.random.IntN(4)
	} else {
		p.Parallelism = plan.Ref{Node: d.changing.Nodes[i]}.Parallelism()
	}
	if d.random.IntN(2) == 0 {
		p.Where = d.expression(schema, d.pick("%s % 3 <> 0", "%s > 3", "6 / %s > 1"))
	}
	if d.random.IntN(2) == 0 {
		p.Columns = d.columns(schema)
	}
	changing, still := p, p
	for _, i := range inputs {
		changing.Inputs = append(changing.Inputs, plan.Ref{Node: d.changing.Nodes[i]})
		still.Inputs = append(still.Inputs, plan.Ref{Node: d.still.Nodes[i]})
	}
	if plan.Check(&changing) != nil {
		d.refused++
		return
	}
	d.taken++
	d.changing.Add(&changing)
	d.still.Add(&still)
}

func (d *tablePlan) name(prefix string) string {
	d.names++
	return fmt.Sprintf("%s%d", prefix, d.names)
}

func (d *tablePlan) pick(texts ...string) string { return texts[d.random.IntN(len(texts))] }

// columns draws a select: some columns as they are, under their name or another one,
// and some that are computed, perhaps under the name of another.
func (d *tablePlan) columns(schema *record.Schema) (columns []projection.Column) {
	names := schema.Names()
	d.random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for _, name := range names {
		switch d.random.IntN(6) {
		case 0: // dropped
		case 1:
			columns = append(columns, projection.Column{Name: d.name("c"), Expr: d.expression(schema, name)})
		case 2:
			columns = append(columns, projection.Column{Name: name, Expr: d.expression(schema, d.pick("%s % 3", "%s + 1", "60 / %s", "7"))})
		default:
			columns = append(columns, projection.Column{Name: name, Expr: d.expression(schema, name)})
		}
	}
	if columns == nil {
		columns = append(columns, projection.Column{Name: "one", Expr: d.expression(schema, "1")})
	}
	return columns
}

// expression checks a text in which %s is a column.
func (d *tablePlan) expression(schema *record.Schema, text string) *expr.Checked {
	column := schema.Field(d.random.IntN(schema.Len())).Name
	return d.over(schema, strings.ReplaceAll(text, "%s", column))
}

// over checks a text.
func (d *tablePlan) over(schema *record.Schema, text string) *expr.Checked {
	e, errs := expr.Parse(text)
	if errs == nil {
		var checked *expr.Checked
		if checked, errs = expr.Check(e, schema); errs == nil {
			return checked
		}
	}
	d.Fatal(errs)
	return nil
}

// run runs a plan to its end and returns what its sinks hold, by their id.
func (d *tablePlan) run(p *plan.Plan, o master.Options) map[string]*holding {
	o.Env, o.Store = env.Real(), objstore.NewMemory()
	g := p.Lower()
	running, err := master.Start(g, o)
	if err == nil {
		_, err = running.Wait()
	}
	err = cmp.Or(err, o.Pool.Check())
	if err != nil {
		d.Fatal(err)
	}
	all := map[string]*holding{}
	for _, s := range g.Steps {
		if s.Sink != nil {
			all[s.ID] = s.Sink.(*held).holding(g.InputsOf(s)[0].Schema)
		}
	}
	return all
}
