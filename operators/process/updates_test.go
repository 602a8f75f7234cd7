package process

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// change is a row of a changelog of flights.
type change struct {
	kind   record.RowKind
	origin string
	delay  int64
}

// changelog returns a batch of changes.
func changelog(pool *record.Pool, changes []change) *record.Batch {
	b := pool.NewBatch(flights, len(changes))
	origin, delay := pool.NewColumn(record.String, 5), pool.NewColumn(record.Int64, 5)
	hours, at := pool.NewColumn(record.Float64, 5), pool.NewColumn(record.Timestamp, 5)
	b.RowKinds = pool.NewColumn(record.Type{Kind: record.KindRowKind}, len(changes))
	for _, c := range changes {
		origin.AppendString([]byte(c.origin))
		delay.AppendInt64(c.delay)
		hours.AppendFloat64(1)
		at.AppendTime(0)
		b.RowKinds.AppendRowKind(c.kind)
	}
	b.Columns = append(b.Columns, origin, delay, hours, at)
	return b
}

var kindNames = map[record.RowKind]string{record.Insert: "+I", record.UpdateBefore: "-U", record.UpdateAfter: "+U", record.Delete: "-D"}

// drawChanges writes kind and row of each row of a batch.
func drawChanges(b *record.Batch) (all []string) {
	for _, row := range selected(b) {
		all = append(all, kindNames[b.RowKind(row)]+string(stream.AppendRow(nil, b, int(row))))
	}
	return all
}

// TestHalvesOfUpdates brings each kind of update to a filter: both halves pass, one
// or none, and one fails.
func TestHalvesOfUpdates(t *testing.T) {
	const before, after = record.UpdateBefore, record.UpdateAfter
	for _, c := range []struct {
		name    string
		onError stream.OnError
		columns []string
		changes []change
		want    string
	}{
		{"both pass", stream.Fail, nil, []change{{before, "a", 5}, {after, "a", 6}, {0, "b", 0}}, "-Ua5 +Ua6"},
		{"none passes", stream.Fail, nil, []change{{before, "a", 0}, {after, "a", 1}, {0, "b", 5}}, "+Ib5"},
		{"what is replaced passes", stream.Fail, nil, []change{{before, "a", 5}, {after, "a", 1}, {before, "b", 5}, {after, "b", 6}}, "-Da5 -Ub5 +Ub6"},
		{"what replaces passes", stream.Fail, nil, []change{{before, "a", 1}, {after, "a", 5}, {record.Delete, "c", 7}}, "+Ia5 -Dc7"},
		{"what replaces fails", stream.Drop, []string{"origin", "100 / (delay - 6) AS x"}, []change{{before, "a", 5}, {after, "a", 6}}, "-Da-100"},
		{"what is replaced failed", stream.ToDeadLetter, []string{"origin", "100 / (delay - 6) AS x"}, []change{{before, "a", 6}, {after, "a", 7}}, "+Ia100"},
		{"updates of a changelog without the rows before", stream.Fail, nil, []change{{after, "a", 5}, {after, "b", 1}}, "+Ua5"},
	} {
		pool, out := record.NewCheckedPool(), &collector{}
		config := Config{Where: condition(t, "delay > 2"), OnError: c.onError, Columns: columns(t, "origin", "delay")}
		if c.columns != nil {
			config.Columns = columns(t, c.columns...)
		}
		op, _ := open(t, config, pool)
		b := changelog(pool, c.changes)
		was := drawChanges(b)
		if err := op.Step(0, stream.BatchOf(b.Retain()), out); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range out.emitted[stream.Main] {
			for _, row := range drawChanges(e.Batch) {
				kind, row := row[:2], row[2:]
				got = append(got, kind+strings.NewReplacer(`{"origin":"`, "", `","delay":`, "", `","x":`, "", "}", "").Replace(row))
			}
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: %s, want %s", c.name, text, c.want)
		}
		if !slices.Equal(drawChanges(b), was) {
			t.Errorf("%s: the batch, which others may hold, is now %v", c.name, drawChanges(b))
		}
		out.release()
		b.Release()
		if err := pool.Check(); err != nil {
			t.Error(err)
		}
	}
}

// TestProjectionOfAChangelog draws changelogs: what comes out comes to the rows that
// the projection makes of what went in, and updates come in whole.
func TestProjectionOfAChangelog(t *testing.T) {
	trial.Run(t, 200, func(c *trial.Case) {
		pool, out := record.NewCheckedPool(), &collector{}
		config := Config{OnError: stream.Drop, Columns: columns(c, "origin", "60 / (delay - 3) AS x")}
		if c.Random.IntN(4) > 0 {
			config.Where = condition(c, "60 / delay > 6 OR delay > 8")
		}
		op, _ := open(c, config, pool)
		there := map[string]int64{}
		for range 1 + c.Random.IntN(4) {
			if err := op.Step(0, stream.BatchOf(randomChanges(c.Random, pool, there)), out); err != nil {
				c.Fatal(err)
			}
		}
		want := map[string]int{}
		for origin, delay := range there {
			passes := config.Where == nil || delay > 8 || delay != 0 && 60/delay > 6
			if passes && delay != 3 {
				want[fmt.Sprintf(`{"origin":"%s","x":%d}`, origin, 60/(delay-3))] = 1
			}
		}
		got, err := comesTo(out)
		if err != nil || !maps.Equal(got, want) {
			c.Errorf("comes to %v, want %v (%v)", got, want, err)
		}
		out.release()
		if err := pool.Check(); err != nil {
			c.Error(err)
		}
	})
}

// randomChanges returns changes of what is there, at times with some of the rows of
// the batch unselected: whole updates.
func randomChanges(random *rand.Rand, pool *record.Pool, there map[string]int64) *record.Batch {
	var changes []change
	var chosen []int32
	add := func(counts bool, more ...change) {
		for _, m := range more {
			if counts {
				chosen = append(chosen, int32(len(changes)))
			}
			changes = append(changes, m)
		}
	}
	for range 1 + random.IntN(12) {
		origin, delay := string(rune('a'+random.IntN(4))), random.Int64N(12)
		counts := random.IntN(5) > 0
		was, known := there[origin]
		switch {
		case !known:
			add(counts, change{record.Insert, origin, delay})
		case random.IntN(4) == 0:
			add(counts, change{record.Delete, origin, was})
		default:
			add(counts, change{record.UpdateBefore, origin, was}, change{record.UpdateAfter, origin, delay})
		}
		switch {
		case !counts:
		case known && changes[len(changes)-1].kind == record.Delete:
			delete(there, origin)
		default:
			there[origin] = delay
		}
	}
	b := changelog(pool, changes)
	if len(chosen) < len(changes) {
		b = b.Select(chosen)
	}
	return b
}

// comesTo applies a changelog to nothing.
func comesTo(out *collector) (map[string]int, error) {
	rows := map[string]int{}
	for _, e := range out.emitted[stream.Main] {
		half := false
		for _, row := range drawChanges(e.Batch) {
			kind, row := row[:2], row[2:]
			if half != (kind == "+U") {
				return nil, fmt.Errorf("half an update, before %s%s", kind, row)
			}
			half = kind == "-U"
			rows[row]++
			if kind[0] == '-' {
				rows[row] -= 2
			}
			if rows[row] == 0 {
				delete(rows, row)
			}
		}
		if half {
			return nil, fmt.Errorf("half an update at the end of a batch")
		}
	}
	return rows, nil
}
