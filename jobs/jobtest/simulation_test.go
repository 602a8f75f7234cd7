package jobtest

import (
	"os"
	"testing"
	"time"
)

// simulationTime is how long TestSimulation looks for trouble; the environment
// variable WEIR_SIM_TIME ("30s") has it look longer.
func simulationTime(t *testing.T) time.Duration {
	text := os.Getenv("WEIR_SIM_TIME")
	if text == "" {
		return 3 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("WEIR_SIM_TIME: %v", err)
	}
	return d
}

func TestSimulation(t *testing.T) {
	if *seedFlag != 0 {
		simulate(t, *seedFlag)
		return
	}
	var all Report
	seeds := uint64(0)
	for end := time.Now().Add(simulationTime(t)); time.Now().Before(end) || seeds < 50; {
		seeds++
		all = all.Add(simulate(t, seeds))
	}
	t.Logf("%d seeds: %+v", seeds, all)
	if all.Kills == 0 || all.PowerCuts == 0 || all.Takeovers == 0 || all.Stops == 0 || all.Failures == 0 || all.Checkpoints == 0 {
		t.Fatalf("the simulation was too tame: %+v", all)
	}
}

func simulate(t *testing.T, seed uint64) Report {
	report, scenario, err := Simulate(seed)
	if err != nil {
		t.Fatalf("-seed %d, after %+v: %v\n%s", seed, report, err, scenario.Job)
	}
	return report
}

func TestSimulationIsAFunctionOfItsSeed(t *testing.T) {
	for seed := uint64(1); seed <= 20; seed++ {
		if a, b := simulate(t, seed), simulate(t, seed); a != b {
			t.Fatalf("seed %d ran in two ways: %+v and %+v", seed, a, b)
		}
	}
}
