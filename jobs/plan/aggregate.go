package plan

import (
	"fmt"
	"strings"
	"time"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/running"
	"github.com/weirstream/weir/operators/window"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Aggregate brings the rows of each key together and computes aggregates of them: of
// each window or, without windows, of all so far.
//
// It is up to three steps of the graph. The first, where the rows are, filters them
// and computes what the aggregate needs of them; the second, to which they go by key,
// is the aggregate. Its late rows leave as they came to it, so the third gives them
// the columns of the inputs back; it is there if somebody reads them.
type Aggregate struct {
	Base
	Where   *expr.Checked
	OnError stream.OnError // of Where, arguments and filters
	Keys    []int          // columns of the inputs; none is one group of all rows
	// Window is nil in an aggregate without windows. That one is a changelog, and has
	// no late rows. It has no words in job files yet.
	Window   Window
	Lateness time.Duration // how long after its end a window waits for rows
	AnyLate  bool          // rows leave as late that are late for one of their windows, not for all
	Calls    []Call

	result *record.Schema
}

// NewAggregate checks an aggregate. The error says what is wrong with its windows, keys
// or names.
func NewAggregate(a Aggregate) (*Aggregate, error) {
	var err error
	a.result, err = a.columns()
	return &a, err
}

// columns returns the columns of the result, or what is wrong with the aggregate.
func (a *Aggregate) columns() (*record.Schema, error) {
	for _, f := range a.keyFields() {
		if f.Type.IsNested() {
			return nil, fmt.Errorf("the key %s is %v, whose values cannot be compared in state; choose a field of it", f.Name, f.Type)
		}
	}
	_, config := a.feed(false)
	if a.Window != nil {
		_, result, err := window.New(config)
		return result, err
	}
	set, err := agg.Compile(config.Aggregates, config.Input)
	if err != nil {
		return nil, err
	}
	return record.NewSchema(append(a.keyFields(), set.Results()...)...)
}

func (a *Aggregate) keyFields() []record.Field {
	fields := make([]record.Field, len(a.Keys))
	for i, k := range a.Keys {
		fields[i] = a.input().Field(k)
	}
	return fields
}

// Kind implements Node.
func (a *Aggregate) Kind() Kind {
	if a.Window == nil {
		return aggregateKind
	}
	return windowedKind
}

// Schema implements Node. Late rows have the columns of the inputs.
func (a *Aggregate) Schema(o stream.Output) *record.Schema {
	if o == stream.Late && a.Window != nil {
		return a.input()
	}
	return withLetters(o, a.result, a.OnError)
}

// Timed implements Node. Without windows a result has the time of the row that caused it.
func (a *Aggregate) Timed(o stream.Output) bool { return o != stream.DeadLetter }

// Definition implements Node.
func (a *Aggregate) Definition() stream.Definition {
	_, config := a.feed(false)
	var d stream.Definition
	if a.Window != nil {
		d = stream.Definition{{Text: a.Window.definition()}, {Text: "allowed_lateness " + duration(a.Lateness)}}
	}
	d = append(d, stream.Clause{Text: a.by()})
	uses, former := config.Uses(), config.FormerUses()
	for i, c := range a.Calls {
		if a.Window == nil { // what was emitted is of the narrower type
			former[i] = nil
		}
		d = append(d, stream.Clause{Text: c.definition(), Bears: stream.Part, Uses: uses[i], Former: former[i], Label: fmt.Sprintf("%q", c.Name),
			Begins: a.begins()})
	}
	return d
}

// by draws the keys with their types.
func (a *Aggregate) by() string {
	text := "by"
	for _, f := range a.keyFields() {
		text += fmt.Sprintf(" %q %v", f.Name, f.Type)
	}
	return text
}

// begins says what becomes of an aggregate that is added to state without it.
func (a *Aggregate) begins() string {
	if a.Window == nil {
		return "NULL for keys that are there, counted for those that come later"
	}
	return "NULL in " + a.Window.plural() + " that are open, counted in those that open later"
}

// About implements Node.
func (a *Aggregate) About() graph.About {
	about := graph.About{Kind: a.Kind().Name, State: a.stateText()}
	if a.Window != nil {
		about.Add("window", a.windowText())
	}
	if a.AnyLate {
		about.Add("late rows", "any_window")
	}
	texts := make([]string, len(a.Calls))
	for i, c := range a.Calls {
		texts[i] = fmt.Sprintf("%s: %s", c.Name, c)
		if c.rounds() {
			about.OrderCaveats = append(about.OrderCaveats, fmt.Sprintf("%s adds up float64 in the order in which rows arrive: "+
				"its last digits may differ (by less than 1e-12 of the value)", c.Name))
		}
	}
	about.Add("aggregate", texts...)
	if _, sessions := a.Window.(Session); sessions && !a.facts().complete {
		about.OrderCaveats = append(about.OrderCaveats, "a row behind its split's watermark may join another session when splits are "+
			"read in another order")
	}
	return about
}

func (a *Aggregate) windowText() string {
	if a.Lateness == 0 {
		return a.Window.text()
	}
	return a.Window.text() + ", allowed_lateness " + duration(a.Lateness)
}

func (a *Aggregate) stateText() string {
	var per []string
	for _, f := range a.keyFields() {
		per = append(per, f.Name)
	}
	if a.Window != nil {
		per = append(per, a.Window.per())
	}
	text := "a row for each " + strings.Join(per, " and ")
	for _, c := range a.Calls {
		if c.Distinct {
			text += fmt.Sprintf("; for %s each distinct value", c.Name)
		}
	}
	return text
}

func (a *Aggregate) check() (problems []Problem) {
	takes, times := "windows take", TheWindow
	if a.Window == nil {
		takes, times = "an aggregate takes", TheGrouping
	}
	if a.facts().changelog != nil {
		problems = append(problems, Problem{At: Place{Piece: TheGrouping}, Message: "reads a changelog, whose rows are later replaced " +
			"and retracted; " + takes + " rows that stay"})
	}
	if !a.facts().timed {
		problems = append(problems, Problem{At: Place{Piece: times},
			Message: "the rows have no event time, which a source gives them: event_time: { column: … }"})
	}
	return problems
}

func (a *Aggregate) changelog() *stream.Changelog {
	if a.Window != nil {
		return nil
	}
	return running.Config{Input: a.input(), Keys: a.Keys}.Changelog()
}

// partition is by the keys, which are the first columns of the result.
func (a *Aggregate) partition(o stream.Output) []int {
	switch o {
	case stream.Late:
		return append([]int{}, a.Keys...)
	case stream.DeadLetter:
		return nil
	}
	first := make([]int, len(a.Keys))
	for i := range first {
		first[i] = i
	}
	return first
}

func (a *Aggregate) lower(l *lowering) {
	late := Ref{a, stream.Late}
	feed, config := a.feed(l.reads[late])
	feed.lower(l)
	l.last().Definition[0].Bears = stream.Nothing // which columns there are follows from the aggregate
	l.at[Ref{a, stream.DeadLetter}] = l.at[Ref{feed, stream.DeadLetter}]

	g := &grouped{a, Base{Name: a.Name, Inputs: []Ref{{feed, stream.Main}}, Parallelism: a.Parallelism}, config}
	g.lower(l)
	l.at[Ref{a, stream.Main}] = l.at[Ref{g, stream.Main}]
	if l.reads[late] {
		back := g.giveBack(a.input())
		back.lower(l)
		l.at[late] = l.at[Ref{back, stream.Main}]
	}
}

// grouped is an aggregate over the columns that it needs: the step of the graph that
// keeps state.
type grouped struct {
	*Aggregate
	base   Base
	config window.Config
}

func (g *grouped) Common() *Base { return &g.base }

// Schema has late rows as they came.
func (g *grouped) Schema(o stream.Output) *record.Schema {
	switch o {
	case stream.Main:
		return g.result
	case stream.Late:
		if g.Window != nil {
			return g.config.Input
		}
	}
	return nil
}

func (g *grouped) partition(o stream.Output) []int {
	if o == stream.Late {
		return g.config.Keys
	}
	return g.Aggregate.partition(o)
}

func (g *grouped) lower(l *lowering) {
	step := l.step(g, stream.Main, stream.Late)
	step.Inputs[0] = l.byKey(g.base.Inputs[0], g.config.Keys)
	step.NewOperator, step.Stateful = must(g.operator()), true
}

func (g *grouped) operator() (stream.NewOperator, error) {
	if g.Window == nil {
		newOperator, _, err := running.New(running.Config{Input: g.config.Input, Keys: g.config.Keys, Aggregates: g.config.Aggregates})
		return newOperator, err
	}
	newOperator, _, err := window.New(g.config)
	return newOperator, err
}

// giveBack returns the node that drops what was computed for the aggregate from late
// rows.
func (g *grouped) giveBack(schema *record.Schema) *Project {
	n := newNeeded(g.config.Input, false)
	for _, name := range schema.Names() {
		n.add(column(g.config.Input, name))
	}
	return &Project{
		Base:    Base{Name: g.Name.Of(Late), Inputs: []Ref{{g, stream.Late}}, Parallelism: g.Parallelism},
		Columns: n.columns,
	}
}
