package deadletter

import (
	"errors"
	"fmt"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/plan"
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

// deadLetters is the definition of steps that feed them.
var deadLetters = stream.Definition{{Text: "dead letters"}}

// rewire makes a job read the letters in a folder, and nothing else.
func (f *feed) rewire(job *jobs.Job, folder, extension string) error {
	letters, err := f.box.known.open(folder, extension)
	if err != nil {
		return err
	}
	rows, err := f.box.known.rowFormat()
	if err != nil {
		return err
	}
	for _, id := range f.order {
		if job.Plan.Step(id) == nil {
			return fmt.Errorf("%s holds dead letters of %q, and the job has no such source or step%s; "+
				"feed them to the job that they are of, or give the step its name back",
				f.box, id, component.Known(id, stepNames(job.Plan)))
		}
	}
	r := rewiring{f, job.Plan, letters, rows}
	for _, n := range job.Plan.Nodes {
		if s, ok := n.(*plan.Source); ok {
			err = errors.Join(err, r.replace(s))
		}
	}
	for _, id := range f.order {
		if _, ok := job.Plan.Step(id).(*plan.Source); !ok {
			err = errors.Join(err, r.inject(job.Plan.Step(id), f.steps[id]))
		}
	}
	if err == nil {
		job.Graph = job.Plan.Lower()
	}
	return err
}

// rewiring is a rewire under way.
type rewiring struct {
	*feed
	plan    *plan.Plan
	letters stream.Source
	rows    stream.Format
}

// replace puts the letters of a source in the place of what it read.
func (r *rewiring) replace(s *plan.Source) error {
	s.EventTime.Complete, s.EventTime.Delay, s.EventTime.IdleAfter, s.EventTime.AlignWithin = true, 0, 0, 0
	s.Reader, s.Connector = nothing{s.Columns}, plan.Connector{Definition: deadLetters}
	fed := r.steps[s.Step]
	switch {
	case fed == nil:
	case fed.records && s.Records == nil:
		return fmt.Errorf("%s holds records of %q, which reads no records of a format in this job", r.box, s.Step)
	default:
		s.Reader = &source{letters: r.letters, step: s.Step, schema: s.Columns, records: s.Records, rows: asRows(r.rows, s.Columns)}
	}
	return nil
}

// inject has a step read the rows that it failed on, beside what it reads.
func (r *rewiring) inject(n plan.Node, fed *fedStep) error {
	if _, ok := n.(*plan.Sink); ok || fed.records {
		return fmt.Errorf("%s holds dead letters of %q that are not rows of that step in this job; is it another job?", r.box, fed.id)
	}
	in := r.sourceOf(n, fed)
	target := n.Common()
	target.Inputs = append(target.Inputs, plan.Ref{Node: in})
	letters := plan.Ref{Node: n, Output: stream.DeadLetter}
	if letters.Schema() != nil {
		in.OnError = stream.ToDeadLetter
		for _, reader := range r.plan.Readers(letters) {
			reader.Inputs = append(reader.Inputs, plan.Ref{Node: in, Output: stream.DeadLetter})
		}
	}
	r.plan.Nodes = append([]plan.Node{in}, r.plan.Nodes...) // before all that read it
	return nil
}

// sourceOf returns what gives a step the rows that it failed on. Not every row has its
// event time as a column.
func (r *rewiring) sourceOf(n plan.Node, fed *fedStep) *plan.Fed {
	narrow := n.Common().Inputs[0].Schema()
	wide, column := narrow, -1
	if fed.timed {
		wide, column = withEventTime(narrow), narrow.Len()
	}
	return &plan.Fed{Rows: narrow, Source: &plan.Source{
		Base:      plan.Base{Name: n.Common().Name.Of(plan.FedLetters), Parallelism: plan.Intake(n)},
		Connector: plan.Connector{Definition: deadLetters},
		Columns:   wide,
		HasTime:   fed.timed,
		EventTime: graph.EventTime{Column: column, Complete: true},
		Reader:    &source{letters: r.letters, step: fed.id, schema: wide, rows: asRows(r.rows, narrow), timed: fed.timed},
	}}
}

// withEventTime returns a schema with one more column.
func withEventTime(s *record.Schema) *record.Schema {
	name := "event_time"
	for s.Index(name) >= 0 {
		name += "'"
	}
	return record.MustSchema(append(append([]record.Field{}, s.Fields()...), record.Field{Name: name, Type: record.Timestamp})...)
}

func asRows(format stream.Format, schema *record.Schema) *graph.Records {
	return &graph.Records{Format: format, Schema: schema, Patterns: make([]stream.Pattern, schema.Len())}
}

// stepNames returns the sources and steps of a job as its file calls them.
func stepNames(p *plan.Plan) (names []string) {
	for _, n := range p.Nodes {
		if _, sink := n.(*plan.Sink); !sink && n.Common().Part == plan.Whole {
			names = append(names, n.Common().Step)
		}
	}
	return names
}
