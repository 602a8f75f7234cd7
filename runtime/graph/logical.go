// Package graph holds a job as a graph. The logical graph is what a job says:
// steps and what they read. The physical graph is how it runs: chains of steps,
// their subtasks, and the edges between them.
package graph

import (
	"cmp"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Graph is a logical graph. Front ends (YAML, Go) build it, checked and typed;
// the engine runs it.
type Graph struct {
	Name  string  // of the job
	Steps []*Step // each step stands behind those that it reads
}

// Step is a source, an operator or a sink: exactly one of Source, NewOperator
// and Sink is set.
type Step struct {
	ID string
	// Of is the step of the job that this is a part of, as the job calls it; "" is the
	// step called ID.
	Of     string
	Inputs []Input
	// Outputs is what the step puts out, Main first. A sink has [stream.DeadLetter] at most.
	Outputs []Output

	// Changelog declares that the rows of Main replace and retract one another;
	// nil: they only add to the result.
	Changelog *stream.Changelog

	Source      *SourceStep
	NewOperator stream.NewOperator
	Sink        stream.Sink
	OnError     stream.OnError // of a sink: what becomes of rows that its destination does not take

	// Parallelism is the number of subtasks; 0 is the job's.
	Parallelism int
	// Stateful says that the step keeps state of its own. Sources and sinks
	// always do.
	Stateful bool
	// Definition is all that the meaning of the step's state depends on, but for what
	// it reads.
	Definition stream.Definition
	// About describes the step to people.
	About About
}

// Output is an output of a step.
type Output struct {
	Name   stream.Output
	Schema *record.Schema
}

// Input is an edge of the logical graph, seen from its consumer.
type Input struct {
	Step   string
	Output stream.Output
	// ID is the operator's input that the edge feeds; edges may share one (union).
	ID stream.InputID
	// Key is the columns by whose hash rows are spread over subtasks, so that
	// equal keys meet; without columns, all rows meet in one. nil lets rows stay
	// where they are.
	Key []int
	// Kind says whether rows move that need not.
	Kind InputKind
}

// InputKind is how the rows of an edge find their subtask. That depends on the
// parallelism of a run, too, which a logical graph does not know. Rows that every
// subtask gets would be a kind of their own.
type InputKind uint8

const (
	// ByKey: the subtask that has the hash of the key. Without a Key they stay or, where
	// the parallelism differs, go batch by batch to the next one.
	ByKey InputKind = iota
	// Stay: where they are, for rows of equal Key are together already, and must stay
	// so. Where the parallelism differs, they go by the hash of the key.
	Stay
)

// SourceStep is what the engine needs to run a source.
type SourceStep struct {
	Source    stream.Source
	EventTime EventTime
	OnError   stream.OnError
	// SkipDamage has the job go on where the rest of a file cannot be read.
	SkipDamage bool
	// Bounded says that the input ends.
	Bounded bool
	// Splits says that rows may come from several splits, whose order among each
	// other is not fixed.
	Splits bool
	// Read is which columns of the source anything reads.
	Read stream.Columns
	// Filter is the conditions on rows that the source takes.
	Filter []TakenCondition
	// Records is how one record of the source is read by itself; nil where it does
	// not read records of a format.
	Records *Records
}

// TakenCondition is a condition with how far the source sees to it.
type TakenCondition struct {
	stream.Condition
	Taken stream.Taken
}

// Conditions returns those that the source takes.
func (s *SourceStep) Conditions() (all []stream.Condition) {
	for _, c := range s.Filter {
		all = append(all, c.Condition)
	}
	return all
}

// Records is how bytes are read as rows.
type Records struct {
	Format   stream.Format
	Schema   *record.Schema
	Patterns []stream.Pattern
	// Messages says that a record is a message, whose Metadata are columns of the source
	// behind those of Schema; here they have the names that they have in headers.
	Messages bool
	Metadata []record.Field
}

// Step returns the step with the given id, or nil.
func (g *Graph) Step(id string) *Step {
	for _, s := range g.Steps {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// InJob returns the name of the step of the job that this is, or is a part of.
func (s *Step) InJob() string { return cmp.Or(s.Of, s.ID) }

// Schema returns the schema of an output, or nil where the step does not have it.
func (s *Step) Schema(output stream.Output) *record.Schema {
	for _, o := range s.Outputs {
		if o.Name == output {
			return o.Schema
		}
	}
	return nil
}

// InputsOf returns what a step reads, by InputID. Edges that share an input have one
// schema; the input is a changelog if one of them is.
func (g *Graph) InputsOf(s *Step) (inputs []stream.InputContext) {
	for _, in := range s.Inputs {
		for int(in.ID) >= len(inputs) {
			inputs = append(inputs, stream.InputContext{})
		}
		from, to := g.Step(in.Step), &inputs[in.ID]
		var changelog *stream.Changelog
		if in.Output == stream.Main {
			changelog = from.Changelog
		}
		if to.Schema != nil {
			changelog = united(to.Changelog, changelog)
		}
		to.Schema, to.Changelog = from.Schema(in.Output), changelog
	}
	return inputs
}

// united returns what two edges are together. A key tells rows of one of them apart, not
// those of both, so all columns are the key then.
func united(a, b *stream.Changelog) *stream.Changelog {
	if a == nil && b == nil {
		return nil
	}
	hasBefore := func(c *stream.Changelog) bool { return c == nil || c.UpdateBefore }
	return &stream.Changelog{UpdateBefore: hasBefore(a) && hasBefore(b)}
}
