package optest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// Whatever a cut does, each input has its rows and watermarks in their order, updates
// are in one piece, and an input that is idle wakes before its next rows.
func TestCutsSayTheSame(t *testing.T) {
	cuts := map[string]cut{"rows": cutRows, "randomly": cutRandomly, "join": join, "doze": doze, "weave": weave}
	trial.Run(t, 50, func(t *trial.Case) {
		elements := randomElements(t.Random)
		for name, cut := range cuts {
			got := cut(slices.Clone(elements), t.Random)
			for in := range stream.InputID(3) {
				if got, want := said(got, in), said(elements, in); got != want {
					t.Fatalf("%s, input %d: %s, want %s", name, in, got, want)
				}
			}
			if err := check(got); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	})
}

func randomElements(random *rand.Rand) (elements []Element) {
	n := int64(0)
	for range 20 {
		e := Watermark(record.Time(n))
		if random.IntN(2) == 0 {
			var rows []Row
			for range 1 + random.IntN(4) {
				n += 2
				rows = append(rows, Row{Kind: record.UpdateBefore, Values: []any{n}}, Row{Kind: record.UpdateAfter, Values: []any{n + 1}})
			}
			e = Rows(rows...)
		}
		elements = append(elements, e.Of(stream.InputID(random.IntN(3))))
	}
	return append(elements, End(0, 1, 2)...)
}

// said draws the rows and watermarks of an input, and each watermark once.
func said(elements []Element, in stream.InputID) string {
	var text strings.Builder
	last := ""
	for _, e := range elements {
		if e.In != in {
			continue
		}
		for _, r := range e.Rows {
			fmt.Fprintf(&text, "%v ", r.Values[0])
		}
		if kind := e.Else.Kind; e.Rows == nil && kind != stream.KindIdle && last != e.String() {
			last = e.String()
			text.WriteString(last + " ")
		}
	}
	return text.String()
}

func check(elements []Element) error {
	idle := map[stream.InputID]bool{}
	for _, e := range elements {
		switch {
		case e.Rows == nil:
			idle[e.In] = e.Else.Kind == stream.KindIdle
		case idle[e.In]:
			return fmt.Errorf("%v comes while the input is idle", e)
		case e.Rows[0].Kind == record.UpdateAfter || e.Rows[len(e.Rows)-1].Kind == record.UpdateBefore:
			return fmt.Errorf("%v cuts an update", e)
		}
	}
	return nil
}
