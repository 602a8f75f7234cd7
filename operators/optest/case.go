package optest

import (
	"slices"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Case is an operator and a stream to verify it with.
type Case struct {
	New    stream.NewOperator
	Inputs []Input // by [stream.InputID]
	Stream []Element
	// Changelog says that the rows of Main are changes; nil: they add to what came
	// before. Each must fit what those before it have come to.
	Changelog *stream.Changelog
	// Times says that rows of Main are drawn with their event time, "@5s" behind them, and
	// "@5s behind 7s" where that is before their row watermark.
	Times bool
	// Late is the outputs that rows counted as late leave on; nil is [stream.Late].
	Late []stream.Output
	// AnyLate says that rows counted as partly late leave there, too.
	AnyLate bool
	// Delay is by how much the operator's watermark is behind that of its inputs,
	// until that is [record.MaxTime].
	Delay time.Duration
	// AtOnce says that the operator emits at once what becomes of a batch, and no
	// more rows than it has, whatever the budget.
	AtOnce bool
	// Keeps says that the operator still has state at the end of its input.
	Keeps bool
	// Seed is what Verify draws cuts of the stream and values beneath nulls from.
	// Where it is not 0, it draws some of the ways, too: for streams that are random
	// themselves, of which many are worth more than all ways of one.
	Seed uint64
}

// Input is what there is to know of an input.
type Input struct {
	Schema *record.Schema
	// Keys is the columns that rows go to subtasks by. Where an input has none, the
	// operator runs in one subtask only.
	Keys      []int
	Changelog *stream.Changelog // nil: rows only add to what came before
}

// Want is what the operator must put out, by output, in any order, as [Draw] draws it; of
// a changelog, what it must come to. Outputs that it does not name have no rows: dead
// letters, of which it may say nothing, only the same in every run.
type Want map[stream.Output][]string

// Output is what an operator has put out. Rows are drawn by [Draw]; those of a
// changelog are what it has come to.
type Output struct {
	Rows     map[stream.Output][]string
	Counters stream.CounterValues // of all subtasks
}

// isKeyed reports whether the operator may run in several subtasks.
func (c *Case) isKeyed() bool {
	return !slices.ContainsFunc(c.Inputs, func(in Input) bool { return in.Keys == nil })
}

// late returns the outputs that rows counted as late leave on.
func (c *Case) late() []stream.Output {
	if c.Late == nil {
		return []stream.Output{stream.Late}
	}
	return c.Late
}

// contexts returns what the operator is told of its inputs.
func (c *Case) contexts() (inputs []stream.InputContext) {
	for _, in := range c.Inputs {
		inputs = append(inputs, stream.InputContext{Schema: in.Schema, Changelog: in.Changelog})
	}
	return inputs
}
