package optest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// Case is an operator and a stream to verify it with.
type Case struct {
	New    stream.NewOperator
	Input  *record.Schema
	Keys   []int // key columns of the input; nil: the operator runs in one subtask only
	Stream []Element
	// Delay is by how much the operator's watermark is behind that of its input,
	// until that is [record.MaxTime].
	Delay time.Duration
	// AtOnce says that the operator emits at once what becomes of a batch, and no
	// more rows than it has, whatever the budget.
	AtOnce bool
	// Seed is what Verify draws cuts of the stream and values beneath nulls from.
	// Where it is not 0, it draws some of the ways, too: for streams that are random
	// themselves, of which many are worth more than all ways of one.
	Seed uint64
}

// Want is what the operator must put out, in any order, as [Draw] draws it.
type Want struct {
	Main, Late []string
}

// Verify runs the stream through the operator in the ways that the package
// comment lists and fails the test where the output is not want's. It returns the
// counters, which must be the same every time, and so must the dead letters.
func Verify(t testing.TB, c Case, want Want) stream.CounterValues {
	t.Helper()
	defer trial.Guard(t, func() string { return fmt.Sprintf("seed %d, %d elements", c.Seed, len(c.Stream)) })()
	counters, err := verify(&c, want)
	if err != nil {
		t.Fatal(err)
	}
	return counters
}

// Run runs the stream through the operator once, as it is given.
func Run(c Case) (Output, error) {
	return newRun(&c, allWays(false)[0], rand.New(rand.NewPCG(c.Seed, 0))).run(c.Stream)
}

func verify(c *Case, want Want) (stream.CounterValues, error) {
	var first Output
	for i, w := range c.ways() {
		out, err := newRun(c, w, rand.New(rand.NewPCG(c.Seed, uint64(i)))).run(c.Stream)
		if i == 0 {
			first = out
		}
		if err == nil {
			err = errors.Join(compare("rows", out.Main, want.Main), compare("late rows", out.Late, want.Late),
				compare("dead letters, with those of the first run", out.DeadLetter, first.DeadLetter))
		}
		if err == nil && out.Counters != first.Counters {
			err = fmt.Errorf("counters %+v, want %+v as in the first run", out.Counters, first.Counters)
		}
		if err != nil {
			return first.Counters, fmt.Errorf("%s: %w", w.name, err)
		}
	}
	return first.Counters, nil
}

// compare reports a difference between lines, in any order.
func compare(what string, got, want []string) error {
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if slices.Equal(got, want) {
		return nil
	}
	return fmt.Errorf("%s:\nmissing:\n  %s\nunexpected:\n  %s", what,
		strings.Join(without(want, got), "\n  "), strings.Join(without(got, want), "\n  "))
}

// without returns the lines of a that b lacks, both sorted.
func without(a, b []string) (rest []string) {
	for _, line := range a {
		for len(b) > 0 && b[0] < line {
			b = b[1:]
		}
		if len(b) > 0 && b[0] == line {
			b = b[1:]
			continue
		}
		rest = append(rest, line)
	}
	return rest
}
