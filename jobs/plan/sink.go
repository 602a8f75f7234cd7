package plan

import (
	"fmt"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Sink writes rows out of the job.
type Sink struct {
	Base
	Connector Connector
	// TakesChangelogs says that it can replace and withdraw rows that it has written.
	TakesChangelogs bool
	Writer          stream.Sink    // nil while the sink is only looked at
	OnError         stream.OnError // what becomes of rows that the destination refuses
}

// Kind implements Node.
func (s *Sink) Kind() Kind { return sinkKind }

// Schema implements Node: a sink has no output but dead letters.
func (s *Sink) Schema(o stream.Output) *record.Schema { return withLetters(o, nil, s.OnError) }

// Timed implements Node.
func (s *Sink) Timed(stream.Output) bool { return false }

// Definition implements Node.
func (s *Sink) Definition() stream.Definition { return s.Connector.Definition }

// About implements Node.
func (s *Sink) About() graph.About {
	if s.Connector.Name == "" {
		return graph.About{}
	}
	a := s.Connector.about(sinkKind)
	a.Caveats = s.Connector.Caveats
	a.Add("on error", onErrorText(s.OnError))
	return a
}

func (s *Sink) check() (problems []Problem) {
	for i, in := range s.Inputs {
		if in.Changelog() != nil && !s.TakesChangelogs {
			problems = append(problems, Problem{At: Place{TheNode, i}, Message: fmt.Sprintf("%s is a changelog, whose rows replace and "+
				"retract one another, and %s only appends; read an output whose rows are final", in, s.Connector.Name)})
		}
	}
	return problems
}

func (s *Sink) lower(l *lowering) {
	step := l.step(s, stream.DeadLetter)
	step.Sink, step.OnError = s.Writer, s.OnError
}
