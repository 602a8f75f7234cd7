package jobs

import (
	"context"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/status"
)

// Show runs a job of [LoadShow] until its head has printed its fill, its input
// has ended, or ctx has. It leaves nothing behind: checkpoints, of which there is
// at most the last, are kept in memory.
func Show(ctx context.Context, job *Job, head component.Head, o Options) (status.Job, error) {
	shown, err := master.Start(job.Graph, master.Options{
		Env: o.Env, Store: objstore.NewMemory(), Pool: o.Pool, Warn: o.warn(job),
		Parallelism: o.parallelism(job), BufferTimeout: job.BufferTimeout,
	})
	if err != nil {
		return status.Job{}, job.Secrets.HideError(err)
	}
	ended := make(chan struct{})
	go func() {
		select {
		case <-head.Full():
		case <-ctx.Done():
		case <-ended:
			return
		}
		shown.Cancel()
	}()
	last, err := shown.Wait()
	close(ended)
	if ctx.Err() != nil || isClosed(head.Full()) {
		err, last.State = nil, status.Stopped // whatever came behind the last row that was wanted
	}
	return last, job.Secrets.HideError(err)
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
