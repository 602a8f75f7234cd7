package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/join"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Join pairs each row of its first input, the left one, with those of its second whose
// keys are equal and whose time is near. It has no words in job files yet.
type Join struct {
	Base              // with two inputs, each of columns of its own
	Keys     [2][]int // columns of the left and of the right input; as many, of the same types
	Within   Within
	Names    []string // of the columns: those of the left input, then those of the right
	together *record.Schema
}

// Within is when the row of the right input must be, by the time of the left one.
type Within struct {
	After, Until         time.Duration
	AfterOpen, UntilOpen bool // the bound itself is outside
}

// NewJoin checks a join. The error says what is wrong with its keys, bounds or names.
func NewJoin(j Join) (*Join, error) {
	if len(j.Inputs) != 2 {
		return nil, fmt.Errorf("a join has two inputs, not %d; unite them before", len(j.Inputs))
	}
	fields := slices.Concat(j.Inputs[0].Schema().Fields(), j.Inputs[1].Schema().Fields())
	if len(fields) != len(j.Names) {
		return nil, fmt.Errorf("a join of %d columns has %d names", len(fields), len(j.Names))
	}
	for i := range fields {
		fields[i].Name = j.Names[i]
	}
	var err error
	if j.together, err = record.NewSchema(fields...); err == nil {
		_, err = join.New(j.config())
	}
	return &j, err
}

func (j *Join) config() join.Config {
	side := func(i int) join.Side { return join.Side{Schema: j.Inputs[i].Schema(), Keys: j.Keys[i]} }
	return join.Config{
		Left: side(0), Right: side(1), After: j.Within.After, Until: j.Within.Until,
		AfterOpen: j.Within.AfterOpen, UntilOpen: j.Within.UntilOpen, Output: j.together,
	}
}

// Kind implements Node.
func (j *Join) Kind() Kind { return joinKind }

// Schema implements Node. Late rows have the columns of their input.
func (j *Join) Schema(o stream.Output) *record.Schema {
	switch o {
	case stream.Main:
		return j.together
	case join.LeftLate:
		return j.Inputs[0].Schema()
	case join.RightLate:
		return j.Inputs[1].Schema()
	}
	return nil
}

// Timed implements Node.
func (j *Join) Timed(stream.Output) bool { return true }

// Definition implements Node.
func (j *Join) Definition() stream.Definition {
	by := "join by"
	for i, k := range j.Keys[0] {
		left, right := j.Inputs[0].Schema().Field(k), j.Inputs[1].Schema().Field(j.Keys[1][i])
		by += fmt.Sprintf(" %q = %q %v", left.Name, right.Name, left.Type)
	}
	return stream.Definition{
		{Text: by}, {Text: "within " + j.Within.String()},
		{Text: "left " + j.Inputs[0].Schema().String()}, {Text: "right " + j.Inputs[1].Schema().String()}, // rows are kept whole
	}
}

// String draws the interval from the left row, with the brackets of open and closed
// ends: [-1h, 0s).
func (w Within) String() string {
	open, end := "[", "]"
	if w.AfterOpen {
		open = "("
	}
	if w.UntilOpen {
		end = ")"
	}
	return open + signed(w.After) + ", " + signed(w.Until) + end
}

func signed(d time.Duration) string {
	if d < 0 {
		return "-" + duration(-d)
	}
	return duration(d)
}

// About implements Node.
func (j *Join) About() graph.About {
	a := graph.About{Kind: joinKind.Name, State: "each row of either input until no row that it could be paired with can come any more"}
	var on []string
	for i, k := range j.Keys[0] {
		left, right := j.Inputs[0].Schema().Field(k).Name, j.Inputs[1].Schema().Field(j.Keys[1][i]).Name
		on = append(on, fmt.Sprintf("left.%s = right.%s", expr.Name(left), expr.Name(right)))
	}
	a.Add("on", strings.Join(on, " AND "))
	a.Add("within", "right.time - left.time in "+j.Within.String())
	return a
}

func (j *Join) check() (problems []Problem) {
	for i, in := range j.Inputs {
		switch {
		case in.Changelog() != nil:
			problems = append(problems, Problem{At: Place{TheUnion, i}, Message: fmt.Sprintf("%s is a changelog, whose rows are later "+
				"replaced and retracted; a join takes rows that stay", in)})
		case !in.Timed():
			problems = append(problems, Problem{At: Place{TheUnion, i}, Message: fmt.Sprintf("the rows of %s have no event time, which a "+
				"source gives them: event_time: { column: … }", in)})
		}
	}
	return problems
}

// partition is by the keys; the columns of the left input come first.
func (j *Join) partition(o stream.Output) []int {
	if o == join.RightLate {
		return j.Keys[1]
	}
	return j.Keys[0]
}

func (j *Join) lower(l *lowering) {
	step := l.step(j, stream.Main, join.LeftLate, join.RightLate)
	for i := range step.Inputs {
		step.Inputs[i] = l.byKey(j.Inputs[i], j.Keys[i])
		step.Inputs[i].ID = stream.InputID(i)
	}
	step.NewOperator, step.Stateful = must(join.New(j.config())), true
}
