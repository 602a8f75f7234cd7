package state_test

import (
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// twinSpecs is what tables of operators look like.
func twinSpecs() []state.TableSpec {
	key, at := []record.Field{{Name: "k", Type: record.Int64}}, record.Field{Name: "at", Type: record.Int64}
	text, word := record.Field{Name: "text", Type: record.String}, record.Field{Name: "word", Type: record.String}
	values := []record.Field{{Name: "n", Type: record.Int64}, text}
	timed := []record.Field{text, {Name: "price", Type: price}, {Name: "due", Type: record.Timestamp}, {Name: "n", Type: record.Int64}}
	return []state.TableSpec{
		{Name: "sessions", Key: key, Multi: true, Sub: []record.Field{at}, Due: state.DueBySub, Values: values},
		{Name: "side", Key: []record.Field{word}, Multi: true, Sub: []record.Field{at}, Due: state.DueBySub, Ordered: state.Descending, Values: values},
		{Name: "queue", Key: key, Multi: true, Values: values},
		{Name: "later", Key: key, Multi: true, Sub: []record.Field{at}, Due: state.DueByValue(2), Values: timed},
		{Name: "distinct", Key: key, Sub: []record.Field{at, word}, Within: 1, Values: values},
		{Name: "of panes", Key: key, Sub: []record.Field{at, word}, Within: 1, Bucketed: true, Due: state.DueBySub},
		{Name: "parted", Key: key, Sub: []record.Field{at, word}, Within: 1, Ordered: state.Ascending, Values: values},
		{Name: "ordered", Key: key, Sub: []record.Field{at, word}, Ordered: state.Descending, Values: values},
		{Name: "groups", Key: []record.Field{word, at}, Due: state.DueByValue(2), Values: timed},
		{Name: "panes", Key: key, Sub: []record.Field{at}, Bucketed: true, Due: state.DueByValue(2), Values: timed},
		{Name: "windows", Key: key, Sub: []record.Field{at}, Bucketed: true, Due: state.DueBySub, Values: values},
		{Name: "by time", Key: key, Sub: []record.Field{at, word}, Due: state.DueBySub, Values: values},
	}
}

var price, _ = record.DecimalOf(20, 2)

// twin is a table with its backend: one of two to which the same happens.
type twin struct {
	backend *state.Backend
	table   *state.Table
	chains  [][]state.Object // of the last completed checkpoint
	open    []*twinCheckpoint
}

type twinCheckpoint struct {
	frozen *state.Frozen
	base   []state.Object
	object strings.Builder
	done   chan error
}

// twins is a table all of whose rows are in memory, and one with a tier.
type twins struct {
	*trial.Case
	pool    *record.Pool
	spec    state.TableSpec
	twins   [2]*twin
	stores  *stores
	store   *heldStore
	end     func() // of the store
	memory  int64
	later   []func()       // work of the backend that is yet to be done
	beside  sync.WaitGroup // work that is done on other goroutines
	inOrder bool           // it is done at random by this one
	keys    int64
	times   int64
	checked bool
	nulls   bool // among sub-keys
	now     int64
	number  uint64
}

func newTwins(c *trial.Case) *twins {
	specs := twinSpecs()
	w := &twins{
		Case: c, pool: record.NewPool(), spec: specs[c.Random.IntN(len(specs))], memory: 1 << c.Random.IntN(17),
		keys: 1 + c.Random.Int64N(60), times: 1 + c.Random.Int64N(100), checked: c.Random.IntN(3) == 0,
		inOrder: c.Random.IntN(2) == 0, nulls: c.Random.IntN(3) == 0, stores: drawStores(c),
	}
	if c.Random.IntN(3) == 0 {
		w.spec.TTL = state.TTL{
			Clock: state.EventTime, FromMade: c.Random.IntN(2) == 0, After: time.Duration(1+c.Random.IntN(300)) * time.Microsecond,
		}
	}
	w.Describe(func() string { return w.spec.Name })
	w.twins = [2]*twin{{}, {}}
	w.restore()
	return w
}

func (w *twins) restore() {
	if w.number > 0 && w.Random.IntN(3) == 0 {
		w.rescale()
	}
	for i, t := range w.twins {
		var tier *state.Tier
		if i == 1 {
			w.store = &heldStore{}
			w.store.ChunkStore, w.end = w.stores.new()
			tier = state.NewTier(w.store, w.memory)
		}
		var err error
		if t.backend, err = tier.Restore(keyrange.All, t.chains, w.background); err != nil {
			w.Fatal(err)
		}
		if w.checked {
			t.backend.CheckRows()
		}
		if t.table, err = t.backend.Table(w.spec); err != nil {
			w.Fatal(err)
		}
	}
}

// background has work of the backend done at once, at random, or by another goroutine.
func (w *twins) background(work func()) {
	switch {
	case w.Random.IntN(4) == 0:
		work()
	case w.inOrder:
		w.later = append(w.later, work)
	default:
		w.beside.Go(work)
	}
}

// work does some of what the backend has put off.
func (w *twins) work() {
	for len(w.later) > 0 && w.Random.IntN(3) > 0 {
		at := w.Random.IntN(len(w.later))
		w.later[at]()
		w.later = slices.Delete(w.later, at, at+1)
	}
}

// equal does something to both, and wants to see the same.
func (w *twins) equal(what string, do func(t *twin) string) {
	w.Helper()
	if want, got := do(w.twins[0]), do(w.twins[1]); got != want {
		w.Fatalf("%s of %s: with a tier\n%s\nwithout\n%s", what, w.spec.Name, got, want)
	}
}

// batch is columns of random keys and sub-keys.
func (w *twins) batch(n int) (hashes []uint64, key, sub []*record.Column) {
	draw := func(fields []record.Field) (columns []*record.Column) {
		for _, f := range fields {
			c := w.pool.NewColumn(f.Type, n)
			for range n {
				switch {
				case f.Name == "at" && w.nulls && w.Random.IntN(9) == 0:
					c.AppendNull()
				case f.Name == "at":
					c.AppendInt64(w.now + w.Random.Int64N(w.times))
				case f.Type == record.Int64:
					c.AppendInt64(w.Random.Int64N(w.keys))
				case w.Random.IntN(9) == 0:
					c.AppendNull()
				default:
					c.AppendString([]byte(strings.Repeat("x\x00", w.Random.IntN(9)) + fmt.Sprint(w.Random.Int64N(w.keys))))
				}
			}
			columns = append(columns, c)
		}
		return columns
	}
	key = draw(w.spec.Key)
	return keyrange.Hash(nil, key, nil, n), key, draw(w.spec.Sub)
}

// read draws a row.
func (w *twins) read(t *state.Table, r state.RowID) string {
	if r == state.NoRow {
		return "no row"
	}
	var b strings.Builder
	columns := func(fields []record.Field, read func([]*record.Column, []state.RowID)) {
		var to []*record.Column
		for _, f := range fields {
			to = append(to, w.pool.NewColumn(f.Type, 1))
		}
		read(to, []state.RowID{r})
		for _, c := range to {
			b.WriteString(valueText(c) + " ")
			c.Release()
		}
	}
	columns(w.spec.Key, t.AppendKeys)
	columns(w.spec.Sub, t.AppendSubs)
	columns(w.spec.Values, func(to []*record.Column, rows []state.RowID) {
		for i := range to {
			t.AppendValues(i, rows, to[i])
		}
	})
	if w.spec.Multi {
		fmt.Fprint(&b, "number ", t.Number().Get(r))
	}
	return b.String()
}

// valueText draws the only value of a column.
func valueText(c *record.Column) string {
	switch {
	case c.IsNull(0):
		return "NULL"
	case c.Type().Kind == record.KindString:
		return fmt.Sprintf("%q", c.Strings().At(0))
	case c.Type().Kind == record.KindDecimal:
		return fmt.Sprint(c.Decimals()[0])
	}
	return fmt.Sprint(c.Int64s()[0])
}

func (w *twins) readAll(t *state.Table, rows []state.RowID) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(w.read(t, r) + "\n")
	}
	return b.String()
}

// set gives a row values that follow from a number.
func (w *twins) set(t *state.Table, r state.RowID, n int64) {
	for i, f := range w.spec.Values {
		switch f.Name {
		case "n":
			*t.Int64(i).Ptr(r) = n
		case "text":
			t.String(i).Set(r, []byte(textOf(n)))
		case "price":
			t.Decimal(i).Set(r, record.Decimal{Lo: uint64(n)})
			t.Nulls(i).Set(r, n%3 == 0)
		case "due":
			t.SetDue(r, w.now+n%w.times)
		}
	}
}

// add inserts rows, or finds and makes them.
func (w *twins) add() {
	hashes, key, sub := w.batch(w.Random.IntN(40))
	rows := make([]state.RowID, len(hashes))
	seed := w.Random.Int64N(1 << 40)
	w.equal("adding", func(t *twin) string {
		made := rows
		if w.spec.Multi {
			t.table.Insert(hashes, key, sub, nil, rows)
		} else {
			made = t.table.Upsert(hashes, key, sub, nil, rows, nil)
		}
		for _, r := range made {
			w.set(t.table, r, 0)
		}
		seen := fmt.Sprint(slices.Sorted(slices.Values(t.table.Made())), "\n", w.readAll(t.table, rows))
		for k, r := range rows {
			if w.spec.Multi || (seed>>k)&1 == 0 {
				w.set(t.table, r, seed+int64(k))
			}
		}
		return seen
	})
}

// find looks single rows up, and changes or deletes some.
func (w *twins) find() {
	if w.spec.Multi {
		return
	}
	hashes, key, sub := w.batch(w.Random.IntN(40))
	rows, seed := make([]state.RowID, len(hashes)), w.Random.Int64N(1<<40)
	w.equal("finding", func(t *twin) string {
		t.table.Find(hashes, key, sub, nil, rows)
		seen := w.readAll(t.table, rows)
		for k, r := range rows {
			switch {
			case r == state.NoRow || slices.Contains(rows[:k], r):
			case (seed>>k)&3 == 0:
				w.set(t.table, r, seed)
			case (seed>>k)&3 == 1:
				t.table.Delete(r)
			}
		}
		return seen
	})
}

// walk goes along the rows of some keys in order, and changes or deletes some.
func (w *twins) walk() {
	if w.spec.Ordered == state.Unordered && !w.spec.Multi {
		return
	}
	hashes, key, sub := w.batch(1 + w.Random.IntN(20))
	seed, insert := w.Random.Int64N(1<<40), w.spec.Multi && len(w.spec.Sub) > 0 && w.Random.IntN(2) == 0
	w.equal("walking", func(t *twin) string {
		var b strings.Builder
		t.table.LoadKeys(hashes, key, nil)
		for k := range hashes {
			var from state.Cursor
			if len(sub) > 0 && (w.spec.Within > 0 || (seed>>k)&1 == 0) {
				from = state.FromInt64(nil, sub[0].Int64s()[k])
			}
			if insert && (seed>>k)&8 != 0 {
				r := t.table.InsertKey(k, sub[0].Int64s()[k])
				w.set(t.table, r, seed+int64(k))
				b.WriteString("made " + w.read(t.table, r) + "before " + w.read(t.table, t.table.Next(r)) + "\n")
			}
			last := state.NoRow
			for r := t.table.Seek(k, from); r != state.NoRow; r = t.table.Next(r) {
				b.WriteString(w.read(t.table, r) + "\n")
				last = r
			}
			if last == state.NoRow {
				continue
			}
			if prev := t.table.Prev(last); prev != state.NoRow {
				b.WriteString("prev " + w.read(t.table, prev) + "\n")
			}
			switch {
			case (seed>>k)&6 == 0:
				t.table.Delete(last)
			case (seed>>k)&6 == 2 && w.spec.Multi && len(w.spec.Sub) > 0:
				t.table.SetSub(last, sub[0].Int64s()[k])
			}
		}
		return b.String()
	})
}

// cluster reads whole clusters, and deletes some. Now and then it deletes them without a look.
func (w *twins) cluster() {
	if !w.spec.Multi && w.spec.Ordered == state.Unordered && w.spec.Within == 0 {
		return
	}
	hashes, key, sub := w.batch(w.Random.IntN(20))
	rows, seed := make([]state.RowID, len(hashes)), w.Random.Int64N(1<<40)
	var some []int32
	for k := range hashes {
		if w.Random.IntN(4) == 0 {
			some = append(some, int32(k))
		}
	}
	unseen := w.Random.IntN(4) == 0 && len(some) > 0
	w.equal("reading clusters", func(t *twin) string {
		var b strings.Builder
		if unseen {
			t.table.DeleteClusters(keyrange.Hash(nil, key, some, 0), key, sub[:w.spec.Within], some)
		}
		t.table.FindClusters(hashes, key, sub[:w.spec.Within], nil, rows)
		var gone []state.RowID
		for k, r := range rows {
			if r == state.NoRow || slices.Contains(gone, r) {
				fmt.Fprintln(&b, k, "no row")
				continue
			}
			all := t.table.AppendCluster(nil, r)
			lines := strings.SplitAfter(w.readAll(t.table, all), "\n")
			if w.spec.Ordered == state.Unordered {
				slices.Sort(lines)
			}
			fmt.Fprintln(&b, k, strings.Join(lines, ""))
			if (seed>>k)&3 == 0 {
				gone = append(gone, all...)
				t.table.DeleteClusters(hashes[k:k+1], key, sub[:w.spec.Within], []int32{int32(k)})
			}
		}
		return b.String()
	})
}

// due takes all rows that are due, of which it deletes some or all and postpones others.
func (w *twins) due() {
	if w.spec.Due == state.NeverDue {
		return
	}
	until, seed, canWait := w.now+w.Random.Int64N(w.times), w.Random.Uint32(), w.spec.Multi || w.spec.Due != state.DueBySub
	if w.Random.IntN(8) == 0 {
		until = math.MaxInt64
	}
	if until == math.MaxInt64 || w.Random.IntN(2) == 0 {
		canWait = false
	}
	most := 1 + w.Random.IntN(30)
	release := w.spec.TTL == state.TTL{} && w.Random.IntN(3) == 0
	w.equal(fmt.Sprint("what is due at ", until), func(t *twin) string {
		var lines []string
		last := int64(math.MinInt64)
		for more := true; more; {
			var rows []state.RowID
			rows, more = t.table.Due(until, most, nil)
			for _, r := range rows {
				at := w.timeOf(t.table, r)
				line := w.read(t.table, r)
				if at < last || at > until {
					w.Fatalf("%s is due behind %d, until %d", line, last, until)
				}
				last = at
				lines = append(lines, line)
				if canWait && crc32.ChecksumIEEE([]byte(line))^seed&1 == 0 {
					t.table.SetDue(r, until+1+int64(len(line)))
				} else {
					t.table.Delete(r)
				}
			}
			if release {
				t.backend.Release()
			}
		}
		if w.spec.Bucketed && w.spec.Due == state.DueBySub && !w.nulls && seed%2 == 0 {
			t.table.DropBuckets(until)
		}
		slices.Sort(lines)
		return strings.Join(lines, "\n")
	})
}

func (w *twins) timeOf(t *state.Table, r state.RowID) int64 {
	if w.spec.Due == state.DueBySub {
		return t.Sub().Get(r)
	}
	return t.Int64(2).Get(r)
}

func (w *twins) advance() {
	w.now += w.Random.Int64N(1 + w.times/4)
	for _, t := range w.twins {
		t.backend.Advance(state.EventTime, record.Time(w.now))
	}
}

func (w *twins) release() {
	w.work()
	for _, t := range w.twins {
		t.backend.Release()
	}
	if w.spec.TTL == (state.TTL{}) {
		w.equal("Len", func(t *twin) string { return fmt.Sprint(t.table.Len()) })
	}
}

// freeze begins a checkpoint, which another goroutine encodes.
func (w *twins) freeze() {
	w.number++
	for _, t := range w.twins {
		c := &twinCheckpoint{frozen: t.backend.Freeze(w.number), done: make(chan error, 1)}
		if c.frozen.Delta() {
			c.base = t.chains[0]
		}
		t.open = append(t.open, c)
		go func() { c.done <- c.frozen.Encode(&c.object) }()
	}
}

// finish completes the first of the open checkpoints, or abandons it.
func (w *twins) finish() {
	if len(w.twins[0].open) == 0 {
		return
	}
	number, completes := w.number-uint64(len(w.twins[0].open))+1, w.Random.IntN(4) > 0
	for _, t := range w.twins {
		c := t.open[0]
		t.open = t.open[1:]
		if err := <-c.done; err != nil {
			w.Fatal(err)
		}
		c.frozen.Release()
		if completes {
			t.chains = [][]state.Object{append(slices.Clone(c.base), state.ObjectOf([]byte(c.object.String())))}
			t.backend.Completed(number)
		}
	}
	if completes {
		w.equal("a checkpoint", w.stored)
	}
}

// stored draws what a checkpoint holds.
func (w *twins) stored(t *twin) string {
	b, err := state.Restore(keyrange.All, t.chains)
	if err != nil {
		w.Fatal(err)
	}
	table, err := b.Table(w.spec)
	if err != nil {
		w.Fatal(err)
	}
	b.Advance(state.EventTime, record.Time(w.now))
	var lines []string
	for r := table.Scan(0); r != state.NoRow; r = table.Scan(r + 1) {
		lines = append(lines, w.read(table, r))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func (w *twins) crash() {
	for _, t := range w.twins {
		for _, c := range t.open {
			if err := <-c.done; err != nil && err != io.ErrClosedPipe {
				w.Fatal(err)
			}
			c.frozen.Release()
		}
		t.open = nil
		t.backend.Close()
	}
	w.beside.Wait()
	for _, work := range w.later { // nobody waits for it any more
		work()
	}
	w.later = nil
	if held := w.store.held.Load(); held != 0 {
		w.Fatalf("%d runs are left", held)
	}
	w.end()
	w.restore()
}

// TestTierOfEveryKindOfTable has the same happen to tables with a tier and without. Nothing
// scans, so that rows come up only as somebody asks for them.
func TestTierOfEveryKindOfTable(t *testing.T) {
	trial.Run(t, 72, func(c *trial.Case) {
		state.SetTombstones(c, c.Random.Uint64N(1<<c.Random.IntN(9)))
		state.SetTimes(c, 1<<(4+c.Random.IntN(14)))
		state.SetStep(c, 1<<c.Random.IntN(9))
		w := newTwins(c)
		crashes := 1 + c.Random.IntN(100)
		for range 200 {
			switch n := c.Random.IntN(100); {
			case n < 25:
				w.add()
			case n < 35:
				w.find()
			case n < 46:
				w.walk()
			case n < 57:
				w.cluster()
			case n < 62:
				w.due()
			case n < 68:
				w.advance()
			case n < 84:
				w.release()
			case n < 90:
				w.freeze()
			case n < 96:
				w.finish()
			case c.Random.IntN(crashes) == 0:
				w.crash()
			}
		}
		w.crash()
		w.twins[1].backend.Close()
		w.end()
	})
}
