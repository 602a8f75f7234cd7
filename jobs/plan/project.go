package plan

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/process"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Project unites its inputs, keeps the rows that satisfy a condition and computes
// columns of them: any of these.
type Project struct {
	Base
	Where *expr.Checked // nil keeps all rows
	// Columns are the columns of the result; nil passes those of the inputs on.
	Columns []process.Column
	OnError stream.OnError
}

func (p *Project) config() process.Config {
	return process.Config{Input: p.input(), Where: p.Where, Columns: p.Columns, OnError: p.OnError}
}

// Kind implements Node.
func (p *Project) Kind() Kind {
	switch {
	case p.Columns != nil:
		return selectKind
	case p.Where != nil:
		return filterKind
	}
	return unionKind
}

// Schema implements Node.
func (p *Project) Schema(o stream.Output) *record.Schema {
	return withLetters(o, must(p.config().Schema()), p.OnError)
}

// Timed implements Node.
func (p *Project) Timed(o stream.Output) bool { return o == stream.Main && p.facts().timed }

// Definition implements Node.
func (p *Project) Definition() stream.Definition {
	columns := "*"
	if p.Columns != nil {
		texts := make([]string, len(p.Columns))
		for i, column := range p.Columns {
			texts[i] = fmt.Sprintf("%s AS %q", column.Expr, column.Name)
		}
		columns = strings.Join(texts, ", ")
	}
	d := stream.Definition{{Text: "project " + columns}}
	if p.Where != nil {
		d = append(d, stream.Clause{Text: "WHERE " + p.Where.String()})
	}
	return d
}

// About implements Node.
func (p *Project) About() graph.About {
	var a graph.About
	var does []string
	if len(p.Inputs) > 1 {
		does = append(does, unionKind.Name)
	}
	if p.Where != nil {
		does = append(does, filterKind.Name)
		a.Add("where", p.Where.String())
	}
	if p.Columns != nil {
		does = append(does, selectKind.Name)
		a.Add("select", p.selectTexts()...)
	}
	a.Kind = cmp.Or(strings.Join(does, ", "), unionKind.Name) // of one input
	a.Add("on error", onErrorText(p.OnError))
	return a
}

// selectTexts draws columns as select would have them.
func (p *Project) selectTexts() []string {
	var texts []string
	var plain []string // columns that stay as they are share a line
	flush := func() {
		if plain != nil {
			texts = append(texts, strings.Join(plain, ", "))
			plain = nil
		}
	}
	for _, column := range p.Columns {
		text := column.Expr.String()
		if text == column.Name || text == expr.Name(column.Name) {
			plain = append(plain, text)
			continue
		}
		flush()
		texts = append(texts, fmt.Sprintf("%s AS %s", text, expr.Name(column.Name)))
	}
	flush()
	return texts
}

// passesOn returns the column of the result that is a column of the input as it is,
// the first one where there are several; -1 where there is none.
func (p *Project) passesOn(column int) int {
	if p.Columns == nil {
		return column
	}
	for i, c := range p.Columns {
		if c.Expr != nil && columnOf(c.Expr, p.input()) == column {
			return i
		}
	}
	return -1
}

func (p *Project) partition(o stream.Output) []int {
	if o != stream.Main {
		return nil
	}
	return through(p.facts().partition, p.passesOn)
}

func (p *Project) lower(l *lowering) {
	l.step(p, stream.Main, stream.DeadLetter).NewOperator = must(process.New(p.config()))
}
