package trial

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestSeedsAreFixed draws the same cases twice, and fresh ones behind them.
func TestSeedsAreFixed(t *testing.T) {
	draw := func(p Plan) (seeds, drawn []uint64) {
		var mu sync.Mutex
		p.Run(t, func(c *Case) {
			mu.Lock()
			defer mu.Unlock()
			seeds, drawn = append(seeds, c.Seed), append(drawn, c.Random.Uint64())
		})
		return seeds, drawn
	}
	first, numbers := draw(Plan{Seeds: 5})
	second, again := draw(Plan{Seeds: 5, Fresh: time.Millisecond})
	n := len(first)
	if float64(n) != 5*Times() || len(second) <= n || !slices.Equal(first, second[:n]) || !slices.Equal(numbers, again[:n]) {
		t.Errorf("drawn %v, then %v", first, second)
	}
	parallel, _ := draw(Plan{Seeds: 5, Parallel: true})
	if slices.Sort(parallel); !slices.Equal(parallel, first) {
		t.Errorf("in parallel drawn %v", parallel)
	}
}

const outcomeVariable = "WEIR_TEST_OUTCOME"

// TestBadCase ends as it is told to, at its third seed; by itself it is fine.
func TestBadCase(t *testing.T) {
	outcome := os.Getenv(outcomeVariable)
	if outcome == "hang" || outcome == "lock" || outcome == "wait" {
		patience = 50 * time.Millisecond
	}
	if outcome == "wait" {
		defer Guard(t, func() string { return "for nothing" })()
		select {}
	}
	Run(t, 5, func(c *Case) {
		c.Describe(func() string {
			if outcome == "lock" {
				select {}
			}
			return "in the middle"
		})
		if c.Seed == 3 {
			badCase(c, outcome)
		}
	})
}

func badCase(c *Case, outcome string) {
	switch outcome {
	case "error":
		c.Error("wrong")
	case "fatal":
		c.Fatal("wrong")
	case "panic":
		panic("wrong")
	case "hang", "lock":
		select {}
	}
}

// TestOutcomes has this test binary run cases that end badly, and reads what it
// says of them.
func TestOutcomes(t *testing.T) {
	for outcome, reasons := range map[string][]string{
		"error": {"FAIL: TestBadCase", "wrong"},
		"fatal": {"FAIL: TestBadCase", "wrong"},
		"panic": {"panic: wrong"},
		"hang":  {"TestBadCase, seed 3, hangs: no end after 50ms\n", "trial.badCase"},
		"wait":  {"TestBadCase hangs: no end after 50ms\n", "for nothing"},
		"lock":  {"TestBadCase, seed 3, hangs: no end after 50ms\n", "trial.badCase", "that hangs, too"},
	} {
		self := exec.Command(os.Args[0], "-test.run", "^TestBadCase$", "-test.timeout", "20s")
		self.Env = append(os.Environ(), outcomeVariable+"="+outcome, "WEIR_TRIALS=")
		output, err := self.CombinedOutput()
		if err == nil {
			t.Errorf("%s: the test passes", outcome)
		}
		if outcome != "lock" && outcome != "wait" {
			reasons = append(reasons, "-run '^TestBadCase$' -seed 3", "in the middle")
		}
		for _, part := range reasons {
			if !strings.Contains(string(output), part) {
				t.Errorf("%s: no %q in\n%s", outcome, part, output)
			}
		}
	}
}
