package jobtest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs/plan"
	projection "github.com/weirstream/weir/operators/process"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
)

// TestAggregatesOfAggregates draws plans of aggregates behind one another, by keys that
// are passed on, renamed, computed and exchanged between them. What they come to does
// not depend on how rows are spread.
func TestAggregatesOfAggregates(t *testing.T) {
	rows, kept := 0, 0
	whole := trial.Run(t, 300, func(c *trial.Case) {
		d := &chain{tablePlan: tablePlan{Case: c, random: c.Random}}
		d.drawChain()
		c.Describe(func() string { return Layout(d.changing.Lower(), 1, 3) })
		want := d.run(&d.still, master.Options{Pool: record.NewCheckedPool(), Parallelism: 1, BatchRows: 100, Budget: 100, EdgeBytes: 1 << 20})
		got := d.run(&d.changing, settings(c.Random))
		for id := range want {
			if !maps.Equal(got[id].rows, want[id].rows) {
				c.Errorf("%s holds %v, want %v", id, got[id].rows, want[id].rows)
			}
			rows += len(want[id].rows)
		}
		for _, s := range d.changing.Lower().Steps {
			if s.Stateful && s.Inputs[0].Kind == graph.Stay {
				kept++
			}
		}
	})
	if whole && min(rows/10, kept) < 100 {
		t.Errorf("too tame: %d rows, %d aggregates of rows that are together already", rows, kept)
	}
}

var timedSchema = record.MustSchema(append(append([]record.Field{}, tableSchema.Fields()...), record.Field{Name: "at", Type: record.Timestamp})...)

// chain is a plan that is drawn, twice: with all steps of one subtask in still.
type chain struct{ tablePlan }

// drawRows draws rows in the order of their event time.
func drawRows(random *rand.Rand) *table {
	t := &table{schema: timedSchema, splits: make([][]tableRow, 1+random.IntN(3))}
	for i := range t.splits {
		at := int64(0)
		for range 40 {
			at += random.Int64N(int64(4 * second))
			t.splits[i] = append(t.splits[i], tableRow{values: [4]int64{random.Int64N(12), random.Int64N(5), random.Int64N(10), at}})
		}
	}
	return t
}

func (d *chain) drawChain() {
	source := plan.Source{
		Base: plan.Base{Name: plan.Name{Step: "rows"}}, Columns: timedSchema, Reader: drawRows(d.random),
		HasTime: true, EventTime: graph.EventTime{Column: timedSchema.Index("at")},
	}
	alone := source
	alone.Parallelism = 1
	d.changing.Add(&source)
	d.still.Add(&alone)
	for range 2 + d.random.IntN(4) {
		if d.random.IntN(3) > 0 {
			d.aggregate()
		} else {
			d.shape()
		}
	}
	d.aggregate()
	d.sinks()
}

// bases returns the bases of a node that reads the last node, or one before.
func (d *chain) bases() (changing, still plan.Base) {
	i := len(d.changing.Nodes) - 1
	if d.random.IntN(4) == 0 {
		i = d.random.IntN(i + 1)
	}
	name := plan.Name{Step: d.name("step")}
	parallelism := plan.Ref{Node: d.changing.Nodes[i]}.Parallelism()
	if d.random.IntN(3) == 0 {
		parallelism = d.random.IntN(4)
	}
	return plan.Base{Name: name, Inputs: []plan.Ref{{Node: d.changing.Nodes[i]}}, Parallelism: parallelism},
		plan.Base{Name: name, Inputs: []plan.Ref{{Node: d.still.Nodes[i]}}, Parallelism: 1}
}

// integers returns the columns of a schema that are int64, in any order or in theirs:
// the keys of an aggregate come first.
func (d *chain) integers(schema *record.Schema) (names []string) {
	for _, f := range schema.Fields() {
		if f.Type == record.Int64 {
			names = append(names, f.Name)
		}
	}
	if d.random.IntN(2) == 0 {
		d.random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	}
	return names
}

// aggregate adds an aggregate by some of the integers.
func (d *chain) aggregate() {
	base, alone := d.bases()
	schema := base.Inputs[0].Schema()
	names := d.integers(schema)
	a := plan.Aggregate{Base: base, Window: plan.Tumble{Size: time.Duration(1+d.random.IntN(3)) * 20 * time.Second}}
	for _, name := range names[:min(len(names), d.random.IntN(3))] {
		a.Keys = append(a.Keys, schema.Index(name))
	}
	a.Calls = []plan.Call{
		{Name: d.name("rows"), Function: "count"},
		{Name: d.name("sum"), Function: "sum", Argument: d.over(schema, "7")},
	}
	if len(names) > 0 {
		a.Calls[1].Argument = d.over(schema, names[0])
	}
	b := a
	b.Base = alone
	for _, one := range []struct {
		plan *plan.Plan
		node plan.Aggregate
	}{{&d.changing, a}, {&d.still, b}} {
		node, err := plan.NewAggregate(one.node)
		if err != nil {
			d.Fatal(err)
		}
		one.plan.Add(node)
	}
}

// shape adds a projection of the integers.
func (d *chain) shape() {
	base, alone := d.bases()
	schema := base.Inputs[0].Schema()
	columns := []projection.Column{{Name: d.name("one"), Expr: d.over(schema, "1")}}
	for _, name := range d.integers(schema) {
		text, as := fmt.Sprintf("%s %% 3", name), name
		switch d.random.IntN(8) {
		case 0:
			continue
		case 1, 2:
			text, as = name, d.name("c")
		case 3:
		default:
			text = name
		}
		columns = append(columns, projection.Column{Name: as, Expr: d.over(schema, text)})
	}
	d.changing.Add(&plan.Project{Base: base, Columns: columns})
	d.still.Add(&plan.Project{Base: alone, Columns: columns})
}
