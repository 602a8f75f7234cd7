package times

import (
	"fmt"
	"math"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// timesOfUnits reads whole numbers of a unit since 1970.
func timesOfUnits(micros int64) (timeLoop, func(int64) error) {
	loop := func(to, from []int64) bool {
		from = from[:len(to)]
		suspect := false
		for i, v := range from {
			to[i] = v * micros
			suspect = suspect || v > math.MaxInt64/micros || v < math.MinInt64/micros
		}
		return suspect
	}
	return loop, func(v int64) error {
		if to := [1]int64{}; !loop(to[:], []int64{v}) {
			return nil
		}
		return fmt.Errorf("%d is out of range of timestamp; is it in another unit?", v)
	}
}

func ofUnits(micros int64) kernel.Builder { return kernel.Mapping(timesOfUnits(micros)) }

// timesOfSeconds rounds to the nearest µs.
func timesOfSeconds(to []int64, from []float64) bool {
	from = from[:len(to)]
	suspect := false
	for i, v := range from {
		v = math.RoundToEven(v * float64(calendar.MicrosPerSecond))
		suspect = suspect || !(v >= math.MinInt64 && v < -math.MinInt64)
		to[i] = int64(v)
	}
	return suspect
}

func whyNotSeconds(v float64) error {
	if v = math.RoundToEven(v * float64(calendar.MicrosPerSecond)); v >= math.MinInt64 && v < -math.MinInt64 {
		return nil
	}
	return fmt.Errorf("%s is out of range of timestamp; is it in another unit?", record.AppendFloat(nil, v/float64(calendar.MicrosPerSecond)))
}

// unitsOfTimes counts whole units since 1970, rounded down.
func unitsOfTimes(micros int64) kernel.Builder {
	return kernel.Mapping(func(to, from []int64) bool {
		from = from[:len(to)]
		for i, t := range from {
			to[i], _ = ints.FloorDiv(t, micros)
		}
		return false
	}, nil)
}
