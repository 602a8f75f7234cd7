package statetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// Restore makes the state of a key range from the objects of old subtasks; with
// no objects it is empty. [state.Restore] is one.
type Restore func(r keyrange.Range, chains [][]state.Object) (*state.Backend, error)

// Random does steps random operations under a seed and compares all state with
// a model along the way and at the end. The failure message holds the seed.
func Random(t testing.TB, seed uint64, steps int, restore Restore) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 0))
	d := &driver{
		t: t, seed: seed, random: r, restore: restore, pool: record.NewCheckedPool(),
		model: newModel(), completed: newModel(),
		checked: r.IntN(2) == 0, keys: 2 + r.IntN(400), colliding: r.IntN(4) == 0, longest: 1 << r.IntN(18),
		busy: r.Perm(len(tables))[:1+r.IntN(len(tables))], perCall: 1 + r.IntN(8),
	}
	d.start(1 + r.IntN(4))
	for d.step = range steps {
		d.operate()
	}
	d.compare()
	if err := d.pool.Check(); err != nil {
		d.fatalf("%v", err)
	}
}

// driver is the subtasks of one step, the model and the checkpoints between them.
type driver struct {
	t       testing.TB
	seed    uint64
	step    int
	random  *rand.Rand
	restore Restore
	pool    *record.Pool

	subtasks []*subtask
	model    *model

	time       int64            // about what clocks have
	checkpoint uint64           // the last one begun
	open       []checkpoint     // neither completed nor abandoned
	completed  *model           // what the last completed one holds
	chains     [][]state.Object // and its objects, per subtask

	busy      []int // the tables of the case: of few, more happens to each
	slow      int   // how many checkpoints are open before one ends
	checked   bool  // whether the backends check their rows
	keys      int   // how many values a key column takes
	colliding bool  // whether hashes differ in few bits only
	longest   int   // bytes of the longest string
	perCall   int   // how many operations come before a Release
}

// subtask is a backend, its tables, and the objects that deltas build on: none
// until a checkpoint completed after the last start.
type subtask struct {
	backend *state.Backend
	tables  []*state.Table
	chain   []state.Object
	deleted [][]state.RowID // by table, since the last Release
}

// checkpoint is one that was frozen: per subtask the Frozen and the chain it
// builds on.
type checkpoint struct {
	number uint64
	frozen []*encoding
	bases  [][]state.Object
	model  *model
}

func (d *driver) fatalf(format string, args ...any) {
	d.t.Helper()
	d.t.Fatalf("seed %d, step %d: %s", d.seed, d.step, fmt.Sprintf(format, args...))
}

// operate does one operation.
func (d *driver) operate() {
	table := d.busy[d.random.IntN(len(d.busy))]
	switch n := d.random.IntN(100); {
	case n < 37:
		d.add(table)
	case n < 43:
		d.advance()
	case n < 45:
		d.renew(table)
	case n < 55:
		d.deleteSome(table)
	case n < 60:
		d.takeDue(table)
	case n < 63:
		d.dropBuckets(table)
	case n < 66:
		d.store(table)
	case n < 76:
		d.freeze()
	case n < 90:
		d.finish()
	case n < 96:
		if d.random.IntN(1+d.slow) == 0 {
			d.crash()
		}
	default:
		d.compare()
	}
	if d.random.IntN(d.perCall) == 0 {
		d.release()
	}
	d.writeSome()
}

// release ends the calls of all subtasks.
func (d *driver) release() {
	for _, s := range d.subtasks {
		s.backend.Release()
		clear(s.deleted)
	}
}

// start makes parallelism subtasks from the completed checkpoint.
func (d *driver) start(parallelism int) {
	d.model = d.completed.clone()
	for _, c := range d.evolve(d.model) {
		defer c.Release()
	}
	d.model.regroup(parallelism)
	chains := slices.Clone(d.chains)
	d.random.Shuffle(len(chains), func(i, j int) { chains[i], chains[j] = chains[j], chains[i] })
	d.subtasks = nil
	for i := range parallelism {
		b, err := d.restore(keyrange.Of(i, parallelism), chains)
		if err != nil {
			d.fatalf("restore: %v", err)
		}
		if d.checked {
			b.CheckRows()
		}
		s := &subtask{backend: b, deleted: make([][]state.RowID, len(tables))}
		for _, spec := range d.model.specs {
			table, err := b.Table(spec)
			if err != nil {
				d.fatalf("table: %v", err)
			}
			s.tables = append(s.tables, table)
		}
		d.checkCells(b)
		d.subtasks = append(d.subtasks, s)
	}
	d.compare()
}

// crash loses what no completed checkpoint holds and restores with the same or
// another parallelism.
func (d *driver) crash() {
	for len(d.open) > 0 {
		d.abandon(0)
	}
	parallelism := len(d.subtasks)
	if d.random.IntN(2) == 0 {
		parallelism = 1 + d.random.IntN(4)
	}
	d.start(parallelism)
}

// freeze begins a checkpoint.
func (d *driver) freeze() {
	d.checkpoint++
	c := checkpoint{number: d.checkpoint, model: d.model.clone()}
	for i, s := range d.subtasks {
		s.backend.SetCell("subtask", fmt.Append(nil, i))
		f := s.backend.Freeze(d.checkpoint)
		base := s.chain
		if !f.Delta() {
			base = nil
		} else if len(base) == 0 || len(base) > 8 {
			d.fatalf("a delta on %d objects", len(base))
		}
		c.frozen, c.bases = append(c.frozen, newEncoding(f)), append(c.bases, base)
	}
	d.open = append(d.open, c)
}

// finish completes one of the open checkpoints, which ends those before it, or
// abandons one.
func (d *driver) finish() {
	if len(d.open) <= d.slow {
		return
	}
	at := d.random.IntN(len(d.open))
	d.slow = d.random.IntN(2) * d.random.IntN(9)
	if d.random.IntN(3) == 0 {
		d.abandon(at)
		return
	}
	for range at {
		d.abandon(0)
	}
	c := d.open[0]
	d.open = d.open[1:]
	d.chains = nil
	for i, f := range c.frozen {
		s := d.subtasks[i]
		s.chain = append(slices.Clone(c.bases[i]), d.encode(f))
		d.chains = append(d.chains, s.chain)
		f.Release()
		s.backend.Completed(c.number)
	}
	d.completed = c.model
	if d.random.IntN(3) == 0 {
		d.tryRestore()
	}
}

// tryRestore compares what the completed checkpoint holds with the model, which goes on.
func (d *driver) tryRestore() {
	subtasks, model := d.subtasks, d.model
	d.start(1 + d.random.IntN(4))
	d.subtasks, d.model = subtasks, model
}

// checkCells checks that a restored subtask sees the cells of the old subtasks
// whose range it overlaps, in order.
func (d *driver) checkCells(b *state.Backend) {
	var want []string
	for i := range d.chains {
		if keyrange.Of(i, len(d.chains)).Overlaps(b.Range()) {
			want = append(want, fmt.Sprint(i))
		}
	}
	var got []string
	for _, v := range b.Cells("subtask") {
		got = append(got, string(v))
	}
	if !slices.Equal(got, want) {
		d.fatalf("cells are %q, not %q", got, want)
	}
}
