package status

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// The shape is a promise to programs that read it, and is read back as it was.
func TestJSON(t *testing.T) {
	for _, test := range []struct {
		job  Job
		want string
	}{
		{Job{Name: "a", State: Starting}, `{"job":"a","state":"starting","elapsed_ms":0,"generation":0,"checkpoint":0,"restored":0,"steps":[]}`},
		{Job{Name: "w", State: Running, Waits: "room", Memory: Memory{8, Use{1, 2}, Use{3, 4}, Use{5, 6}}},
			`{"job":"w","state":"running","waits_for":"room","elapsed_ms":0,"generation":0,"checkpoint":0,"restored":0,"memory":` +
				`{"budget":8,"rows":1,"most_rows":2,"batches":3,"most_batches":4,"checkpoints":5,"most_checkpoints":6},"steps":[]}`},
		{Job{Name: "d", State: Running, Due: []Due{{Sink: "out", Checkpoints: 1}, {"log", 3, time.Unix(60, 0), "refused"}}},
			`{"job":"d","state":"running","due":[{"sink":"out","checkpoints":1},{"sink":"log","checkpoints":3,` +
				`"failing_since":"1970-01-01T00:01:00Z","why":"refused"}],"elapsed_ms":0,"generation":0,"checkpoint":0,"restored":0,"steps":[]}`},
		{Job{Name: "r", State: Waiting, Restarts: Restarts{2, time.Unix(60, 0), "reset"}},
			`{"job":"r","state":"waiting","restarts":{"count":2,"last_failure":"1970-01-01T00:01:00Z","why":"reset"},` +
				`"elapsed_ms":0,"generation":0,"checkpoint":0,"restored":0,"steps":[]}`},
		{Job{Name: "b", State: Running, Generation: 2, Checkpoint: 7, Restored: 5, Elapsed: 1500 * time.Millisecond, Steps: []Step{
			{ID: "in", Parallelism: 2, Watermark: 1_000_000,
				Counters: stream.CounterValues{In: 28, Accepted: 7, Late: 6, Dropped: 5, DeadLetters: 4, Skipped: 6, Out: 3, LatePartly: 1, LatePairs: 2,
					LateMerges: 1, MaxLate: 8, MaxDisorder: 9},
				Rejects: []stream.Reject{{Kind: "…", Rows: 5, Where: "a.csv:2", Message: "no", Letters: true}}},
			{ID: "mid", Parallelism: 1, Watermark: record.MinTime},
			{ID: "out", Parallelism: 1, Watermark: record.MaxTime},
		}}, `{"job":"b","state":"running","elapsed_ms":1500,"generation":2,"checkpoint":7,"restored":5,"steps":[` +
			`{"step":"in","parallelism":2,"in":28,"accepted":7,"late":6,"dropped":5,"dead_letters":4,"skipped":6,"out":3,"late_partly":1,"late_pairs":2,"late_merges":1,"max_late_us":8,"max_disorder_us":9,"rejects":[{"kind":"…","rows":5,"where":"a.csv:2","message":"no","dead_letters":true}],"watermark":"1970-01-01T00:00:01Z","ended":false},` +
			`{"step":"mid","parallelism":1,"in":0,"accepted":0,"late":0,"dropped":0,"dead_letters":0,"skipped":0,"out":0,"late_partly":0,"late_pairs":0,"late_merges":0,"max_late_us":0,"max_disorder_us":0,"ended":false},` +
			`{"step":"out","parallelism":1,"in":0,"accepted":0,"late":0,"dropped":0,"dead_letters":0,"skipped":0,"out":0,"late_partly":0,"late_pairs":0,"late_merges":0,"max_late_us":0,"max_disorder_us":0,"ended":true}]}`},
	} {
		got, err := json.Marshal(test.job)
		if err != nil || string(got) != test.want {
			t.Errorf("%v\ngot  %s\nwant %s", err, got, test.want)
		}
		var read Job
		if err := json.Unmarshal(got, &read); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(read)
		if err != nil || string(again) != test.want {
			t.Errorf("read and drawn again it is %s %v", again, err)
		}
	}
}
