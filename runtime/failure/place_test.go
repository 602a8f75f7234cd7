package failure_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/weirstream/weir/runtime/failure"
)

// A place goes along with an error, changes nothing of it, and is put together of what those
// say who wrap it.
func TestPlace(t *testing.T) {
	plain := fmt.Errorf("open a: %w", fs.ErrNotExist)
	in := failure.Fatal(fmt.Errorf("step %q: %w", "a", failure.InStep("a", plain)))
	both := failure.At(failure.Place{Checkpoint: 7}, fmt.Errorf("checkpoint 7: %w", in))
	for _, c := range []struct {
		err  error
		want failure.Place
	}{
		{nil, failure.Place{}},
		{plain, failure.Place{}},
		{in, failure.Place{Step: "a"}},
		{both, failure.Place{Step: "a", Checkpoint: 7}},
		{failure.InStep("b", both), failure.Place{Step: "b", Checkpoint: 7}},
		{fmt.Errorf("%w (here: %w)", fs.ErrClosed, both), failure.Place{Step: "a", Checkpoint: 7}},
	} {
		if got := failure.PlaceOf(c.err); got != c.want {
			t.Errorf("%v: %+v, want %+v", c.err, got, c.want)
		}
	}
	if both.Error() != `checkpoint 7: step "a": open a: file does not exist` || !errors.Is(both, fs.ErrNotExist) ||
		failure.ClassOf(both) != failure.ClassFatal || failure.InStep("a", nil) != nil {
		t.Errorf("it has become %v", both)
	}
}
