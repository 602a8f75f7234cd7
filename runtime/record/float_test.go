package record_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/trial"
)

// TestFloatTextIsTheShortest: the text of a float reads back as it, to the last
// bit, and no text with fewer digits does.
func TestFloatTextIsTheShortest(t *testing.T) {
	trial.Run(t, 20_000, func(c *trial.Case) {
		v, err := strconv.ParseFloat(recordtest.FloatText(c.Random), 64)
		if err != nil {
			return
		}
		text := string(record.AppendFloat(nil, v))
		if back, err := strconv.ParseFloat(text, 64); err != nil || math.Float64bits(back) != math.Float64bits(v) {
			c.Errorf("%b is written as %s, which is %b", v, text, back)
		}
		if shortest := strconv.FormatFloat(v, 'e', -1, 64); digits(text) != digits(shortest) {
			c.Errorf("%s is written as %s", shortest, text)
		}
	})
}

// digits returns the digits of a number that count.
func digits(number string) string {
	number, _, _ = strings.Cut(number, "e")
	return strings.Trim(strings.NewReplacer("-", "", ".", "").Replace(number), "0")
}
