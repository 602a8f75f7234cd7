package expr

import (
	"testing"
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

func TestTimeValues(t *testing.T) { holdValues(t, "testdata/time_values.txt") }
