package status

import (
	"encoding/json"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is a job as programs see it: `weir run --json`, and whatever else tells of jobs. Keys
// are only ever added.

// jobJSON is a [Job].
type jobJSON struct {
	Job        string              `json:"job"`
	State      State               `json:"state"`
	Waits      string              `json:"waits_for,omitempty"`
	Due        []Due               `json:"due,omitempty"`
	Restarts   *restartsJSON       `json:"restarts,omitempty"` // nil where there was none
	ElapsedMS  int64               `json:"elapsed_ms"`
	Generation uint64              `json:"generation"`
	Checkpoint stream.CheckpointID `json:"checkpoint"`
	Restored   stream.CheckpointID `json:"restored"`
	Memory     *memoryJSON         `json:"memory,omitempty"` // nil where nothing was counted
	Steps      []Step              `json:"steps"`
}

// MarshalJSON implements [json.Marshaler].
func (j Job) MarshalJSON() ([]byte, error) {
	return json.Marshal(jobJSON{j.Name, j.State, j.Waits, j.Due, j.Restarts.json(), j.Elapsed.Milliseconds(), j.Generation, j.Checkpoint,
		j.Restored, j.Memory.json(), append([]Step{}, j.Steps...)})
}

// UnmarshalJSON implements [json.Unmarshaler]. Times are as exact as they were drawn.
func (j *Job) UnmarshalJSON(text []byte) error {
	var d jobJSON
	if err := json.Unmarshal(text, &d); err != nil {
		return err
	}
	*j = Job{Name: d.Job, State: d.State, Waits: d.Waits, Due: d.Due, Elapsed: time.Duration(d.ElapsedMS) * time.Millisecond,
		Generation: d.Generation, Checkpoint: d.Checkpoint, Restored: d.Restored, Steps: d.Steps}
	if r := d.Restarts; r != nil {
		j.Restarts = Restarts{r.Count, r.At, r.Why}
	}
	if m := d.Memory; m != nil {
		j.Memory = Memory{m.Budget, Use{m.Rows, m.MostRows}, Use{m.Batches, m.MostBatches}, Use{m.Checkpoints, m.MostCheckpoints}}
	}
	return nil
}

// stepJSON is a [Step]. There is no watermark before the first one; behind the end, ended is true
// instead.
type stepJSON struct {
	Step        string `json:"step"`
	Parallelism int    `json:"parallelism"`
	stream.CounterValues
	Rejects   []stream.Reject `json:"rejects,omitempty"`
	Watermark string          `json:"watermark,omitempty"`
	Ended     bool            `json:"ended"`
}

// MarshalJSON implements [json.Marshaler].
func (s Step) MarshalJSON() ([]byte, error) {
	watermark := ""
	if s.Watermark > record.MinTime && s.Watermark < record.MaxTime {
		watermark = s.Watermark.String()
	}
	return json.Marshal(stepJSON{s.ID, s.Parallelism, s.Counters, s.Rejects, watermark, s.Watermark == record.MaxTime})
}

// UnmarshalJSON implements [json.Unmarshaler].
func (s *Step) UnmarshalJSON(text []byte) error {
	var d stepJSON
	if err := json.Unmarshal(text, &d); err != nil {
		return err
	}
	*s = Step{ID: d.Step, Parallelism: d.Parallelism, Counters: d.CounterValues, Rejects: d.Rejects, Watermark: record.MinTime}
	switch {
	case d.Ended:
		s.Watermark = record.MaxTime
	case d.Watermark != "":
		t, err := record.ParseTime([]byte(d.Watermark))
		if err != nil {
			return err
		}
		s.Watermark = t
	}
	return nil
}

// restartsJSON is [Restarts].
type restartsJSON struct {
	Count int64     `json:"count"`
	At    time.Time `json:"last_failure"`
	Why   string    `json:"why"`
}

func (r Restarts) json() *restartsJSON {
	if r.At.IsZero() {
		return nil
	}
	return &restartsJSON{r.Count, toSecond(r.At), r.Why}
}

// dueJSON is [Due].
type dueJSON struct {
	Sink        string    `json:"sink"`
	Checkpoints int       `json:"checkpoints"`
	Since       time.Time `json:"failing_since,omitzero"`
	Why         string    `json:"why,omitempty"`
}

// MarshalJSON implements [json.Marshaler].
func (d Due) MarshalJSON() ([]byte, error) {
	return json.Marshal(dueJSON{d.Sink, d.Checkpoints, toSecond(d.Since), d.Why})
}

// UnmarshalJSON implements [json.Unmarshaler].
func (d *Due) UnmarshalJSON(text []byte) error {
	var drawn dueJSON
	err := json.Unmarshal(text, &drawn)
	*d = Due(drawn)
	return err
}

// toSecond is a time as it is drawn.
func toSecond(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC().Truncate(time.Second)
}

// memoryJSON is [Memory].
type memoryJSON struct {
	Budget          int64 `json:"budget"`
	Rows            int64 `json:"rows"`
	MostRows        int64 `json:"most_rows"`
	Batches         int64 `json:"batches"`
	MostBatches     int64 `json:"most_batches"`
	Checkpoints     int64 `json:"checkpoints"`
	MostCheckpoints int64 `json:"most_checkpoints"`
}

func (m Memory) json() *memoryJSON {
	if m == (Memory{}) {
		return nil
	}
	return &memoryJSON{m.Budget, m.Rows.Now, m.Rows.Most, m.Batches.Now, m.Batches.Most, m.Checkpoints.Now, m.Checkpoints.Most}
}
