package jobtest

import (
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
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
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // all is small and short-lived
	var next atomic.Uint64
	var all struct {
		sync.Mutex
		Report
	}
	end := time.Now().Add(simulationTime(t))
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for !t.Failed() && (time.Now().Before(end) || next.Load() < 50) {
				report := simulate(t, next.Add(1))
				all.Lock()
				all.Report = all.Add(report)
				all.Unlock()
			}
		})
	}
	workers.Wait()
	t.Logf("%d seeds: %+v", next.Load(), all.Report)
	if all.Kills == 0 || all.PowerCuts == 0 || all.Takeovers == 0 || all.Stops == 0 || all.Failures == 0 || all.Checkpoints == 0 {
		t.Errorf("the simulation was too tame: %+v", all.Report)
	}
}

func simulate(t *testing.T, seed uint64) Report {
	report, scenario, err := Simulate(seed)
	if err != nil {
		t.Errorf("-seed %d, after %+v: %v\n%s", seed, report, err, scenario.Job)
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
