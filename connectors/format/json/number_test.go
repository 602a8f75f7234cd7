package json

import (
	"bytes"
	"fmt"
	"math/big"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/trial"
)

// TestNumbers reads numbers with and without quotes.
func TestNumbers(t *testing.T) { conntest.TestNumbers(t, narrow{}, numberLines) }

func numberLines(numbers []string) []byte {
	var lines bytes.Buffer
	for i, number := range numbers {
		form := []string{"{\"x\":%s}\n", "{\"x\":\"%s\"}\n", "{ \"x\" : %s , \"y\": 1 }\n"}[i%3]
		fmt.Fprintf(&lines, form, number)
	}
	return lines.Bytes()
}

// TestWholeNumbersOfAnyForm: what is a whole number, such as 1.50e2, is one, and
// nothing else is.
func TestWholeNumbersOfAnyForm(t *testing.T) {
	trial.Run(t, 100, func(c *trial.Case) {
		var numbers, want []string
		for range 100 {
			number := recordtest.FloatText(c.Random)
			numbers = append(numbers, number)
			if v, _ := new(big.Rat).SetString(number); v.IsInt() && v.Num().IsInt64() {
				want = append(want, v.Num().String())
			}
		}
		got := decode(c, context(schema(c, "x int64"), numberLines(numbers), 1000, 10))
		if fmt.Sprint(got.Rows) != fmt.Sprint(want) {
			c.Errorf("%q\nare read as %v, want %v", numbers, got.Rows, want)
		}
	})
}
