package shards_test

import (
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/connectors/conntest/shards"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

func TestSource(t *testing.T) {
	conntest.TestSource(t, conntest.Source{Many: true, New: func(_ testing.TB, splits, rows int) (stream.Source, env.Env) {
		return shards.Flat(splits, rows), env.Real()
	}})
}

// TestParents holds a log whose shards split and merge to what the suite asks of such.
func TestParents(t *testing.T) {
	trial.Run(t, 50, func(c *trial.Case) {
		log := shards.Draw(c.Random, 1+c.Random.IntN(20), 1, 20, 0)
		if c.Random.IntN(4) > 0 {
			log = shards.Draw(c.Random, 2+c.Random.IntN(20), 1+c.Random.IntN(60), 20, 0)
		}
		log.Step = c.Random.IntN(10)
		conntest.TestParents(c, log, env.Real())
	})
}
