package metrics

import (
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
)

// This file declares the metrics. A value that is not there yet makes no sample.

// family is a metric of jobs, tasks, steps or whatever T is.
type family[T any] struct {
	name  string // behind its scope
	kind  kind
	unit  string
	help  string
	value func(*T) (int64, bool)
}

type kind string

const (
	counter kind = "counter"
	gauge   kind = "gauge"
)

// always is the value of something that always has one.
func always[T any](value func(*T) int64) func(*T) (int64, bool) {
	return func(of *T) (int64, bool) { return value(of), true }
}

// job is a job as its metrics see it.
type job struct{ status.Detail }

var jobFamilies = []family[job]{
	{"uptime", gauge, "ms", "time since this run of the job began", always(func(j *job) int64 { return j.Elapsed.Milliseconds() })},
	{"numRestarts", gauge, "", "how often the job has been taken up again from its checkpoints, by this process or another",
		func(j *job) (int64, bool) { return int64(j.Generation) - 1, j.Generation > 0 }},
	{"isWaiting", gauge, "", "1 while the job waits, for room on its disk or for a sink to show what is decided, else 0",
		always(func(j *job) int64 { return one(j.Waits != "") })},
	{"numberOfCompletedCheckpoints", counter, "", "checkpoints that were decided in this run",
		always(func(j *job) int64 { return j.Checkpoints.Completed })},
	{"numberOfFailedCheckpoints", counter, "", "checkpoints that were given up in this run",
		always(func(j *job) int64 { return j.Checkpoints.Failed })},
	{"numberOfInProgressCheckpoints", gauge, "", "checkpoints under way, 1 or 0",
		always(func(j *job) int64 { return j.Checkpoints.InProgress })},
	{"lastCompletedCheckpointId", gauge, "", "the latest checkpoint that is decided; one of an earlier run counts",
		func(j *job) (int64, bool) { return int64(j.Checkpoint), j.Checkpoint > 0 }},
	{"lastCheckpointDuration", gauge, "ms", "how long the latest checkpoint took, from its beginning to the decision",
		last(func(c status.CheckpointTaken) int64 { return c.Took.Milliseconds() })},
	{"lastCheckpointSize", gauge, "bytes", "state that was written for the latest checkpoint",
		last(func(c status.CheckpointTaken) int64 { return c.Bytes })},
	{"lastCheckpointFullSize", gauge, "bytes", "all state that the latest checkpoint rests on",
		last(func(c status.CheckpointTaken) int64 { return c.FullBytes })},
	{"lastCheckpointAge", gauge, "ms", "time since the latest checkpoint was decided, or since the run began; only of jobs that take some",
		checkpointAge},
	{"memoryBudget", gauge, "bytes", "memory that the job may take; none with `memory: none`",
		func(j *job) (int64, bool) { return j.Memory.Budget, j.Memory.Budget > 0 }},
}

// last is a value of the latest checkpoint.
func last(value func(status.CheckpointTaken) int64) func(*job) (int64, bool) {
	return func(j *job) (int64, bool) { return value(j.Checkpoints.Last), j.Checkpoints.Last.ID > 0 }
}

func checkpointAge(j *job) (int64, bool) {
	age := j.Elapsed
	if j.Checkpoints.Last.ID > 0 {
		age = j.At.Sub(j.Checkpoints.Last.At)
	}
	return age.Milliseconds(), j.Checkpoints.Interval > 0 && j.State != status.Starting
}

// share is a part of a job that has its own sample, such as one holder of memory.
type share struct{ value int64 }

func shareValue(s *share) int64 { return s.value }

var (
	stateFamily = family[share]{"state", gauge, "", "1 for the `state` that the job is in, 0 for the others", always(shareValue)}

	memoryFamily = family[share]{"memory", gauge, "bytes",
		"memory by its `holder`: `rows` of state, `batches` on their way, `checkpoints` being written; no rows with `memory: none`",
		always(shareValue)}

	dueFamily = family[share]{"uncommittedCheckpoints", gauge, "",
		"decided checkpoints whose output a `sink` has yet to show", always(shareValue)}

	tierFamily = family[share]{"stateSize", gauge, "bytes",
		"state by `tier`: in `memory`, and on `disk` where memory had no room for it; not with `memory: none`", always(shareValue)}
)

// task is a task with what it has spent of each second since it was asked last.
type task struct {
	*status.Task
	perSecond status.Spent
}

var taskFamilies = []family[task]{
	{"numBytesIn", counter, "bytes", "batches taken in from other tasks, as they take memory",
		func(t *task) (int64, bool) { return t.BytesIn, t.HasInputs }},
	{"numBytesOut", counter, "bytes", "batches sent to other tasks, as they take memory",
		func(t *task) (int64, bool) { return t.BytesOut, t.HasOutputs }},
	{"busyTimeMsPerSecond", gauge, "ms", "time of each second that the task worked, since the metrics were rendered last",
		always(func(t *task) int64 { return t.perSecond.Busy.Milliseconds() })},
	{"idleTimeMsPerSecond", gauge, "ms", "time of each second that it had nothing to do; a source, that it waited for rows to be read",
		always(func(t *task) int64 { return t.perSecond.Idle.Milliseconds() })},
	{"backPressuredTimeMsPerSecond", gauge, "ms", "time of each second that it waited for tasks that it sends to",
		always(func(t *task) int64 { return t.perSecond.Backpressured.Milliseconds() })},
	{"accumulateBusyTimeMs", counter, "ms", "time that the task has worked",
		always(func(t *task) int64 { return t.Spent.Busy.Milliseconds() })},
	{"accumulateIdleTimeMs", counter, "ms", "time that it has had nothing to do",
		always(func(t *task) int64 { return t.Spent.Idle.Milliseconds() })},
	{"accumulateBackPressuredTimeMs", counter, "ms", "time that it has waited for tasks that it sends to",
		always(func(t *task) int64 { return t.Spent.Backpressured.Milliseconds() })},
	{"checkpointAlignmentTime", gauge, "ns", "time from the first to the last barrier of the latest checkpoint",
		func(t *task) (int64, bool) { return t.Aligned.Nanoseconds(), t.HasInputs }},
}

// step is a subtask of a step.
type step struct {
	*status.Subtask
	now record.Time
}

var stepFamilies = []family[step]{
	{"numRecordsIn", counter, "", "rows taken in: the sum of those that were accepted, late, dropped, skipped, or became dead letters",
		always(func(s *step) int64 { return s.Counters.In })},
	{"numRecordsOut", counter, "", "rows emitted",
		func(s *step) (int64, bool) { return s.Counters.Out, s.Kind != status.Sink }},
	{"numRecordsSend", counter, "", "rows that a sink has taken in",
		func(s *step) (int64, bool) { return s.Counters.Accepted, s.Kind == status.Sink }},
	{"numBytesIn", counter, "bytes", "rows that a source has read, as they take memory",
		func(s *step) (int64, bool) { return s.Bytes, s.Kind == status.Source }},
	{"numBytesSend", counter, "bytes", "rows that a sink has taken in, as they take memory",
		func(s *step) (int64, bool) { return s.Bytes, s.Kind == status.Sink }},
	{"numRecordsAccepted", counter, "", "rows that took part, those that a filter turned away included",
		func(s *step) (int64, bool) { return s.Counters.Accepted, s.Kind != status.Sink }},
	{"numLateRecordsDropped", counter, "", "rows late for all of their windows; they are the step's output `late`",
		func(s *step) (int64, bool) { return s.Counters.Late, s.Kind == status.Operator }},
	{"numLateRecordsPartly", counter, "", "rows late for some of their windows, but not for all",
		func(s *step) (int64, bool) { return s.Counters.LatePartly, s.Kind == status.Operator }},
	{"numRecordsDropped", counter, "", "rows that failed under `on_error: drop`",
		func(s *step) (int64, bool) { return s.Counters.Dropped, s.Kind != status.Sink }},
	{"numDeadLetters", counter, "", "rows that failed under `on_error: dead_letter`",
		func(s *step) (int64, bool) { return s.Counters.DeadLetters, s.Kind != status.Sink }},
	{"numRecordsSkipped", counter, "", "rows outside `--from` and `--until`",
		func(s *step) (int64, bool) { return s.Counters.Skipped, s.Kind == status.Source }},
	{"currentInputWatermark", gauge, "ms", "the watermark of all inputs together; none before the first and behind the end of the input",
		func(s *step) (int64, bool) { return mark(s.Input) }},
	{"currentInput1Watermark", gauge, "ms", "that of the first input, where there are several", input(0)},
	{"currentInput2Watermark", gauge, "ms", "that of the second input", input(1)},
	{"currentOutputWatermark", gauge, "ms", "the watermark that was emitted last",
		func(s *step) (int64, bool) { return mark(s.Watermark) }},
	{"watermarkLag", gauge, "ms", "how far the watermark of a source is behind the clock",
		func(s *step) (int64, bool) { return lag(s.now, s.Watermark, s.Kind == status.Source) }},
	{"currentEmitEventTimeLag", gauge, "ms", "how far the latest rows of a source were behind the clock when they were emitted",
		func(s *step) (int64, bool) { return s.Behind.Milliseconds(), s.Kind == status.Source && s.Behind >= 0 }},
	{"numSplits", gauge, "", "splits that a source reads",
		func(s *step) (int64, bool) { return splits(s.Splits), s.Kind == status.Source }},
}

// split is a split of a source, or several.
type split struct {
	status.Split
	now record.Time
}

var splitFamilies = []family[split]{
	{"watermark_currentWatermark", gauge, "ms", "the watermark of a split; of those that stand together as `(others)`, the least",
		func(s *split) (int64, bool) { return mark(s.Watermark) }},
	{"eventTimeLag", gauge, "ms", "how far the latest event time in a split is behind the clock",
		func(s *split) (int64, bool) { return lag(s.now, s.Latest, true) }},
	{"pendingRecords", gauge, "", "records of a split that are still to be read, where its connector knows; of `(others)`, all together",
		func(s *split) (int64, bool) {
			if s.Lag == nil {
				return 0, false
			}
			return s.Lag.Records, s.Lag.Records >= 0
		}},
	{"sourceLag", gauge, "ms", "for how long the next record of a split has waited, where its connector knows; of `(others)`, the longest",
		func(s *split) (int64, bool) {
			if s.Lag == nil {
				return 0, false
			}
			return s.Lag.Time.Milliseconds(), s.Lag.Time >= 0
		}},
}

// mark is a watermark in ms, where there is one.
func mark(t record.Time) (int64, bool) {
	return t.GoTime().UnixMilli(), t > record.MinTime && t < record.MaxTime
}

// lag is how many ms a time is behind now.
func lag(now, t record.Time, counts bool) (int64, bool) {
	_, is := mark(t)
	return (time.Duration(now-t) * time.Microsecond).Milliseconds(), is && counts
}

func input(n int) func(*step) (int64, bool) {
	return func(s *step) (int64, bool) {
		if len(s.Inputs) < 2 || n >= len(s.Inputs) {
			return 0, false
		}
		return mark(s.Inputs[n])
	}
}

func splits(all []status.Split) (n int64) {
	for _, s := range all {
		n += int64(max(s.Others, 1))
	}
	return n
}

func one(is bool) int64 {
	if is {
		return 1
	}
	return 0
}
