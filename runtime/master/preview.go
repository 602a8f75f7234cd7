package master

import (
	"context"

	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/stream"
)

// Preview says what a start of a job would resume from, as [checkpoint.Preview] does,
// and starts nothing.
func Preview(ctx context.Context, g *graph.Graph, o Options) (stream.CheckpointID, *checkpoint.ChangedError, error) {
	o = o.withDefaults()
	plan, err := graph.Plan(g, o.Parallelism)
	if err != nil {
		return 0, nil, err
	}
	return checkpoint.Preview(ctx, o.Store, o.checkpointOptions(g, plan))
}
