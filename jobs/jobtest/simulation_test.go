package jobtest

import (
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/trial"
)

// TestSimulation looks for trouble with fixed seeds, so that each run of the tests
// sees the same cases, and for a while with fresh ones.
func TestSimulation(t *testing.T) { simulateMany(t, NewScenario, 300, Report.isTame) }

// TestSilence does the same with splits that are silent, wake and end.
func TestSilence(t *testing.T) {
	simulateMany(t, NewPlay, 120, func(r Report) bool { return r.isTame() || min(r.Silences, r.LateWoken) < 5 })
}

// TestHistory does the same with sources of two parts.
func TestHistory(t *testing.T) { simulateMany(t, NewHistory, 150, Report.isTame) }

// drawing draws a scenario of about so many rows.
type drawing func(random *rand.Rand, rows int) *Scenario

func simulateMany(t *testing.T, draw drawing, seeds int, isTame func(Report) bool) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // all is small and short-lived
	var all struct {
		sync.Mutex
		Report
		seeds int
	}
	plan := trial.Plan{Seeds: seeds, Fresh: 2 * time.Second, Parallel: true}
	whole := plan.Run(t, func(c *trial.Case) {
		report := simulate(c, draw)
		all.Lock()
		all.Report = all.Add(report)
		all.seeds++
		all.Unlock()
	})
	t.Logf("%d seeds: %+v", all.seeds, all.Report)
	if whole && !t.Failed() && isTame(all.Report) {
		t.Errorf("the simulation was too tame: %+v", all.Report)
	}
}

func simulate(c *trial.Case, draw drawing) Report {
	campaign, err := NewCampaign(c.Seed, draw)
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
	trial.Run(t, 10, func(c *trial.Case) {
		for _, draw := range []drawing{NewScenario, NewPlay} {
			if a, b := simulate(c, draw), simulate(c, draw); a != b {
				c.Fatalf("seed %d ran in two ways: %+v and %+v", c.Seed, a, b)
			}
		}
	})
}
