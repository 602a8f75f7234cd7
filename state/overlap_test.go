package state_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// Whatever the owner does while checkpoints are encoded, several at once and each in
// many passes, each of them holds the rows of its freeze. Every other case encodes on
// other goroutines, for the race detector; the others a piece at a time, in an order
// that follows from the seed.
func TestOwnerGoesOnWhileEncoding(t *testing.T) {
	trial.Run(t, 12, func(c *trial.Case) {
		state.SetEncoding(c, 1<<(10+c.Random.IntN(10)), 1<<c.Random.IntN(13))
		o := &overlap{Case: c, backend: state.NewBackend(keyrange.All), aside: c.Seed%2 == 0, pool: record.NewCheckedPool()}
		for _, spec := range overlapSpecs {
			o.tables = append(o.tables, open(c, o.backend, spec))
		}
		for range 60 {
			o.operate()
		}
		for len(o.open) > 0 {
			o.finish()
		}
	})
}

// overlapSpecs is a table of texts and nulls, and one whose rows change their buckets.
var overlapSpecs = []state.TableSpec{
	{
		Name: "counts", Key: []record.Field{{Name: "n", Type: record.Int64}},
		Values: []record.Field{{Name: "count", Type: record.Int64}, {Name: "text", Type: record.String}},
	},
	{
		Name: "sessions", Multi: true, Bucketed: true, Key: []record.Field{{Name: "n", Type: record.Int64}},
		Sub:    []record.Field{{Name: "start", Type: record.Int64}},
		Values: []record.Field{{Name: "count", Type: record.Int64}, {Name: "text", Type: record.String}},
	},
}

// overlap is an owner and the checkpoints that are encoded meanwhile.
type overlap struct {
	*trial.Case
	backend    *state.Backend
	tables     []*state.Table
	pool       *record.Pool
	aside      bool // encode on other goroutines
	checkpoint uint64
	chain      []state.Object // of the last completed checkpoint
	open       []*overlapping // oldest first
}

// overlapping is a checkpoint that is encoded.
type overlapping struct {
	number uint64
	frozen *state.Frozen
	base   []state.Object
	want   string
	object bytes.Buffer
	some   func(pieces int) (more bool)
	stop   func()
}

func (o *overlap) operate() {
	table := o.tables[o.Random.IntN(len(o.tables))]
	switch n := o.Random.IntN(20); {
	case n < 9:
		o.add(table)
	case n < 13:
		o.change(table)
	case n < 14:
		o.drop(o.tables[1])
	case n < 18 && len(o.open) < 3:
		o.freeze()
	case len(o.open) > 0:
		o.finish()
	}
	for _, p := range o.open {
		p.some(1 << o.Random.IntN(6))
	}
	if o.Random.IntN(2) == 0 {
		o.backend.Release()
	}
}

// add makes rows, or finds them, and changes what they hold.
func (o *overlap) add(t *state.Table) {
	n := 1 + o.Random.IntN(2000)
	keys := []*record.Column{ints(o.pool, o.Random.IntN(4000), n)}
	defer keys[0].Release()
	hashes, rows := keyrange.Hash(nil, keys, nil, n), make([]state.RowID, n)
	if t.Spec().Multi {
		starts := []*record.Column{ints(o.pool, o.Random.IntN(50), n)}
		defer starts[0].Release()
		t.Insert(hashes, keys, starts, nil, rows)
	} else {
		t.Upsert(hashes, keys, nil, nil, rows, nil)
	}
	for _, r := range rows {
		o.set(t, r)
	}
}

// set changes a row.
func (o *overlap) set(t *state.Table, r state.RowID) {
	switch n := o.Random.IntN(12); {
	case n < 4:
		*t.Int64(0).Ptr(r)++
	case n < 8:
		t.String(1).Set(r, bytes.Repeat([]byte{byte('a' + n)}, o.Random.IntN(100)))
	case n < 9 && r%100 == 0:
		t.String(1).Set(r, bytes.Repeat([]byte("long"), o.Random.IntN(9000)))
	case n < 10 && o.checkpoint > 2: // so that there are none at first
		t.Nulls(o.Random.IntN(2)).Set(r, o.Random.IntN(2) == 0)
	case n < 11 && t.Spec().Multi:
		t.SetSub(r, o.Random.Int64N(100))
	}
}

// change deletes and changes rows.
func (o *overlap) change(t *state.Table) {
	gone, changed := o.Random.IntN(101), o.Random.IntN(101)
	for r := t.Scan(0); r != state.NoRow; r = t.Scan(r + 1) {
		switch {
		case o.Random.IntN(100) < gone:
			t.Delete(r)
		case o.Random.IntN(100) < changed:
			o.set(t, r)
		}
	}
}

// drop deletes the rows of some buckets, and says so.
func (o *overlap) drop(t *state.Table) {
	until := o.Random.Int64N(60)
	for r := t.Scan(0); r != state.NoRow; r = t.Scan(r + 1) {
		if t.Sub().Get(r) <= until {
			t.Delete(r)
		}
	}
	t.DropBuckets(until)
}

func (o *overlap) freeze() {
	o.checkpoint++
	p := &overlapping{number: o.checkpoint, want: o.draw(o.backend)}
	if p.frozen = o.backend.Freeze(p.number); p.frozen.Delta() {
		p.base = o.chain
	}
	if o.aside {
		p.goAside(o)
	} else {
		p.goBetween(o)
	}
	o.open = append(o.open, p)
}

// goAside encodes on another goroutine.
func (p *overlapping) goAside(o *overlap) {
	done := make(chan error, 1)
	go func() { done <- p.frozen.Encode(&p.object) }()
	p.some = func(pieces int) bool { return false }
	p.stop = func() {
		if err := <-done; err != nil {
			o.Error(err)
		}
	}
}

// goBetween encodes a piece at a time.
func (p *overlapping) goBetween(o *overlap) {
	next, stop := iter.Pull(func(yield func(struct{}) bool) {
		if err := p.frozen.Encode(interrupted{&p.object, yield}); err != nil && !errors.Is(err, errGivenUp) {
			o.Error(err)
		}
	})
	p.stop = stop
	p.some = func(pieces int) (more bool) {
		for more = true; more && pieces > 0; pieces-- {
			_, more = next()
		}
		return more
	}
}

// interrupted is written to a piece at a time.
type interrupted struct {
	*bytes.Buffer
	yield func(struct{}) bool
}

var errGivenUp = errors.New("the checkpoint was given up")

func (w interrupted) Write(piece []byte) (int, error) {
	if !w.yield(struct{}{}) {
		return 0, errGivenUp
	}
	return w.Buffer.Write(piece)
}

// finish completes the oldest checkpoint, or gives one up.
func (o *overlap) finish() {
	at := o.Random.IntN(2) * o.Random.IntN(len(o.open))
	p := o.open[at]
	o.open = slices.Delete(o.open, at, at+1)
	defer p.frozen.Release()
	if o.Random.IntN(5) == 0 || at > 0 {
		p.stop()
		return
	}
	for p.some(1000) {
	}
	p.stop()
	o.chain = append(slices.Clone(p.base), state.ObjectOf(p.object.Bytes()))
	o.backend.Completed(p.number)
	restored, err := state.Restore(keyrange.All, [][]state.Object{o.chain})
	if err != nil {
		o.Fatal(err)
	}
	if got := o.draw(restored); got != p.want {
		o.Fatalf("checkpoint %d, of %d objects, does not hold the rows of its freeze: %s", p.number, len(o.chain), firstDifference(got, p.want))
	}
}

// draw lists all rows.
func (o *overlap) draw(b *state.Backend) string {
	var lines []string
	for _, spec := range overlapSpecs {
		t := open(o, b, spec)
		for r := t.Scan(0); r != state.NoRow; r = t.Scan(r + 1) {
			line := fmt.Appendf(nil, "%s %016x", spec.Name, t.Hash(r))
			if spec.Multi {
				line = fmt.Appendf(line, " from %d (%d)", t.Sub().Get(r), t.Number().Get(r))
			}
			if line = append(line, " null"...); !t.Nulls(0).Get(r) {
				line = fmt.Appendf(line[:len(line)-4], "%d", t.Int64(0).Get(r))
			}
			if line = append(line, " null"...); !t.Nulls(1).Get(r) {
				line = fmt.Appendf(line[:len(line)-4], "%q", t.String(1).Get(r))
			}
			lines = append(lines, string(line))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// firstDifference returns the first lines that are not the same.
func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("%.200s instead of %.200s", g[i], w[i])
		}
	}
	return fmt.Sprintf("%d rows instead of %d", len(g), len(w))
}
