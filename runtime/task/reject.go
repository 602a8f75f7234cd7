package task

import "github.com/weirstream/weir/runtime/stream"

// reject counts records that are dropped or, as onError says, makes dead letters of them.
func (n *node) reject(failed []stream.FailedRecord, onError stream.OnError) {
	letters := onError == stream.ToDeadLetter
	n.counters.In.Add(int64(len(failed)))
	for _, f := range failed {
		n.rejects.AddFailed(f, letters)
	}
	if !letters {
		n.counters.Dropped.Add(int64(len(failed)))
		return
	}
	n.counters.DeadLetters.Add(int64(len(failed)))
	n.Emit(stream.DeadLetter, stream.BatchOf(stream.DeadLetters(n.chain.pool, n.step.InJob(), failed)))
}
