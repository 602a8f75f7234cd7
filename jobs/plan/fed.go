package plan

import (
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Fed is rows that a step failed on, which it reads once more. Their source may give
// them an event time in a column of its own; that is gone behind it.
type Fed struct {
	*Source
	// Rows are the columns that the step reads: the first ones of the source.
	Rows *record.Schema
}

// Kind implements Node.
func (f *Fed) Kind() Kind { return sourceKind }

// Schema implements Node.
func (f *Fed) Schema(o stream.Output) *record.Schema { return withLetters(o, f.Rows, f.OnError) }

// About implements Node: whoever feeds knows what.
func (f *Fed) About() graph.About { return graph.About{} }

func (f *Fed) lower(l *lowering) {
	f.Source.lower(l)
	rows := &Project{
		Base:    Base{Name: f.Name.Of(FedRows), Inputs: []Ref{{f.Source, stream.Main}}, Parallelism: f.Parallelism},
		Columns: Columns(f.Columns)[:f.Rows.Len()],
	}
	rows.lower(l)
	l.last().Definition = f.Definition() // which of its columns there are says nothing more
	l.at[Ref{f, stream.Main}] = l.at[Ref{rows, stream.Main}]
	l.at[Ref{f, stream.DeadLetter}] = l.at[Ref{f.Source, stream.DeadLetter}]
}
