package plan

import (
	"slices"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Plan is a job.
type Plan struct {
	Name  string // of the job
	Nodes []Node // each behind those that it reads
}

// Add adds a node, all of whose inputs are there already.
func (p *Plan) Add(n Node) { p.Nodes = append(p.Nodes, n) }

// Step returns the node that has the name of a step of the job, a source and a sink
// being steps, too; nil where there is none.
func (p *Plan) Step(name string) Node {
	for _, n := range p.Nodes {
		if b := n.Common(); b.Part == Whole && b.Step == name {
			return n
		}
	}
	return nil
}

// Readers returns the nodes that read an output.
func (p *Plan) Readers(r Ref) (readers []*Base) {
	for _, n := range p.Nodes {
		if b := n.Common(); slices.Contains(b.Inputs, r) {
			readers = append(readers, b)
		}
	}
	return readers
}

// Node is a source, a step or a sink of a job, or a part of one: a pointer to one of
// the structs of this package.
type Node interface {
	// Common returns what all nodes have.
	Common() *Base
	// Kind says what kind of node it is.
	Kind() Kind
	// Schema returns the columns of an output, or nil where the node does not have it.
	Schema(stream.Output) *record.Schema
	// Timed reports whether the rows of an output have an event time.
	Timed(stream.Output) bool
	// Definition returns all that the meaning of the node's state depends on.
	Definition() stream.Definition
	// About describes the node to people.
	About() graph.About

	changelog() *stream.Changelog
	partition(stream.Output) []int
	check() []Problem
	lower(*lowering)
}

// Base is what all nodes have. A node embeds it, and inherits what most nodes say of
// themselves.
type Base struct {
	Name
	// Inputs is what the node reads; of several, whose columns are the same, it
	// takes the rows as they come.
	Inputs []Ref
	// Parallelism is the number of subtasks; 0 is the job's.
	Parallelism int

	known *facts // of the inputs; nil until somebody has asked
}

// facts is what follows from all that a node reads. It is found once: there may be very
// many ways from a node back to the sources.
type facts struct {
	schema    *record.Schema    // its columns
	timed     bool              // all of it has an event time
	complete  bool              // all of it is from sources that keep everything until their end
	changelog *stream.Changelog // how its rows replace one another
	partition []int             // how they are spread over the node's subtasks
}

// Common implements Node.
func (b *Base) Common() *Base { return b }

// input returns the columns of what the node reads.
func (b *Base) input() *record.Schema { return b.facts().schema }

// facts returns what follows from the inputs, which do not change between now and
// [Plan.Lower].
func (b *Base) facts() *facts {
	if b.known == nil {
		b.known = &facts{
			schema: b.Inputs[0].Schema(), timed: true, complete: true, changelog: united(b.Inputs), partition: b.inputPartition(),
		}
		for _, in := range b.Inputs {
			b.known.timed = b.known.timed && in.Timed()
			b.known.complete = b.known.complete && isComplete(in.Node)
		}
	}
	return b.known
}

// isComplete reports whether no row that a node puts out can be behind a watermark.
func isComplete(n Node) bool {
	if s, ok := n.(*Source); ok {
		return s.EventTime.Complete
	}
	return len(n.Common().Inputs) > 0 && n.Common().facts().complete
}

func (b *Base) changelog() *stream.Changelog  { return nil }
func (b *Base) partition(stream.Output) []int { return nil }
func (b *Base) check() []Problem              { return nil }

// Ref is an output of a node: what another one reads.
type Ref struct {
	Node   Node // nil is a node that is not known, after a problem
	Output stream.Output
}

// String names it as jobs do, "hourly.late".
func (r Ref) String() string {
	step := r.Node.Common().Step
	if r.Output == stream.Main {
		return step
	}
	return step + "." + string(r.Output)
}

// Schema returns its columns, or nil where it is not there or not known.
func (r Ref) Schema() *record.Schema {
	if r.Node == nil {
		return nil
	}
	return r.Node.Schema(r.Output)
}

// Timed reports whether its rows have an event time.
func (r Ref) Timed() bool { return r.Node.Timed(r.Output) }

// Parallelism is that of the step of the graph which it leaves; 0 is the job's. A
// node of the same parallelism can take its rows where they are.
func (r Ref) Parallelism() int {
	if a, ok := r.Node.(*Aggregate); ok && r.Output == stream.DeadLetter {
		return Intake(a)
	}
	return r.Node.Common().Parallelism
}

// Intake is the parallelism of what a node does to rows where they are: an aggregate
// takes them in as its inputs have them.
func Intake(n Node) int {
	if _, ok := n.(*Aggregate); ok {
		return n.Common().Inputs[0].Parallelism()
	}
	return n.Common().Parallelism
}

// Changelog returns how its rows replace and withdraw one another; nil where they
// only add to the result.
func (r Ref) Changelog() *stream.Changelog {
	if r.Output != stream.Main {
		return nil
	}
	return r.Node.changelog()
}

// withLetters returns the columns of Main or, where rows that fail become dead
// letters, of these.
func withLetters(o stream.Output, main *record.Schema, onError stream.OnError) *record.Schema {
	switch {
	case o == stream.Main:
		return main
	case o == stream.DeadLetter && onError == stream.ToDeadLetter:
		return stream.DeadLetterSchema
	}
	return nil
}
