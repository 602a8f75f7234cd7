package jobtest

import (
	"runtime/debug"
	"sync"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/trial"
)

// TestSimulation looks for trouble with fixed seeds, so that each run of the tests
// sees the same cases, and for a while with fresh ones.
func TestSimulation(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // all is small and short-lived
	var all struct {
		sync.Mutex
		Report
		seeds int
	}
	plan := trial.Plan{Seeds: 300, Fresh: 2 * time.Second, Parallel: true}
	whole := plan.Run(t, func(c *trial.Case) {
		report := simulate(c)
		all.Lock()
		all.Report = all.Add(report)
		all.seeds++
		all.Unlock()
	})
	t.Logf("%d seeds: %+v", all.seeds, all.Report)
	if whole && all.isTame() {
		t.Errorf("the simulation was too tame: %+v", all.Report)
	}
}

func simulate(c *trial.Case) Report {
	campaign, err := NewCampaign(c.Seed)
	if err != nil {
		c.Error(err)
		return Report{}
	}
	c.Describe(campaign.String)
	report, err := campaign.Run()
	if err != nil {
		c.Errorf("seed %d: %v", c.Seed, err)
	}
	return report
}

func TestSimulationIsAFunctionOfItsSeed(t *testing.T) {
	trial.Run(t, 20, func(c *trial.Case) {
		if a, b := simulate(c), simulate(c); a != b {
			c.Fatalf("seed %d ran in two ways: %+v and %+v", c.Seed, a, b)
		}
	})
}
