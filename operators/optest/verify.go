package optest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

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
	return newRun(&c, asGiven(), rand.New(rand.NewPCG(c.Seed, 0))).run(c.Stream)
}

func verify(c *Case, want Want) (stream.CounterValues, error) {
	var first Output
	for i, w := range c.ways() {
		out, err := newRun(c, w, rand.New(rand.NewPCG(c.Seed, uint64(i)))).run(c.Stream)
		if c.Changelog != nil {
			out.Counters.Out = 0 // how many changes there are, batches decide
		}
		if i == 0 {
			first = out
		}
		if err == nil {
			err = want.compare(out, first)
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

// compare reports how an output differs from what is wanted, or from that of the
// first run.
func (w Want) compare(got, first Output) error {
	var wrong []error
	for name := range outputs(got.Rows, first.Rows, w) {
		want, what := w[name], "rows"
		if name != stream.Main {
			what = string(name) + " rows"
		}
		if _, ok := w[name]; !ok && name == stream.DeadLetter {
			want, what = first.Rows[name], "dead letters, with those of the first run"
		}
		wrong = append(wrong, compare(what, got.Rows[name], want))
	}
	return errors.Join(wrong...)
}

// outputs returns the names of outputs that one of them has.
func outputs(of ...map[stream.Output][]string) map[stream.Output]bool {
	names := map[stream.Output]bool{}
	for _, rows := range of {
		for name := range rows {
			names[name] = true
		}
	}
	return names
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
