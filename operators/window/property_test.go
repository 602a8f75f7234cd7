package window_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/operators/window"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// An input is rows of several splits, each with its own progress, and watermarks
// that are the least of theirs.
type input struct {
	keys     keys
	elements []optest.Element
	rows     []optest.Row
}

// randomStream makes a stream whose rows come up to disorder behind those of their
// split before.
func randomStream(random *rand.Rand, splits int, delay, disorder time.Duration) *input {
	return stretched(random, splits, delay, disorder, 0, 1)
}

// stretched is randomStream that begins elsewhere and goes faster.
func stretched(random *rand.Rand, splits int, delay, disorder time.Duration, origin, factor record.Time) *input {
	place := func(t record.Time) record.Time {
		if t == record.MinTime || t == record.MaxTime {
			return t
		}
		return origin + t*factor
	}
	s := &input{keys: modelKeys[random.IntN(len(modelKeys))]}
	of := s.keys.list()
	state := make([]optest.Split, splits)
	ahead := make([]time.Duration, splits)
	for i := range state {
		state[i].Delay = delay
		ahead[i] = time.Duration(random.IntN(20)) * time.Second
	}
	fired := record.MinTime
	var batch []optest.Row
	for range 40 + random.IntN(80) {
		i := random.IntN(splits)
		ahead[i] += time.Duration(random.IntN(3000)) * time.Millisecond
		t := record.Time((ahead[i] - time.Duration(random.Int64N(int64(disorder)+1)).Truncate(time.Second)).Microseconds())
		row := optest.Row{Time: place(t), Watermark: place(state[i].Next(t)), Values: randomValues(random, of)}
		s.rows, batch = append(s.rows, row), append(batch, row)
		if random.IntN(5) > 0 {
			continue
		}
		s.elements, batch = append(s.elements, optest.Rows(batch...)), nil
		w := record.MaxTime
		for i := range state {
			w = min(w, state[i].Watermark())
		}
		if w > fired {
			fired = w
			s.elements = append(s.elements, optest.Watermark(place(w)))
		}
	}
	if batch != nil {
		s.elements = append(s.elements, optest.Rows(batch...))
	}
	s.elements = append(s.elements, optest.End()...)
	return s
}

// list returns the keys in an order that is always the same.
func (k keys) list() []any {
	all := slices.Collect(maps.Keys(k.texts))
	slices.SortFunc(all, func(a, b any) int { return cmp.Compare(k.texts[a], k.texts[b]) })
	return all
}

func randomValues(random *rand.Rand, keys []any) []any {
	orNull := func(v any) any {
		if random.IntN(6) == 0 {
			return nil
		}
		return v
	}
	names := []string{"", "anna", "ben", "carla"}
	return []any{
		orNull(keys[random.IntN(len(keys))]), orNull(int64(random.IntN(7) - 3)),
		orNull(modelPrices[random.IntN(len(modelPrices))]), orNull(names[random.IntN(4)]), orNull(random.IntN(2) == 0),
		orNull(modelAmounts[random.IntN(len(modelAmounts))]),
	}
}

func seconds(random *rand.Rand, from, to int) time.Duration {
	return time.Duration(from+random.IntN(to-from+1)) * time.Second
}

func TestAlignedEqualsModel(t *testing.T) {
	trial.Run(t, 8, func(c *trial.Case) {
		random := c.Random
		h := window.Hop{Slide: seconds(random, 1, 8), Offset: seconds(random, -5, 5)}
		h.Size = h.Slide
		if random.IntN(3) > 0 {
			h.Size += seconds(random, 0, 12)
		}
		lateness := seconds(random, 0, 4)
		s := randomStream(random, 1+random.IntN(4), seconds(random, 0, 5), seconds(random, 0, 15))
		anyLate := random.IntN(2) == 0
		verifyAligned(c, h, hopsOf(h), lateness, anyLate, s)
	})
}

// verifyAligned compares windows with the model, given those that hold a time.
func verifyAligned(c *trial.Case, shape window.Shape, holding holding, lateness time.Duration, anyLate bool, s *input) {
	c.Helper()
	want, counted := modelAligned(holding, lateness, anyLate, s)
	k := caseOf(c, shape, lateness, s)
	if anyLate {
		k = withAnyLate(c, shape, lateness, s)
	}
	optest.Verify(c, k, want)
	got := countersOf(c, shape, lateness, s)
	got = stream.CounterValues{Late: got.Late, LatePartly: got.LatePartly, LatePairs: got.LatePairs, MaxLate: got.MaxLate}
	if got != counted {
		c.Fatalf("counted %+v, want %+v", got, counted)
	}
}

func TestSessionsEqualModel(t *testing.T) {
	trial.Run(t, 8, func(c *trial.Case) {
		gap, lateness := seconds(c.Random, 1, 8), seconds(c.Random, 0, 4)
		s := randomStream(c.Random, 1, seconds(c.Random, 0, 5), seconds(c.Random, 0, 15))
		verify(c, window.Session{Gap: gap}, lateness, s, modelSessions(gap, lateness, s))
	})
}

// Rows behind their watermark are late or counted as late merges: where there are
// none, nothing depends on the order of splits.
func TestRowsBehindTheirWatermarkAreCounted(t *testing.T) {
	trial.Run(t, 8, func(t *trial.Case) {
		random := t.Random
		s := randomStream(random, 1+random.IntN(4), seconds(random, 0, 5), seconds(random, 0, 15))
		behind := int64(0)
		for _, r := range s.rows {
			if r.Time < r.Watermark {
				behind++
			}
		}
		c := countersOf(t, window.Session{Gap: seconds(random, 1, 8)}, seconds(random, 0, 4), s)
		if c.Late+c.LateMerges != behind {
			t.Errorf("%d late and %d late merges of %d rows behind their watermark", c.Late, c.LateMerges, behind)
		}
	})
}

// With several splits, sessions are a function of the data as long as no row is
// behind its split's watermark.
func TestSessionsOfManySplits(t *testing.T) {
	trial.Run(t, 8, func(c *trial.Case) {
		gap, disorder := seconds(c.Random, 1, 8), seconds(c.Random, 0, 10)
		s := randomStream(c.Random, 2+c.Random.IntN(3), disorder+3*time.Second, disorder)
		for i, r := range s.rows {
			if r.Time < r.Watermark {
				c.Fatalf("row %d is behind its watermark: the test is wrong", i)
			}
		}
		verify(c, window.Session{Gap: gap}, 0, s, wholeSessions(gap, s))
	})
}

// countersOf runs a stream through a window as it is.
func countersOf(t *trial.Case, shape window.Shape, lateness time.Duration, s *input) stream.CounterValues {
	t.Helper()
	out, err := optest.Run(caseOf(t, shape, lateness, s))
	if err != nil {
		t.Fatal(err)
	}
	return out.Counters
}

func verify(t *trial.Case, shape window.Shape, lateness time.Duration, s *input, want optest.Want) {
	t.Helper()
	optest.Verify(t, caseOf(t, shape, lateness, s), want)
}

// caseOf returns the case of a stream that is brought to a window.
func caseOf(t *trial.Case, shape window.Shape, lateness time.Duration, s *input) optest.Case {
	t.Helper()
	return caseOfConfig(t, window.Config{Shape: shape, Lateness: lateness}, s)
}

// withAnyLate is caseOf where rows leave as late that missed one window.
func withAnyLate(t *trial.Case, shape window.Shape, lateness time.Duration, s *input) optest.Case {
	t.Helper()
	return caseOfConfig(t, window.Config{Shape: shape, Lateness: lateness, AnyLate: true}, s)
}

func caseOfConfig(t *trial.Case, c window.Config, s *input) optest.Case {
	t.Helper()
	t.Describe(func() string {
		return fmt.Sprintf("%T%+v, lateness %v, %d rows, keys of %v", c.Shape, c.Shape, c.Lateness, len(s.rows), s.keys.of)
	})
	schema := modelInput(s.keys.of)
	c.Input, c.Keys, c.Aggregates = schema, []int{0}, modelCalls
	open, _, err := window.New(c)
	if err != nil {
		t.Fatal(err)
	}
	delay := c.Lateness
	if _, ok := c.Shape.(window.Session); ok {
		delay += sessionDelay
	}
	return optest.Case{New: open, Inputs: []optest.Input{{Schema: schema, Keys: c.Keys}}, Stream: s.elements, Delay: delay, Seed: t.Seed,
		AnyLate: c.AnyLate}
}
