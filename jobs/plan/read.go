package plan

import (
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is the rule which columns of sources anything reads: a source need not decode
// the others. Columns that are passed on are read if somebody reads them there. What is
// computed is always read, as it may fail. So is all of a row that may become a dead
// letter, which shows it.

// reading finds out which columns of each output are read.
type reading map[Ref]stream.Columns

// read returns which columns are read, of all outputs that anything reads.
func (p *Plan) read() reading {
	r := reading{}
	for i := len(p.Nodes) - 1; i >= 0; i-- {
		n := p.Nodes[i]
		switch n := n.(type) {
		case *Project:
			r.project(n)
		case *Unnest:
			r.unnest(n)
		case *Aggregate:
			r.aggregate(n)
		case *Fed: // the rows are to be as they were
			for i := range r.of(Ref{n.Source, stream.Main}) {
				r[Ref{n.Source, stream.Main}][i] = true
			}
		default:
			r.all(n)
		}
	}
	return r
}

// of returns which columns of an output are read so far.
func (r reading) of(ref Ref) stream.Columns {
	if r[ref] == nil {
		r[ref] = make(stream.Columns, ref.Schema().Len())
	}
	return r[ref]
}

// note notes that a node reads a column of its inputs.
func (r reading) note(n Node, column int) {
	for _, in := range n.Common().Inputs {
		r.of(in)[column] = true
	}
}

// expressions notes the columns of expressions; nil is none.
func (r reading) expressions(n Node, all ...*expr.Checked) {
	for _, e := range all {
		if e == nil {
			continue
		}
		for _, c := range e.Columns() {
			r.note(n, c)
		}
	}
}

// all notes that a node reads all there is.
func (r reading) all(n Node) {
	for _, in := range n.Common().Inputs {
		columns := r.of(in)
		for i := range columns {
			columns[i] = true
		}
	}
}

func (r reading) project(p *Project) {
	if p.OnError == stream.ToDeadLetter {
		r.all(p)
		return
	}
	r.expressions(p, p.Where)
	read := r.of(Ref{p, stream.Main})
	for i, c := range p.Columns {
		if c.Expr != nil && (read[i] || columnOf(c.Expr, p.input()) < 0) {
			r.expressions(p, c.Expr)
		}
	}
	for i, is := range read {
		if p.Columns == nil && is {
			r.note(p, i)
		}
	}
}

func (r reading) unnest(u *Unnest) {
	r.expressions(u, u.List)
	read := r.of(Ref{u, stream.Main})
	for i := range u.input().Len() { // they come first
		if read[i] {
			r.note(u, i)
		}
	}
}

func (r reading) aggregate(a *Aggregate) {
	if a.OnError == stream.ToDeadLetter {
		r.all(a)
		return
	}
	r.expressions(a, a.Where)
	for _, k := range a.Keys {
		r.note(a, k)
	}
	for _, c := range a.Calls {
		r.expressions(a, c.Argument, c.Filter)
	}
	if late := (Ref{a, stream.Late}); a.Schema(stream.Late) != nil {
		for i, is := range r.of(late) {
			if is {
				r.note(a, i)
			}
		}
	}
}

// read returns which columns of the source are read, its event time included; nil is all.
func (s *Source) read(r reading) stream.Columns {
	read := r.of(Ref{s, stream.Main})
	if e := s.EventTime; e.Expression != nil {
		for _, c := range columnsOf(e.Expression, s.Columns.Len()) {
			read[c] = true
		}
	} else if e.Exists() && e.Column >= 0 {
		read[e.Column] = true
	}
	if s.OnError == stream.ToDeadLetter && s.Records != nil {
		for i := s.Records.Schema.Len(); i < len(read); i++ {
			read[i] = true // letters of messages have the metadata
		}
	}
	if s.changelog() != nil || s.OnError == stream.ToDeadLetter && s.HasTime {
		return nil
	}
	for _, is := range read {
		if !is {
			return read
		}
	}
	return nil
}
