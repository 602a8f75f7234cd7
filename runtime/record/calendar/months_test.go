package calendar

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/trial"
)

// anyTime returns a time of the whole range, more often one of years that people
// write, or an end of time.
func anyTime(random *rand.Rand) int64 {
	switch random.IntN(4) {
	case 0:
		return []int64{math.MinInt64, math.MinInt64 + 1, -1, 0, 1, math.MaxInt64 - 1, math.MaxInt64}[random.IntN(7)]
	case 1:
		return random.Int64N(400*366*MicrosPerDay) - 200*366*MicrosPerDay
	}
	return int64(random.Uint64())
}

func TestJoin(t *testing.T) {
	trial.Run(t, 10_000, func(t *trial.Case) {
		at := anyTime(t.Random)
		if back, ok := Join(Split(at)); !ok || back != at {
			t.Fatalf("%d is put together as %d, %v", at, back, ok)
		}
	})
	days, rest := Split(math.MaxInt64)
	if _, ok := Join(days, rest+1); ok {
		t.Error("there is a time behind the last")
	}
	if days, rest = Split(math.MinInt64); rest == 0 {
		t.Fatal("the first time is a midnight")
	}
	if _, ok := Join(days, rest-1); ok {
		t.Error("there is a time before the first")
	}
	for _, day := range []int64{days - 1, -days + 1, math.MinInt32, math.MaxInt32} {
		if _, ok := Join(day, 0); ok {
			t.Errorf("day %d has a time", day)
		}
	}
}

func TestMonth(t *testing.T) {
	for days := int64(-800_000); days < 200_000; days++ {
		year, month, _ := Date(days)
		if m := Month(days); m != year*12+month-1 || FirstOfMonth(m) != Days(year, month, 1) {
			t.Fatalf("day %d lies in month %d, which begins on %d", days, m, FirstOfMonth(m))
		}
	}
}

// TestAddMonths compares with what Go's calendar says.
func TestAddMonths(t *testing.T) {
	trial.Run(t, 20_000, func(t *trial.Case) {
		random, at := t.Random, anyTime(t.Random)
		n := random.Int64N(5000) - 2500
		if random.IntN(4) == 0 {
			n = random.Int64N(2*mostMonths) - mostMonths
		}
		day := time.UnixMicro(at).UTC()
		want := day.AddDate(0, int(n), 0)
		if want.Day() != day.Day() { // Go runs on into the month behind
			want = want.AddDate(0, 0, -want.Day())
		}
		got, ok := AddMonths(at, n)
		if is := time.UnixMicro(want.UnixMicro()).Equal(want); ok != is || ok && got != want.UnixMicro() {
			t.Fatalf("%d and %d months is %d, %v, want %v", at, n, got, ok, want)
		}
	})
	for _, n := range []int64{math.MinInt64, -mostMonths - 1, mostMonths + 1, math.MaxInt64} {
		if _, ok := AddMonths(0, n); ok {
			t.Errorf("there is a time %d months behind 1970", n)
		}
	}
}

// TestMonthsBetween holds it to what it means.
func TestMonthsBetween(t *testing.T) {
	trial.Run(t, 10_000, func(t *trial.Case) {
		a, b := anyTime(t.Random), anyTime(t.Random)
		from, to := min(a, b), max(a, b)
		n := MonthsBetween(from, to)
		reached, ok := AddMonths(from, n)
		next, nextOk := AddMonths(from, n+1)
		if n < 0 || !ok || reached > to || nextOk && next <= to {
			t.Fatalf("between %d and %d lie %d months", from, to, n)
		}
	})
}
