package status

import (
	"encoding/json"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// MarshalJSON draws the job for programs: `weir run --json` and whatever else
// tells of jobs. Keys are only ever added.
func (j Job) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Job        string              `json:"job"`
		State      State               `json:"state"`
		Waits      string              `json:"waits_for,omitempty"`
		Due        []Due               `json:"due,omitempty"`
		Restarts   *restarts           `json:"restarts,omitempty"`
		ElapsedMS  int64               `json:"elapsed_ms"`
		Generation uint64              `json:"generation"`
		Checkpoint stream.CheckpointID `json:"checkpoint"`
		Restored   stream.CheckpointID `json:"restored"`
		Memory     *memory             `json:"memory,omitempty"`
		Steps      []Step              `json:"steps"`
	}{j.Name, j.State, j.Waits, j.Due, j.Restarts.json(), j.Elapsed.Milliseconds(), j.Generation, j.Checkpoint, j.Restored, j.Memory.json(),
		append([]Step{}, j.Steps...)})
}

// MarshalJSON draws the step with its counters. There is no watermark before the
// first one; behind the end, ended is true instead.
func (s Step) MarshalJSON() ([]byte, error) {
	watermark := ""
	if s.Watermark > record.MinTime && s.Watermark < record.MaxTime {
		watermark = s.Watermark.String()
	}
	return json.Marshal(struct {
		Step        string `json:"step"`
		Parallelism int    `json:"parallelism"`
		stream.CounterValues
		Rejects   []stream.Reject `json:"rejects,omitempty"`
		Watermark string          `json:"watermark,omitempty"`
		Ended     bool            `json:"ended"`
	}{s.ID, s.Parallelism, s.Counters, s.Rejects, watermark, s.Watermark == record.MaxTime})
}

// restarts is Restarts for programs.
type restarts struct {
	Count int64  `json:"count"`
	At    string `json:"last_failure"`
	Why   string `json:"why"`
}

// json returns nil where there was none.
func (r Restarts) json() *restarts {
	if r.At.IsZero() {
		return nil
	}
	return &restarts{r.Count, r.At.UTC().Format(time.RFC3339), r.Why}
}

// MarshalJSON draws what is due for programs.
func (d Due) MarshalJSON() ([]byte, error) {
	since := ""
	if !d.Since.IsZero() {
		since = d.Since.UTC().Format(time.RFC3339)
	}
	return json.Marshal(struct {
		Sink        string `json:"sink"`
		Checkpoints int    `json:"checkpoints"`
		Since       string `json:"failing_since,omitempty"`
		Why         string `json:"why,omitempty"`
	}{d.Sink, d.Checkpoints, since, d.Why})
}

// memory is Memory for programs.
type memory struct {
	Budget          int64 `json:"budget"`
	Rows            int64 `json:"rows"`
	MostRows        int64 `json:"most_rows"`
	Batches         int64 `json:"batches"`
	MostBatches     int64 `json:"most_batches"`
	Checkpoints     int64 `json:"checkpoints"`
	MostCheckpoints int64 `json:"most_checkpoints"`
}

// json returns nil where nothing was counted.
func (m Memory) json() *memory {
	if m == (Memory{}) {
		return nil
	}
	return &memory{m.Budget, m.Rows.Now, m.Rows.Most, m.Batches.Now, m.Batches.Most, m.Checkpoints.Now, m.Checkpoints.Most}
}
