package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is the rule how the rows of an output replace and withdraw one another,
// which follows from what the node reads, and what a node must not do to such rows.

// united returns the changelog that several outputs are together, nil where none of
// them is one. A key tells rows of one input apart, not those of several: together
// they have none, and all columns are the key.
func united(inputs []Ref) *stream.Changelog {
	if len(inputs) == 1 {
		return inputs[0].Changelog()
	}
	for _, in := range inputs {
		if in.Changelog() != nil {
			return &stream.Changelog{UpdateBefore: true} // others are refused
		}
	}
	return nil
}

// changelog keeps the key as far as its columns are passed on as they are: a function
// of the key need not tell two rows apart. Without it all columns are the key.
func (p *Project) changelog() *stream.Changelog {
	in := p.facts().changelog
	if in == nil || p.Columns == nil {
		return in
	}
	out := &stream.Changelog{UpdateBefore: in.UpdateBefore}
	for _, name := range in.Key {
		i := p.passesOn(p.input().Index(name))
		if i < 0 {
			out.Key = nil
			break
		}
		out.Key = append(out.Key, p.Columns[i].Name)
	}
	return out
}

func (p *Project) check() []Problem {
	in := p.facts().changelog
	if in == nil {
		return nil
	}
	problems := p.checkUnion()
	if in.UpdateBefore || problems != nil {
		return problems // what is replaced is in the stream: the operator sees to the rest
	}
	return slices.Concat(p.checkKey(in), p.checkWhere(in), p.checkOnError(in))
}

// checkUnion refuses changelogs that need their key, which a union has not.
func (p *Project) checkUnion() (problems []Problem) {
	for i, in := range p.Inputs {
		if c := in.Changelog(); len(p.Inputs) > 1 && c != nil && !c.UpdateBefore {
			problems = append(problems, Problem{At: Place{TheUnion, i}, Message: fmt.Sprintf("%s is a changelog whose rows replace one "+
				"another by %s, and rows of several inputs have no such key; read it in a step of its own", in, keyText(c))})
		}
	}
	return problems
}

func keyText(c *stream.Changelog) string {
	if c.Key == nil {
		return "all columns"
	}
	return strings.Join(c.Key, ", ")
}

// checkKey refuses a select that loses the columns by which a row finds the one that
// it replaces.
func (p *Project) checkKey(in *stream.Changelog) (problems []Problem) {
	for _, key := range in.Key {
		if p.passesOn(p.input().Index(key)) >= 0 {
			continue
		}
		problem := Problem{At: Place{Piece: TheSelect},
			Message: fmt.Sprintf("drops %q, part of the key by which rows of the changelog replace one another", key)}
		for i, c := range p.Columns {
			switch {
			case c.Name == key && c.Expr == nil:
				continue // perhaps it would have passed
			case c.Name == key:
				problem = Problem{At: Place{TheItem, i}, Message: fmt.Sprintf("%q is part of the key by which rows of the changelog replace "+
					"one another, and %s need not tell the same rows apart; select %s as it is, too", key, c.Expr, expr.Name(key))}
			}
		}
		problems = append(problems, problem)
	}
	return problems
}

// checkWhere refuses a condition that an update may change: the row that passed
// before would stay for ever. By the key alone, all rows of a key pass or none.
func (p *Project) checkWhere(in *stream.Changelog) []Problem {
	if p.Where == nil {
		return nil
	}
	name, beyond := p.beyondKey(in, p.Where)
	if !beyond {
		return nil
	}
	return []Problem{{At: Place{Piece: TheWhere}, Message: fmt.Sprintf("reads %q, which is not part of the key (%s) by which rows of the "+
		"changelog replace one another: where an update does not pass any more, the row before it would stay; filter by the key alone",
		name, keyText(in))}}
}

// checkOnError refuses to leave out updates that fail: likewise.
func (p *Project) checkOnError(in *stream.Changelog) []Problem {
	if p.OnError == stream.Fail {
		return nil
	}
	for _, e := range p.expressions() {
		if name, beyond := p.beyondKey(in, e); beyond && e.Fails() {
			return []Problem{{At: Place{Piece: TheOnError}, Message: fmt.Sprintf("%s may fail for an update, by %q: the row of the changelog "+
				"that it replaces would stay; write fail, and compute what cannot fail", e, name)}}
		}
	}
	return nil
}

func (p *Project) expressions() (all []*expr.Checked) {
	if p.Where != nil {
		all = append(all, p.Where)
	}
	for _, c := range p.Columns {
		if c.Expr != nil {
			all = append(all, c.Expr)
		}
	}
	return all
}

// beyondKey returns a column that an expression reads and that is not in the key.
func (p *Project) beyondKey(in *stream.Changelog, e *expr.Checked) (name string, beyond bool) {
	for _, i := range e.Columns() {
		if name := p.input().Field(i).Name; in.Key != nil && !slices.Contains(in.Key, name) {
			return name, true
		}
	}
	return "", false
}
