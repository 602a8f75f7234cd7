package jobs

import (
	"fmt"
	"slices"
	"time"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// ParseRange reads a range of event time: each end is RFC 3339 text or a date,
// which is its first moment in UTC; "" leaves the range open there. Without
// either it is nil.
func ParseRange(from, until string) (*graph.Range, error) {
	if from == "" && until == "" {
		return nil, nil
	}
	r := &graph.Range{From: record.MinTime, Until: record.MaxTime}
	for _, end := range []struct {
		name, text string
		to         *record.Time
	}{{"from", from, &r.From}, {"until", until, &r.Until}} {
		if end.text == "" {
			continue
		}
		t, err := parseMoment(end.text)
		if err != nil {
			return nil, fmt.Errorf("%s: %q is neither a date such as 2013-01-05 nor a time such as 2013-01-05T18:00:00Z", end.name, end.text)
		}
		*end.to = t
	}
	if r.From >= r.Until {
		return nil, fmt.Errorf("from %s is not before until %s: nothing lies between them", from, until)
	}
	return r, nil
}

func parseMoment(text string) (record.Time, error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return record.TimeOf(day), nil
	}
	return record.ParseTime([]byte(text))
}

// Replay narrows a job to the rows with an event time in a range. It is another
// job then: it does not resume from checkpoints of one over another range. Where
// the user allows that, sources are read from their start, for the rows that were
// skipped lie before their positions.
func Replay(job *Job, r *graph.Range) error {
	for _, s := range job.Graph.Steps {
		if s.Source != nil && !s.Source.EventTime.Exists() {
			return fmt.Errorf("source %q has no event time, by which a range selects rows; "+
				"give it one: event_time: { column: … }", s.ID)
		}
	}
	for _, s := range job.Graph.Steps {
		if s.Source != nil {
			s.Source.EventTime.Range = r
			s.Definition = append(slices.Clip(s.Definition), stream.Clause{Text: "event time " + r.String()})
		}
	}
	return nil
}
