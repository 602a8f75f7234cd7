package deadletter

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/process"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// feed is what there is to feed: which steps have letters, and of which kinds.
type feed struct {
	box   *Box
	order []string
	steps map[string]*fedStep
}

type fedStep struct {
	id            string
	records, rows bool
	timed         bool // all rows have an event time
}

func newFeed(box *Box) *feed { return &feed{box: box, steps: map[string]*fedStep{}} }

func (f *feed) add(l *Letter) {
	s := f.steps[l.Step]
	if s == nil {
		s = &fedStep{id: l.Step, timed: true}
		f.steps[l.Step] = s
		f.order = append(f.order, l.Step)
	}
	if l.Kind == stream.LetterRow {
		s.rows, s.timed = true, s.timed && l.Time != nil
	} else {
		s.records = true
	}
}

// noneIsLate is a watermark delay by which no row is late.
const noneIsLate = time.Duration(math.MaxInt64)

// deadLetters is the definition of steps that feed them.
var deadLetters = stream.Definition{{Text: "dead letters"}}

// rewire makes a job read the letters in a folder, and nothing else.
func (f *feed) rewire(g *graph.Graph, folder, extension string) error {
	letters, err := f.box.known.open(folder, extension)
	if err != nil {
		return err
	}
	rows, err := f.box.known.rowFormat()
	if err != nil {
		return err
	}
	for _, id := range f.order {
		if g.Step(id) == nil && g.Step(id+".input") == nil {
			return fmt.Errorf("%s holds dead letters of %q, and the job has no such source or step%s; "+
				"feed them to the job that they are of, or give the step its name back",
				f.box, id, component.Known(id, stepNames(g)))
		}
	}
	sources := map[string]bool{}
	for _, s := range g.Steps {
		if s.Source == nil {
			continue
		}
		sources[s.ID] = true
		if err := f.replace(s, letters, rows); err != nil {
			return err
		}
	}
	for _, id := range f.order {
		if !sources[id] {
			if err := f.inject(g, f.steps[id], letters, rows); err != nil {
				return err
			}
		}
	}
	return nil
}

// replace puts the letters of a source in the place of what it read.
func (f *feed) replace(s *graph.Step, letters stream.Source, rows stream.Format) error {
	schema := s.Schema(stream.Main)
	replaced := *s.Source
	replaced.EventTime.Delay, replaced.EventTime.IdleAfter = noneIsLate, 0
	replaced.Source = nothing{schema}
	if fed := f.steps[s.ID]; fed != nil {
		if fed.records && replaced.Records == nil {
			return fmt.Errorf("%s holds records of %q, which reads no records of a format in this job", f.box, s.ID)
		}
		replaced.Source = &source{
			letters: letters, step: s.ID, schema: schema, records: replaced.Records, rows: asRows(rows, schema),
		}
	}
	s.Source, s.Changelog = &replaced, nil
	s.Definition = deadLetters
	return nil
}

// inject has a step read the rows that it failed on, beside what it reads: a
// source, and a projection that drops the event time, which not every row has as
// a column.
func (f *feed) inject(g *graph.Graph, fed *fedStep, letters stream.Source, rows stream.Format) error {
	target := g.Step(fed.id + ".input")
	if target == nil {
		target = g.Step(fed.id)
	}
	if target.NewOperator == nil || fed.records {
		return fmt.Errorf("%s holds dead letters of %q that are not rows of that step in this job; is it another job?", f.box, fed.id)
	}
	narrow := g.InputSchema(target)
	wide, column := narrow, -1
	if fed.timed {
		wide, column = withEventTime(narrow), narrow.Len()
	}
	in := &graph.Step{
		ID: fed.id + ".fed", Parallelism: target.Parallelism, Definition: deadLetters,
		Source: &graph.SourceStep{
			Source:    &source{letters: letters, step: fed.id, schema: wide, rows: asRows(rows, narrow), timed: fed.timed},
			EventTime: graph.EventTime{Column: column, Delay: noneIsLate},
		},
	}
	in.Outputs = []graph.Output{{Name: stream.Main, Schema: wide}}
	dropped, err := projection(fed.id+".fed.rows", in, narrow)
	if err != nil {
		return err
	}
	target.Inputs = append(target.Inputs, graph.Input{Step: dropped.ID})
	if target.Schema(stream.DeadLetter) != nil {
		in.Outputs = append(in.Outputs, graph.Output{Name: stream.DeadLetter, Schema: stream.DeadLetterSchema})
		in.Source.OnError = stream.ToDeadLetter
		for _, s := range g.Steps {
			for _, i := range s.Inputs {
				if i.Step == target.ID && i.Output == stream.DeadLetter {
					i.Step = in.ID
					s.Inputs = append(s.Inputs, i)
				}
			}
		}
	}
	g.Steps = append([]*graph.Step{in, dropped}, g.Steps...) // before all that read them
	return nil
}

// withEventTime returns a schema with one more column.
func withEventTime(s *record.Schema) *record.Schema {
	name := "event_time"
	for s.Index(name) >= 0 {
		name += "'"
	}
	return record.MustSchema(append(append([]record.Field{}, s.Fields()...), record.Field{Name: name, Type: record.Timestamp})...)
}

// projection returns a step that keeps the columns of a schema.
func projection(id string, in *graph.Step, schema *record.Schema) (*graph.Step, error) {
	config := process.Config{Input: in.Schema(stream.Main)}
	for _, name := range schema.Names() {
		e, errs := expr.Parse(expr.Name(name))
		if errs != nil {
			return nil, errs
		}
		checked, errs := expr.Check(e, config.Input)
		if errs != nil {
			return nil, errs
		}
		config.Columns = append(config.Columns, process.Column{Name: name, Expr: checked})
	}
	newOperator, err := process.New(config)
	s := &graph.Step{ID: id, Inputs: []graph.Input{{Step: in.ID}}, NewOperator: newOperator, Parallelism: in.Parallelism,
		Outputs: []graph.Output{{Name: stream.Main, Schema: schema}}, Definition: deadLetters}
	return s, err
}

func asRows(format stream.Format, schema *record.Schema) *graph.Records {
	return &graph.Records{Format: format, Schema: schema, Patterns: make([]stream.Pattern, schema.Len())}
}

// stepNames returns the sources and steps of a job as its file calls them.
func stepNames(g *graph.Graph) []string {
	var names []string
	for _, s := range g.Steps {
		if name, _, _ := strings.Cut(s.ID, "."); s.Sink == nil && (len(names) == 0 || names[len(names)-1] != name) {
			names = append(names, name)
		}
	}
	return names
}
