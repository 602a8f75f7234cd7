package optest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// alarm puts out each row of its first input ten seconds after it came, by the clock,
// unless one of the second has taken it back. Its faults are those of clocks.
type alarm struct {
	stream.OperatorContext
	fault string
	next  time.Time
	alarms
}

// alarms is the state of an alarm.
type alarms struct {
	Set  []set
	Rung time.Time
}

type set struct {
	N  int64
	At time.Time
}

func newAlarm(fault string) stream.NewOperator {
	return func(ctx stream.OperatorContext) (stream.Operator, error) {
		a := &alarm{OperatorContext: ctx, fault: fault}
		for _, cell := range ctx.State.Cells("alarm") {
			if err := json.Unmarshal(cell, &a.alarms); err != nil {
				return nil, err
			}
		}
		return a, nil
	}
}

func (a *alarm) Step(in stream.InputID, e stream.Element, _ stream.Emitter) error {
	if e.Kind != stream.KindBatch {
		return nil
	}
	b := e.Batch.Dense()
	defer b.Release()
	a.Counters.In.Add(int64(b.Len()))
	a.Counters.Accepted.Add(int64(b.Len()))
	for i, n := range b.Columns[0].Int64s() {
		if in == 1 && b.RowKinds != nil && b.RowKinds.RowKinds()[i] == record.Delete {
			a.takeBack(n)
		} else if in == 0 {
			a.Set = append(a.Set, set{n, a.Now().Add(10 * time.Second)})
			a.next = a.Set[0].At
		}
	}
	return nil
}

func (a *alarm) takeBack(n int64) {
	for i, s := range a.Set {
		if s.N == n {
			a.Set = append(a.Set[:i:i], a.Set[i+1:]...)
			return
		}
	}
}

func (a *alarm) Deadline() time.Time {
	switch {
	case a.fault == "deadline not from state":
		return a.next
	case len(a.Set) == 0:
		return time.Time{}
	}
	return a.Set[0].At
}

func (a *alarm) Control(c stream.Control, _ stream.Emitter) error {
	if c.Kind == stream.ClockReached && a.fault != "deadline stays" {
		a.Rung, a.next = c.Now, time.Time{}
	}
	return nil
}

func (a *alarm) Resume(out stream.Emitter) (bool, error) {
	for left := a.Budget; len(a.Set) > 0 && !a.Set[0].At.After(a.Rung); left-- {
		if left == 0 {
			return true, nil
		}
		a.Counters.Out.Add(1)
		out.Emit(stream.Main, stream.BatchOf(Batch(a.Pool, keeperSchema, []Row{{Time: record.MaxTime, Values: []any{a.Set[0].N}}})))
		a.Set = a.Set[1:]
	}
	a.Progress.Forward(out, a.Progress.Combined())
	return false, nil
}

func (a *alarm) Snapshot(stream.CheckpointID) error {
	cell, err := json.Marshal(a.alarms)
	a.State.SetCell("alarm", cell)
	return err
}

func (a *alarm) Close() {}

var alarmInputs = []Input{{Schema: keeperSchema}, {Schema: keeperSchema, Changelog: &stream.Changelog{Key: []string{"n"}}}}

// What is due by the clock comes out by then, on whatever way.
func TestVerifyFindsFaultsOfClocks(t *testing.T) {
	row := func(n int64) Row { return Row{Values: []any{n}} }
	second := func(n record.Time) Element { return Clock(n * 1e6) }
	in := []Element{second(1), Rows(row(1), row(2)), second(4), Rows(row(3)), second(11), Rows(row(4)), second(14), second(30)}
	in = append(in, End(0, 1)...)
	for fault, wanted := range map[string]string{
		"":                        "",
		"deadline stays":          "the deadline stays 1970-01-01 00:00:11",
		"deadline not from state": "missing",
	} {
		_, err := verify(&Case{New: newAlarm(fault), Inputs: alarmInputs, Stream: in}, Want{stream.Main: {"n=1", "n=2", "n=3", "n=4"}})
		if wanted == "" && err != nil || wanted != "" && (err == nil || !strings.Contains(err.Error(), wanted)) {
			t.Errorf("fault %q: %v, want an error with %q", fault, err, wanted)
		}
	}
}

func TestScripts(t *testing.T) {
	Scripts(t, "testdata/*.txt", func(command string, _ map[string]string) (Case, error) {
		switch command {
		case "alarm":
			return Case{New: newAlarm(""), Inputs: alarmInputs}, nil
		case "tally":
			return Case{New: newTally(""), Inputs: []Input{{Schema: keeperSchema}, {Schema: keeperSchema}}, Changelog: tallyChangelog}, nil
		}
		return Case{}, fmt.Errorf("%q is not a command", command)
	})
}
