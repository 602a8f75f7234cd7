package optest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Case is an operator and a stream to verify it with.
type Case struct {
	New    stream.NewOperator
	Input  *record.Schema
	Keys   []int // key columns of the input; nil: the operator runs in one subtask only
	Stream []Element
}

// Want is what the operator must put out, in any order, as [Draw] draws it.
type Want struct {
	Main, Late []string
}

// Verify runs the stream through the operator in the ways that the package
// comment lists and fails the test where the output is not want's. It returns the
// counters, which must be the same every time, too.
func Verify(t testing.TB, c Case, want Want) stream.CounterValues {
	t.Helper()
	counters, err := verify(&c, want)
	if err != nil {
		t.Fatal(err)
	}
	return counters
}

// Run runs the stream through the operator once, as it is given.
func Run(c Case) (Output, error) {
	r := &run{c: &c, way: ways(false)[0], pool: record.NewCheckedPool()}
	return r.run(c.Stream, nil)
}

func verify(c *Case, want Want) (first stream.CounterValues, err error) {
	for i, w := range ways(c.Keys != nil) {
		r := &run{c: c, way: w, pool: record.NewCheckedPool()}
		out, err := r.run(c.Stream, rand.New(rand.NewPCG(1, uint64(i))))
		if i == 0 {
			first = out.Counters
		}
		if err == nil {
			err = errors.Join(compare("rows", out.Main, want.Main), compare("late rows", out.Late, want.Late))
		}
		if err == nil && out.Counters != first {
			err = fmt.Errorf("counters %+v, want %+v as in the first run", out.Counters, first)
		}
		if err != nil {
			return first, fmt.Errorf("%s: %w", w.name, err)
		}
	}
	return first, nil
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
