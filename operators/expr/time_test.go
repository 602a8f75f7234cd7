package expr

import (
	"testing"

	"github.com/weirstream/weir/runtime/golden"
)

func TestTimeErrors(t *testing.T) {
	eachError(t, "time_errors.txt", func(input string) Errors {
		e, errs := Parse(input)
		if errs == nil {
			_, errs = Check(e, testSchema)
		}
		return errs
	})
}

func TestTimeCanonicalForm(t *testing.T) {
	golden.Lines(t, "testdata/time_canonical.txt", func(input string) string {
		e, errs := Parse(input)
		if errs != nil {
			return input + " => " + errs.Error()
		}
		if again, errs := Parse(e.String()); errs != nil || again.String() != e.String() || outline(again.root) != outline(e.root) {
			t.Errorf("%s: its canonical form %s reads as %v, %v", input, e, again, errs)
		}
		return input + " => " + e.String()
	})
}

func TestTimeValues(t *testing.T) { holdValues(t, "testdata/time_values.txt") }
