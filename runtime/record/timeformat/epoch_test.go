package timeformat

import (
	"math/big"
	"testing"

	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/trial"
)

// TestEpochsAreExact reads numbers of seconds, milliseconds and microseconds of any
// form: rounded to the microsecond, half away from zero, or out of range.
func TestEpochsAreExact(t *testing.T) {
	units := []struct {
		name   string
		micros int64
	}{{"s", 1_000_000}, {"ms", 1000}, {"us", 1}}
	trial.Run(t, 20_000, func(c *trial.Case) {
		unit := units[c.Random.IntN(len(units))]
		text := recordtest.FloatText(c.Random)
		if c.Random.IntN(2) == 0 {
			text = recordtest.WholeText(c.Random)
		}
		v, _ := new(big.Rat).SetString(text)
		want, _ := new(big.Int).SetString(v.Mul(v, big.NewRat(unit.micros, 1)).FloatString(0), 10)
		read, err := Reader(unit.name)
		if err != nil {
			c.Fatal(err)
		}
		got, err := read([]byte(text))
		fits := want.IsInt64() && want.Int64() >= first && want.Int64() <= last
		if fits != (err == nil) || fits && got != want.Int64() {
			c.Errorf("%s %s is read as %d, %v; want %v", text, unit.name, got, err, want)
		}
	})
}
