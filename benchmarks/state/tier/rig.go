package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// rig is a backend with one table, and what batches come to it with.
type rig struct {
	backend *state.Backend
	table   *state.Table
	dir     string         // of the tier, or ""
	beside  sync.WaitGroup // what the tier does on other goroutines
	pool    *record.Pool
	random  *rand.Rand
	hashes  []uint64
	rows    []state.RowID
	keys    [1]*record.Column
	sub     [1]*record.Column
}

// newRig returns a rig whose rows may take so many bytes; 0 is without a tier.
func newRig(dir string, memory int64, spec state.TableSpec) (*rig, error) {
	return rigOf(nil, dir, memory, spec)
}

// rigOf is newRig with the state of some chains of objects.
func rigOf(chains [][]state.Object, dir string, memory int64, spec state.TableSpec) (*rig, error) {
	r := &rig{pool: record.NewPool(), random: rand.New(rand.NewPCG(1, 1))}
	var tier *state.Tier
	if memory > 0 {
		var err error
		if r.dir, err = os.MkdirTemp(dir, "weir-tier-"); err != nil {
			return nil, err
		}
		files, err := runs.OpenFiles(env.OS{}, filepath.Join(r.dir, "runs"))
		if err != nil {
			return nil, err
		}
		tier = state.NewTier(files, memory)
	}
	var err error
	if r.backend, err = tier.Restore(keyrange.All, chains, r.beside.Go); err != nil {
		return nil, err
	}
	r.table, err = r.backend.Table(spec)
	return r, err
}

func (r *rig) close() {
	r.backend.Close()
	r.beside.Wait()
	if r.dir != "" {
		_ = os.RemoveAll(r.dir)
	}
}

// upsert finds or makes the rows of keys and, where the table has one, of a sub-key.
func (r *rig) upsert(n int, key func(i int) int64, sub ...int64) {
	r.bring(n, key, sub, func(hashes []uint64, keys, subs []*record.Column) {
		r.table.Upsert(hashes, keys, subs, nil, r.rows, nil)
	})
}

// insert makes rows of a table that is Multi.
func (r *rig) insert(n int, key func(i int) int64, sub int64) {
	r.bring(n, key, []int64{sub}, func(hashes []uint64, keys, subs []*record.Column) {
		r.table.Insert(hashes, keys, subs, nil, r.rows)
	})
}

func (r *rig) bring(n int, key func(i int) int64, sub []int64, do func(hashes []uint64, keys, subs []*record.Column)) {
	r.keys[0] = r.pool.NewColumn(record.Int64, n)
	defer r.keys[0].Release()
	for i := range n {
		r.keys[0].AppendInt64(key(i))
	}
	var subs []*record.Column
	if len(sub) > 0 {
		r.sub[0] = r.pool.NewConstant(r.table.Spec().Sub[0].Type, n)
		defer r.sub[0].Release()
		if r.sub[0].Type() == record.Timestamp {
			r.sub[0].AppendTime(record.Time(sub[0]))
		} else {
			r.sub[0].AppendInt64(sub[0])
		}
		subs = r.sub[:]
	}
	r.hashes = keyrange.Hash(r.hashes[:0], r.keys[:], nil, n)
	r.rows = slices.Grow(r.rows[:0], n)[:n]
	do(r.hashes, r.keys[:], subs)
}

// add adds to the numbers of the rows of the batch.
func (r *rig) add() {
	for i, f := range r.table.Spec().Values {
		if f.Type != record.Int64 {
			continue
		}
		v := r.table.Int64(i)
		for _, row := range r.rows {
			*v.Ptr(row) += int64(i) + 1
		}
	}
}

// numbers returns so many value columns.
func numbers(n int) (fields []record.Field) {
	for i := range n {
		fields = append(fields, record.Field{Name: string(rune('a' + i)), Type: record.Int64})
	}
	return fields
}

var id = []record.Field{{Name: "id", Type: record.Int64}}

// accounts is a table whose rows are read and written by key. One takes 46 bytes in a run.
var accounts = state.TableSpec{Name: "accounts", Key: id, Values: numbers(3)}

// fill makes accounts.
func (r *rig) fill(rows, batch int) {
	for first := 0; first < rows; first += batch {
		r.upsert(min(batch, rows-first), func(i int) int64 { return int64(first + i) })
		r.add()
		r.backend.Release()
	}
}

// bytesPerRow returns what a row takes in memory, where all are there.
func bytesPerRow(spec state.TableSpec, make func(r *rig, rows int)) (int64, error) {
	const sample = 1 << 20
	r, err := newRig("", 0, spec)
	if err != nil {
		return 0, err
	}
	make(r, sample)
	return int64(r.table.Bytes()) / sample, nil
}
