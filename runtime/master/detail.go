package master

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/task"
)

// This file is what a master lets others see beside the status: the job in detail, and what
// happens to it.

// splitsInDetail is how many splits of a source have an entry of their own, over its subtasks,
// of which each has one at least. So a source of ten thousand splits makes no more work and
// series than one of a hundred.
const splitsInDetail = 100

// Detail returns the job as it is now, subtask by subtask. Any goroutine may call it; no other
// waits for it.
func (j *Job) Detail() status.Detail {
	m := j.master
	m.mu.Lock()
	d := status.Detail{Job: m.mu.status, At: m.host.Now(), Checkpoints: m.mu.checkpoints}
	began, chains := m.mu.began, m.mu.chains
	m.mu.Unlock()
	if !began.IsZero() {
		d.Elapsed = d.At.Sub(began)
	}
	d.Memory = m.options.memory()
	if m.options.Tier != nil {
		d.Disk = m.options.Tier.Disk()
	}
	d.Checkpoints.Interval = m.options.CheckpointInterval
	subtasks := map[string]int{} // by source
	for _, c := range chains {
		subtasks[c.Source()]++
	}
	d.Tasks = make([]status.Task, len(chains))
	for i, c := range chains {
		d.Tasks[i] = c.Detail(max(splitsInDetail/subtasks[c.Source()], 1))
	}
	return d
}

// underWay is the checkpoint that is being taken.
type underWay struct {
	id     stream.CheckpointID
	since  time.Time
	bytes  int64
	stands int64 // bytes of the state that it rests on
}

// triggered notes that a checkpoint begins.
func (m *master) triggered(id stream.CheckpointID) {
	m.taking = underWay{id: id, since: m.host.Now()}
	m.mu.Lock()
	m.mu.checkpoints.InProgress = 1
	m.mu.Unlock()
}

// weigh notes how large a subtask's share of the checkpoint under way is.
func (m *master) weigh(a task.Acknowledged) {
	if a.ID != m.taking.id || a.Err != nil {
		return
	}
	m.taking.bytes += a.Written
	for _, ref := range a.Entry.Objects {
		m.taking.stands += ref.Length
	}
}

// decided notes that the checkpoint under way counts, and tells of it.
func (m *master) decided(id stream.CheckpointID) {
	now := m.host.Now()
	taken := status.CheckpointTaken{ID: id, At: now, Took: now.Sub(m.taking.since), Bytes: m.taking.bytes, FullBytes: m.taking.stands}
	m.mu.Lock()
	m.mu.status.Checkpoint = id
	m.mu.checkpoints.Completed++
	m.mu.checkpoints.InProgress = 0
	m.mu.checkpoints.Last = taken
	m.mu.Unlock()
	m.observe(status.Event{Kind: status.CheckpointDecided, Checkpoint: id, Taken: taken})
}

// givenUp notes that the checkpoint under way will never count.
func (m *master) givenUp(a checkpoint.Aborted) {
	m.mu.Lock()
	m.mu.checkpoints.Failed++
	m.mu.checkpoints.InProgress = 0
	m.mu.Unlock()
}

// showDue notes what sinks have yet to show.
func (m *master) showDue() {
	var due []status.Due
	for _, u := range m.coordinator.Uncommitted() {
		d := status.Due{Sink: u.Sink, Checkpoints: u.Checkpoints, Since: u.Since}
		if u.Err != nil {
			d.Why = u.Err.Error()
		}
		due = append(due, d)
	}
	m.mu.Lock()
	m.mu.status.Due = due
	m.mu.Unlock()
	if m.shortage != nil {
		return // the status says that the job waits for room
	}
	if u := m.coordinator.Waits(); u != nil {
		m.waitFor(fmt.Errorf("%s: %w", u.What(), u.Err))
	} else {
		m.waitFor(nil)
	}
}

// warn tells of a failure that the job goes on after. What ends because the job is
// ended is none.
func (m *master) warn(err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	if m.options.Warn != nil {
		m.options.Warn(err)
	}
	place := failure.PlaceOf(err)
	m.observe(status.Event{Kind: status.Warned, Step: place.Step, Checkpoint: stream.CheckpointID(place.Checkpoint), Err: err})
}

func (m *master) observe(e status.Event) {
	if m.options.Observe != nil {
		m.options.Observe(e)
	}
}
