package window

import (
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state"
)

// A heap of deadlines gives rows in the order of their bounds, whatever is
// postponed and removed in between.
func TestDeadlines(t *testing.T) { trial.Run(t, 10, checkDeadlines) }

func checkDeadlines(t *trial.Case) {
	var d deadlines
	bounds := map[state.RowID]int64{}
	least := func() (low int64) {
		low = 1 << 62
		for _, b := range bounds {
			low = min(low, b)
		}
		return low
	}
	for range 2000 {
		switch r := state.RowID(t.Random.IntN(300)); {
		case len(bounds) > 0 && t.Random.IntN(4) == 0:
			first, bound := d.first()
			if bound != least() || bounds[first] != bound {
				t.Fatalf("first is row %d with bound %d; its bound is %d and the least %d", first, bound, bounds[first], least())
			}
			bounds[first] = bound + t.Random.Int64N(1000)
			d.postpone(bounds[first])
		default:
			if _, ok := bounds[r]; ok {
				d.remove(r)
				delete(bounds, r)
				continue
			}
			bounds[r] = t.Random.Int64N(1000)
			d.add(r, bounds[r])
		}
	}
}

// A timetable lists rows by number, and numbers in order.
func TestTimetable(t *testing.T) { trial.Run(t, 10, checkTimetable) }

func checkTimetable(t *trial.Case) {
	tt := newTimetable()
	want := map[int64][]state.RowID{}
	for i := range 500 {
		number := t.Random.Int64N(60) - 30
		if t.Random.IntN(40) == 0 && want[number] != nil {
			tt.close(tt.from(number))
			delete(want, number)
			continue
		}
		tt.add(number, state.RowID(i))
		want[number] = append(want[number], state.RowID(i))
		if l := tt.from(number); l.number != number || !slices.Equal(l.rows, want[number]) {
			t.Fatalf("number %d has %v, want %v", number, l.rows, want[number])
		}
	}
	if !slices.IsSorted(tt.numbers) || len(tt.numbers) != len(want) || tt.least().number != tt.numbers[0] {
		t.Errorf("numbers %v of %d lists", tt.numbers, len(want))
	}
	if l := tt.from(1000); l != nil {
		t.Errorf("there is a list behind the last: %d", l.number)
	}
}
