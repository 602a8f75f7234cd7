package optest

import (
	"fmt"
	"strings"

	"github.com/weirstream/weir/runtime/stream"
)

// mostCalls is how many calls of Resume no test needs for one element.
const mostCalls = 100_000

// Resume has an operator go on until nothing is pending. It gives up after so many
// calls that there is no end, and says what the operator holds.
func Resume(op stream.Operator, out stream.Emitter) error {
	for range mostCalls {
		if pending, err := op.Resume(out); !pending || err != nil {
			return err
		}
	}
	return stuck(mostCalls, held(op))
}

func stuck(calls int, held string) error {
	return fmt.Errorf("output is still pending after %d calls of Resume; the operator holds %s", calls, held)
}

// held draws what an operator holds, the beginning of it where that is long.
func held(op stream.Operator) string {
	i, ok := op.(Inspector)
	if !ok {
		return fmt.Sprintf("what a %T holds", op)
	}
	b, err := i.Inspect()
	if err != nil {
		return err.Error()
	}
	defer b.Release()
	const most = 20
	lines := Draw(b)
	if n := len(lines); n > most {
		lines = append(lines[:most], fmt.Sprintf("and %d rows more", n-most))
	}
	return fmt.Sprintf("%d rows: %s", b.Len(), strings.Join(lines, "; "))
}
