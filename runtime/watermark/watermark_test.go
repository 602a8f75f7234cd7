package watermark

import (
	"slices"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
)

// TestSplitEqualsOneRowAtATime holds Observe and RowWatermarks against the
// definition, over random cuts of a stream into batches with selections.
func TestSplitEqualsOneRowAtATime(t *testing.T) {
	trial.Run(t, 300, func(tc *trial.Case) {
		random := tc.Random
		delay := time.Duration(random.IntN(50)) * time.Microsecond
		s := Split{Max: record.MinTime, Delay: delay, Complete: random.IntN(4) == 0}
		greatest := record.MinTime
		for range 5 {
			times := make([]int64, random.IntN(20))
			var positions []int32
			for i := range times {
				times[i] = random.Int64N(200)
				if random.IntN(2) == 0 {
					positions = append(positions, int32(i))
				}
			}
			rows := positions
			if random.IntN(2) == 0 || positions == nil {
				positions, rows = nil, nil
				for i := range times {
					rows = append(rows, int32(i))
				}
			}
			want := map[int32]record.Time{}
			wantBehind := false
			var wantDisorder int64
			for _, i := range rows {
				mark := record.MinTime
				if greatest != record.MinTime {
					if !s.Complete {
						mark = greatest - record.Time(delay.Microseconds())
					}
					wantDisorder = max(wantDisorder, int64(greatest)-times[i])
				}
				want[i] = mark
				wantBehind = wantBehind || record.Time(times[i]) < mark
				greatest = max(greatest, record.Time(times[i]))
			}
			before := s
			behind, disorder := s.Observe(times, positions)
			if behind != wantBehind || disorder != wantDisorder || s.Max != greatest {
				tc.Fatalf("behind %v disorder %d max %v, want %v %d %v", behind, disorder, s.Max, wantBehind, wantDisorder, greatest)
			}
			if len(times) == 0 {
				continue
			}
			marks := make([]int64, len(times))
			before.RowWatermarks(marks, times, positions)
			for _, i := range rows {
				if got := record.Time(marks[i]); got != want[i] {
					tc.Fatalf("row %d has watermark %v, want %v", i, got, want[i])
				}
			}
		}
	})
}

// TestCombinerEqualsItsDefinition drives a combiner at random and compares it
// with the minimum over live inputs or, where none is, the maximum over idle ones,
// computed anew each time.
func TestCombinerEqualsItsDefinition(t *testing.T) {
	trial.Run(t, 500, func(tc *trial.Case) {
		random := tc.Random
		c := NewCombiner(1 + random.IntN(4))
		type model struct {
			mark        record.Time
			idle, ended bool
			removed     bool
		}
		inputs := make([]model, len(c.inputs))
		for i := range inputs {
			inputs[i].mark = record.MinTime
		}
		out := record.MinTime
		for range 60 + 200*(random.IntN(10)/9) {
			i := random.IntN(len(inputs))
			in := &inputs[i]
			var rose, woke bool
			switch random.IntN(12) {
			case 10:
				woke = true // an input that is added holds back what is to come
				if i = c.Add(); i == len(inputs) {
					inputs = append(inputs, model{})
				} else if !inputs[i].removed {
					tc.Fatalf("the number of input %d is given again", i)
				}
				inputs[i] = model{mark: record.MinTime}
			case 11:
				if woke = true; in.ended && !in.removed {
					c.Remove(i)
					in.removed = true
				}
			case 0:
				rose = c.SetIdle(i)
				in.idle = !in.ended
			case 1:
				c.SetActive(i)
				in.idle, woke = false, true
			case 2:
				rose = c.End(i)
				in.ended, in.idle = true, false
			default:
				mark := record.Time(random.IntN(100))
				rose = c.Raise(i, mark)
				if !in.ended {
					in.mark, in.idle = max(in.mark, mark), false
				}
			}
			least, greatest, live, idle := record.MaxTime, record.MinTime, 0, 0
			for _, in := range inputs {
				switch {
				case in.ended:
				case in.idle:
					idle++
					greatest = max(greatest, in.mark)
				default:
					live++
					least = min(least, in.mark)
				}
			}
			was := out
			switch {
			case woke:
			case live > 0 || idle == 0:
				out = max(out, least)
			default:
				out = max(out, greatest)
			}
			if c.Out() != out || rose != (out > was) {
				tc.Fatalf("out %v rose %v, want %v %v", c.Out(), rose, out, out > was)
			}
			if c.Idle() != (live == 0 && idle > 0) || c.Ended() != (live == 0 && idle == 0) {
				tc.Fatalf("idle %v ended %v with %d live and %d idle inputs", c.Idle(), c.Ended(), live, idle)
			}
		}
	})
}

// TestOrderOfBecomingIdle has all inputs that have not ended become idle in two
// orders, some to wake in between: the combined watermark is the same behind them.
func TestOrderOfBecomingIdle(t *testing.T) {
	trial.Run(t, 500, func(c *trial.Case) {
		marks := make([]record.Time, 1+c.Random.IntN(5))
		for i := range marks {
			marks[i] = record.Time(c.Random.IntN(100))
		}
		ended := c.Random.IntN(len(marks)) // at most: so many of the first
		outs := map[record.Time]bool{}
		for range 2 {
			combiner := NewCombiner(len(marks))
			for i, mark := range marks {
				combiner.Raise(i, mark)
			}
			for i := range ended {
				combiner.End(i)
			}
			for _, i := range c.Random.Perm(len(marks)) {
				combiner.SetIdle(i)
			}
			outs[combiner.Out()] = true
		}
		if want := slices.Max(marks[ended:]); len(outs) != 1 || !outs[want] {
			c.Fatalf("marks %v, the first %d ended: %v, want %v", marks, ended, outs, want)
		}
	})
}
