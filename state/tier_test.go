package state_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/statetest"
)

// countingStore counts the runs that it holds, and can damage them.
type countingStore struct {
	runs.ChunkStore
	made, held int
	reads      int // of chunks
	damaged    bool
}

func (s *countingStore) Create(run runs.ID) (runs.RunWriter, error) {
	s.made++
	s.held++
	return s.ChunkStore.Create(run)
}

func (s *countingStore) Drop(run runs.ID) error {
	s.held--
	return s.ChunkStore.Drop(run)
}

func (s *countingStore) Open(run runs.ID) (runs.RunReader, error) {
	r, err := s.ChunkStore.Open(run)
	return damagingReader{r, s}, err
}

type damagingReader struct {
	runs.RunReader
	store *countingStore
}

func (r damagingReader) ReadChunk(c runs.Chunk, buffer []byte) ([]byte, error) {
	r.store.reads++
	content, err := r.RunReader.ReadChunk(c, buffer)
	if r.store.damaged {
		content = append([]byte{content[0] ^ 1}, content[1:]...)
	}
	return content, err
}

// TestTierEqualsModel has backends keep rows in a tier: few, most, or all of them from one
// call to the next.
func TestTierEqualsModel(t *testing.T) {
	made := 0
	trial.Run(t, 12, func(c *trial.Case) {
		state.SetEncoding(c, 1<<(8+c.Random.IntN(18)), 1<<(4+c.Random.IntN(13)))
		state.SetGraves(c, 1<<c.Random.IntN(20))
		state.SetTombstones(c, c.Random.Uint64N(1<<c.Random.IntN(9)))
		state.SetCounted(c, c.Random.Uint64N(1<<c.Random.IntN(16)))
		memory, _, drawn := int64(1)<<c.Random.IntN(20), c.Random.IntN(3), drawStores(c)
		var stores []*countingStore
		statetest.Random(c, c.Seed, 200, func(r keyrange.Range, chains [][]state.Object) (*state.Backend, error) {
			kept, end := drawn.new()
			c.Cleanup(end)
			store := &countingStore{ChunkStore: kept}
			stores = append(stores, store)
			if c.Random.IntN(2) == 0 {
				held, release := new(lent).of(chains)
				defer release()
				return state.NewTier(store, memory).Restore(r, held, nil)
			}
			b, err := state.Restore(r, chains)
			if err == nil {
				b.SetTier(state.NewTier(store, memory), nil)
			}
			return b, err
		})
		for _, store := range stores {
			made += store.made
		}
	})
	if made < 100 {
		t.Errorf("only %d runs were made", made)
	}
}

// tiered returns a backend with a table whose rows may take so many bytes of memory.
func tiered(t *testing.T, memory int64) (*state.Backend, *state.Table, *countingStore, *state.Tier) {
	t.Helper()
	store := &countingStore{ChunkStore: runs.NewMemory()}
	b, tier := state.NewBackend(keyrange.All), state.NewTier(store, memory)
	b.SetTier(tier, nil)
	table, err := b.Table(state.TableSpec{
		Name: "counts", Key: []record.Field{{Name: "k", Type: record.Int64}}, Values: []record.Field{{Name: "n", Type: record.Int64}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b, table, store, tier
}

// count adds one to each of the keys from first on, and returns how many were new.
func count(table *state.Table, first, n int) (made int) {
	rows, made := upsertKeys(table, first, n)
	for _, r := range rows {
		*table.Int64(0).Ptr(r)++
	}
	return made
}

func TestTier(t *testing.T) {
	const memory = 100_000
	b, table, store, tier := tiered(t, memory)
	for round := range 20 {
		made := 0
		for first := 0; first < 10_000; first += 100 {
			made += count(table, first, 100)
			b.Release()
		}
		if want := map[bool]int{true: 10_000}[round == 0]; made != want {
			t.Fatalf("round %d made %d rows, want %d", round, made, want)
		}
	}
	if table.Len() != 10_000 {
		t.Errorf("%d rows", table.Len())
	}
	if store.held > 12 {
		t.Errorf("there are %d runs", store.held)
	}
	if used, _ := tier.Used(); used == 0 || used > memory {
		t.Errorf("rows take %d bytes, and may take %d", used, memory)
	}
	frozen := b.Freeze(1)
	b.Close()
	if used, backends := tier.Used(); used != 0 || backends != 0 {
		t.Errorf("behind Close rows take %d bytes", used)
	}
	if store.held == 0 {
		t.Error("Close took the runs that a snapshot needs")
	}
	var object strings.Builder
	if err := frozen.Encode(&object); err != nil {
		t.Fatal(err)
	}
	frozen.Release()
	if store.held != 0 {
		t.Errorf("%d runs are left of %d", store.held, store.made)
	}
	restored, err := state.Restore(keyrange.All, [][]state.Object{{state.ObjectOf([]byte(object.String()))}})
	if err != nil || restored.Rows() != 10_000 {
		t.Errorf("restored: %v, %v", restored, err)
	}
}

// upsertKeys returns the rows of the keys from first on, and how many were made.
func upsertKeys(table *state.Table, first, n int, sub ...*record.Column) (rows []state.RowID, made int) {
	keys := record.NewPool().NewColumn(record.Int64, n)
	for k := range n {
		keys.AppendInt64(int64(first + k))
	}
	rows = make([]state.RowID, n)
	return rows, len(table.Upsert(keyrange.Hash(nil, []*record.Column{keys}, nil, n), []*record.Column{keys}, sub, nil, rows, nil))
}

// TestTierGone deletes rows that came up, whose copies below are hidden until that goes down.
func TestTierGone(t *testing.T) {
	b, table, _, _ := tiered(t, 1)
	count(table, 0, 1000)
	b.Release()
	rows, made := upsertKeys(table, 100, 50)
	if made != 0 {
		t.Fatalf("%d rows are new that are below", made)
	}
	for _, r := range rows {
		table.Delete(r)
	}
	if rows, made = upsertKeys(table, 100, 50); made != 50 || *table.Int64(0).Ptr(rows[7]) != 0 {
		t.Errorf("of 50 rows that were deleted %d are new, with %d", made, *table.Int64(0).Ptr(rows[7]))
	}
	if table.Len() != 1000 {
		t.Errorf("%d rows", table.Len())
	}
}

// TestTierRises has rows go down in front of those that are known to come up next.
func TestTierRises(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	b.SetTier(state.NewTier(runs.NewMemory(), 1), nil)
	table, err := b.Table(state.TableSpec{
		Name: "windows", Key: []record.Field{{Name: "k", Type: record.Int64}}, Bucketed: true, Due: state.DueBySub,
		Sub: []record.Field{{Name: "window", Type: record.Int64}},
	})
	if err != nil {
		t.Fatal(err)
	}
	add := func(window int64, n int) {
		windows := record.NewPool().NewConstant(record.Int64, n)
		windows.AppendInt64(window)
		upsertKeys(table, 0, n, windows)
		b.Release()
	}
	add(3, 10)
	add(10, 1000)
	for _, step := range []struct {
		window, until int64 // rows of the window are added before those up to until come up
		rows, want    int
	}{{2, 3, 5, 15}, {7, 8, 20, 20}, {9, 9, 30, 30}, {11, 12, 40, 1040}} {
		add(step.window, step.rows)
		got, last := 0, int64(0)
		for more := true; more; {
			var rows []state.RowID
			rows, more = table.Due(step.until, 64, nil)
			for _, r := range rows {
				if w := table.Sub().Get(r); w < last || w > step.until {
					t.Fatalf("window %d comes up until %d, behind %d", w, step.until, last)
				}
				last = table.Sub().Get(r)
				table.Delete(r)
			}
			got += len(rows)
			b.Release()
		}
		if got != step.want {
			t.Errorf("until %d %d rows come up, want %d", step.until, got, step.want)
		}
	}
}

// TestDamagedTier: who is given other bytes than were written does not go on.
func TestDamagedTier(t *testing.T) {
	b, table, store, _ := tiered(t, 1)
	count(table, 0, 1000)
	b.Release()
	store.damaged = true
	defer func() {
		thrown, _ := recover().(failure.Thrown)
		err := thrown.Err
		var tier *state.TierError
		const want = `state table "counts": runs: run 1: chunk 0 at offset 0: damaged: CRC-32C is`
		if !errors.As(err, &tier) || !strings.HasPrefix(fmt.Sprint(err), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}()
	count(table, 0, 1000)
}
