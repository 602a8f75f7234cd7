package plan

import (
	"fmt"

	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/process"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Unnest makes a row of each element of a list.
type Unnest struct {
	Base
	List     *expr.Checked // over the rows of the inputs; it has a value for every row
	Element  string        // the name of the column of elements
	Position string        // the name of the column of positions, from 1; "" is none
}

// NewUnnest checks an unnest. The error says what is wrong with its list, or names a
// column that there are two of.
func NewUnnest(u Unnest) (*Unnest, error) {
	_, err := u.config().Schema()
	return &u, err
}

func (u *Unnest) config() process.UnnestConfig {
	return process.UnnestConfig{Input: u.input(), List: u.List, Element: u.Element, Position: u.Position}
}

// Kind implements Node.
func (u *Unnest) Kind() Kind { return unnestKind }

// Schema implements Node.
func (u *Unnest) Schema(o stream.Output) *record.Schema {
	if o != stream.Main {
		return nil
	}
	return must(u.config().Schema())
}

// Timed implements Node.
func (u *Unnest) Timed(o stream.Output) bool { return o == stream.Main && u.facts().timed }

// Definition implements Node.
func (u *Unnest) Definition() stream.Definition {
	return stream.Definition{{Text: "unnest " + u.text()}}
}

// About implements Node.
func (u *Unnest) About() graph.About {
	a := graph.About{Kind: unnestKind.Name}
	if len(u.Inputs) > 1 {
		a.Kind = unionKind.Name + ", " + unnestKind.Name
	}
	a.Add("unnest", u.text())
	return a
}

func (u *Unnest) text() string {
	text := fmt.Sprintf("%s AS %s", u.List, expr.Name(u.Element))
	if u.Position != "" {
		text += " WITH ORDINALITY AS " + expr.Name(u.Position)
	}
	return text
}

func (u *Unnest) check() []Problem {
	if u.facts().changelog == nil {
		return nil
	}
	return []Problem{{At: Place{Piece: TheUnnest}, Message: "reads a changelog, whose rows are later replaced and retracted; " +
		"unnest takes rows that stay"}}
}

// partition is that of the inputs: their columns come first.
func (u *Unnest) partition(o stream.Output) []int { return u.facts().partition }

func (u *Unnest) lower(l *lowering) {
	l.step(u, stream.Main).NewOperator = must(process.NewUnnest(u.config()))
}

// must returns what a node that was checked is made into.
func must[T any](made T, err error) T {
	if err != nil {
		panic("plan: the node was checked: " + err.Error())
	}
	return made
}
