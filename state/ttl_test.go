package state_test

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/snapshot"
)

const micros = time.Microsecond

// expiring returns a declaration of countSpec with a TTL.
func expiring(ttl state.TTL) state.TableSpec {
	spec := countSpec
	spec.TTL = ttl
	return spec
}

// ages is a table whose rows expire.
type ages struct {
	*testing.T
	backend *state.Backend
	table   *state.Table
}

func (a *ages) put(key int) { upsert(a.table, key, 1) }

func (a *ages) event(now int64) { a.backend.Advance(state.EventTime, record.Time(now)) }

func (a *ages) machine(now int64) { a.backend.Advance(state.ProcessingTime, record.Time(now)) }

// reopen restores the table with another TTL.
func (a *ages) reopen(ttl state.TTL) {
	a.backend = restored(a.T, a.backend, 1)
	a.table = open(a.T, a.backend, expiring(ttl))
}

// keys returns the keys that Find finds, up to 9.
func (a *ages) keys() (there []int) {
	keys := []*record.Column{ints(record.NewPool(), 0, 10)}
	rows := make([]state.RowID, 10)
	a.table.Find(keyrange.Hash(nil, keys, nil, 10), keys, nil, nil, rows)
	for key, r := range rows {
		if r != state.NoRow {
			there = append(there, key)
		}
	}
	return there
}

// TestRowsExpire has rows age by ten microseconds in all ways.
func TestRowsExpire(t *testing.T) {
	event, machine := state.TTL{Clock: state.EventTime, After: 10 * micros}, state.TTL{Clock: state.ProcessingTime, After: 10 * micros}
	fromMade := event
	fromMade.FromMade = true
	for _, c := range []struct {
		name string
		ttl  state.TTL
		do   func(*ages)
		want []int
	}{
		{"last moment", event, func(a *ages) { a.event(100); a.put(1); a.event(109) }, []int{1}},
		{"past", event, func(a *ages) { a.event(100); a.put(1); a.event(110) }, nil},
		{"written again", event, func(a *ages) {
			a.event(100)
			a.put(1)
			a.put(2)
			a.event(105)
			a.put(1)
			a.event(114)
		}, []int{1}},
		{"from made", fromMade, func(a *ages) { a.event(100); a.put(1); a.event(105); a.put(1); a.event(110) }, nil},
		{"made anew", fromMade, func(a *ages) { a.event(100); a.put(1); a.event(110); a.put(1); a.event(119) }, []int{1}},
		{"renewed", fromMade, func(a *ages) {
			a.event(100)
			rows, _ := upsert(a.table, 1, 2)
			a.event(105)
			a.table.Renew(rows[:1])
			a.event(114)
		}, []int{1}},
		{"backwards", event, func(a *ages) { a.event(100); a.event(50); a.put(1); a.event(109) }, []int{1}},
		{"no time", event, func(a *ages) { a.event(100); a.put(1); a.event(math.MinInt64) }, []int{1}},
		{"other clock", event, func(a *ages) { a.event(100); a.put(1); a.machine(500) }, []int{1}},
		{"machine", machine, func(a *ages) { a.machine(100); a.put(1); a.machine(110) }, nil},
		{"before time", event, func(a *ages) { a.put(1); a.event(100); a.event(109) }, []int{1}},
		{"before time, past", event, func(a *ages) { a.put(1); a.event(100); a.event(110) }, nil},
		{"early time", event, func(a *ages) { a.event(math.MinInt64 + 1); a.put(1); a.event(math.MinInt64 + 11) }, nil},
		{"end of time", event, func(a *ages) { a.put(1); a.event(math.MaxInt64); a.event(math.MaxInt64); a.put(2) }, []int{1, 2}},
		{"across the end", event, func(a *ages) { a.event(math.MaxInt64 - 5); a.put(1); a.event(math.MaxInt64) }, []int{1}},
		{"restored", event, func(a *ages) { a.event(100); a.put(1); a.reopen(event); a.event(110) }, nil},
		{"expired before a restore", event, func(a *ages) { a.event(100); a.put(1); a.event(110); a.reopen(event) }, nil},
		{"written after a restore", event, func(a *ages) { a.event(100); a.reopen(event); a.put(1); a.event(110) }, nil},
		{"TTL added", state.TTL{}, func(a *ages) { a.put(1); a.reopen(event); a.event(500); a.event(509) }, []int{1}},
		{"TTL added, past", state.TTL{}, func(a *ages) { a.put(1); a.reopen(event); a.event(500); a.event(510) }, nil},
		{"TTL removed", event, func(a *ages) { a.event(100); a.put(1); a.reopen(state.TTL{}); a.event(500) }, []int{1}},
		{"expired before its removal", event, func(a *ages) { a.event(100); a.put(1); a.event(110); a.reopen(state.TTL{}) }, nil},
		{"other clock by now", event, func(a *ages) {
			a.event(100)
			a.put(1)
			a.reopen(machine)
			a.event(500)
			a.machine(7)
			a.machine(16)
		}, []int{1}},
		{"shorter", event, func(a *ages) {
			a.event(100)
			a.put(1)
			a.put(2)
			a.reopen(state.TTL{Clock: state.EventTime, After: 3 * micros})
			a.put(2)
			a.event(103)
		}, []int{1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := state.NewBackend(keyrange.All)
			a := &ages{t, b, open(t, b, expiring(c.ttl))}
			c.do(a)
			for range 2 { // what has expired is there, and then dropped
				if got := a.keys(); !slices.Equal(got, c.want) {
					t.Errorf("keys %v are there, not %v", got, c.want)
				}
				a.backend.Release()
			}
			if a.table.Len() != len(c.want) {
				t.Errorf("%d rows are kept, not %d", a.table.Len(), len(c.want))
			}
		})
	}
}

// TestExpiredRowsAreDroppedInSteps has many rows expire at once: each Release drops a few
// of them.
func TestExpiredRowsAreDroppedInSteps(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	table := open(t, b, expiring(state.TTL{Clock: state.EventTime, After: 10 * micros}))
	upsert(table, 0, 10_000)
	b.Release()
	b.Advance(state.EventTime, 0)
	b.Advance(state.EventTime, 10)
	for kept := table.Len(); table.Len() > 0; kept = table.Len() {
		if b.Release(); table.Len() >= kept || table.Len() < kept-300 {
			t.Fatalf("of %d rows that have expired one Release keeps %d", kept, table.Len())
		}
	}
}

// TestExpiredRowsDoNotPileUp has as many rows come in as expire, for long: hardly more
// are kept than are there.
func TestExpiredRowsDoNotPileUp(t *testing.T) {
	for _, c := range []struct{ live, perCall, step, calls int }{{10, 1000, 1, 2000}, {400, 50, 1 << 22, 4000}} {
		b := state.NewBackend(keyrange.All)
		table := open(t, b, expiring(state.TTL{Clock: state.EventTime, After: time.Duration(c.live*c.step) * micros}))
		for i := range c.calls {
			b.Advance(state.EventTime, record.Time(i*c.step))
			upsert(table, i*c.perCall, c.perCall)
			if b.Release(); table.Len() > c.live*c.perCall*6/5 {
				t.Fatalf("in call %d there are %d rows, where %d a call live for %d calls", i, table.Len(), c.perCall, c.live)
			}
		}
	}
}

// TestRowsMadeAnewLeaveNothing has one row expire and be made again many times: nothing
// is left of its texts, and it is not due by the time that it had.
func TestRowsMadeAnewLeaveNothing(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	spec := expiring(state.TTL{Clock: state.EventTime, After: micros})
	spec.Due = state.DueByValue(0)
	table := open(t, b, spec)
	text := []byte(strings.Repeat("text", 1000))
	for now := range 1000 {
		b.Advance(state.EventTime, record.Time(now))
		rows, made := upsert(table, 0, 1)
		if due, _ := table.Due(math.MaxInt64, 10, nil); len(made) != 1 || len(due) > 0 {
			t.Fatalf("at %d, %d rows are made and %d are due", now, len(made), len(due))
		}
		if got := table.String(1).Get(rows[0]); len(got) > 0 {
			t.Fatalf("at %d, the text of a row that is new is %q", now, got)
		}
		table.SetDue(rows[0], int64(now%7))
		table.String(1).Set(rows[0], text)
	}
	if bytes := table.Bytes(); bytes > 1<<20 {
		t.Errorf("one row takes %d bytes", bytes)
	}
}

// TestTTLIsDeclaredOnce says what is no TTL, and that tables keep theirs.
func TestTTLIsDeclaredOnce(t *testing.T) {
	hour := state.TTL{Clock: state.EventTime, After: time.Hour}
	for _, c := range []struct {
		was, is state.TTL
		want    string
	}{
		{state.TTL{}, state.TTL{After: time.Hour}, "expire after 1h0m0s, but by no clock"},
		{state.TTL{}, state.TTL{Clock: 3, After: time.Hour}, "expire after 1h0m0s, but by no clock"},
		{state.TTL{}, state.TTL{FromMade: true}, "expire after 0s, but by no clock"},
		{state.TTL{}, state.TTL{Clock: state.EventTime}, "expire after 0s; the least is 1 µs"},
		{state.TTL{}, state.TTL{Clock: state.EventTime, After: 999}, "expire after 999ns; the least is 1 µs"},
		{hour, state.TTL{Clock: state.EventTime, After: time.Minute}, "is open, and its rows expire in another way"},
		{hour, state.TTL{}, "is open as (n int64) expiring by event time → (count int64, text string)"},
		{hour, hour, "<nil>"},
	} {
		b := state.NewBackend(keyrange.All)
		open(t, b, expiring(c.was))
		if _, err := b.Table(expiring(c.is)); !strings.Contains(fmt.Sprint(err), c.want) {
			t.Errorf("%+v behind %+v:\ngot  %v\nwant …%s…", c.is, c.was, err, c.want)
		}
	}
}

// An object whose rows expire by a clock that is not known is refused.
func TestUnknownClockIsRefused(t *testing.T) {
	header := snapshot.Header{Checkpoint: 1, Range: snapshot.Range(keyrange.All), Hash: keyrange.HashName,
		Tables: []snapshot.Table{{Name: "counts", Expires: "moonlight"}}}
	var content bytes.Buffer
	w, err := snapshot.NewWriter(&content, header, nil)
	if err == nil {
		_, err = w.Table(0)
	}
	if err = cmp.Or(err, w.Finish()); err != nil {
		t.Fatal(err)
	}
	object := state.ObjectOf(content.Bytes())
	_, err = state.Restore(keyrange.All, [][]state.Object{{object}})
	if want := `table "counts": its rows expire by "moonlight", a clock that this weir does not know`; !strings.Contains(fmt.Sprint(err), want) {
		t.Errorf("got  %v\nwant …%s", err, want)
	}
}
