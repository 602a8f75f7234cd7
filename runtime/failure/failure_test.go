package failure_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/weirstream/weir/runtime/failure"
)

func Example() {
	lost := failure.Fatal(fmt.Errorf("part-7.csv is lost: %w", fs.ErrNotExist))
	err := fmt.Errorf("commit checkpoint 7: %w", lost)
	fmt.Println(failure.ClassOf(err), "|", err, "|", errors.Is(err, fs.ErrNotExist))
	// Output: fatal | commit checkpoint 7: part-7.csv is lost: file does not exist | true
}

func TestClassOf(t *testing.T) {
	plain := errors.New("plain")
	for name, test := range map[string]struct {
		err  error
		want failure.Class
	}{
		"none":              {nil, failure.Unclassified},
		"plain":             {plain, failure.Unclassified},
		"nil stays nil":     {failure.Fatal(nil), failure.Unclassified},
		"transient":         {failure.Transient(plain), failure.ClassTransient},
		"restart":           {failure.Restart(plain), failure.ClassRestart},
		"invalid":           {failure.Invalid(plain), failure.ClassInvalid},
		"wrapped":           {fmt.Errorf("here: %w", failure.Fatal(plain)), failure.ClassFatal},
		"one of several":    {errors.Join(plain, failure.Fatal(plain)), failure.ClassFatal},
		"the last one says": {failure.Fatal(fmt.Errorf("again: %w", failure.Transient(plain))), failure.ClassFatal},
	} {
		if got := failure.ClassOf(test.err); got != test.want {
			t.Errorf("%s: class %q, want %q", name, got, test.want)
		}
	}
	if failure.Fatal(nil) != nil {
		t.Error("nil has become an error")
	}
}
