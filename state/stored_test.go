package state_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// storedRows returns the rows of the only table that a chain holds, by key, and how many there are.
func storedRows(chain []state.Object) (rows map[int64]string, count int, err error) {
	stored, err := state.OpenStored(chain)
	if err != nil || len(stored.Tables()) == 0 {
		return nil, 0, err
	}
	pool := record.NewCheckedPool()
	rows = map[int64]string{}
	table := stored.Tables()[0]
	err = table.Rows(pool, func(b *record.Batch) error {
		defer b.Release()
		for i := range b.Len() {
			rows[b.Columns[0].Int64s()[i]] = string(b.Columns[2].AppendJSON(b.Columns[1].AppendJSON(nil, i), i))
		}
		return nil
	})
	if err == nil {
		count, err = table.Count()
	}
	return rows, count, errors.Join(err, pool.Check())
}

// TestStoredRows reads the rows of a chain of objects, without restoring it: they are those that
// the table had at the last freeze.
func TestStoredRows(t *testing.T) {
	trial.Run(t, 60, func(c *trial.Case) {
		b, want := state.NewBackend(keyrange.All), map[int64]string{}
		table := open(c, b, countSpec)
		var chain []state.Object
		for checkpoint := range 1 + c.Random.IntN(5) {
			first, n := c.Random.IntN(3000), c.Random.IntN(3000)
			rows, _ := upsert(table, first, n)
			for i, r := range rows {
				*table.Int64(0).Ptr(r) = int64(i)
				text := fmt.Sprintf("text %d of %d", i, checkpoint)
				table.String(1).Set(r, []byte(text))
				want[int64(first+i)] = fmt.Sprintf("%d%q", i, text)
			}
			for i, r := range rows {
				if c.Random.IntN(3) == 0 {
					table.Delete(r)
					delete(want, int64(first+i))
				}
			}
			object := encode(c, b, uint64(checkpoint+1))
			stored, err := state.OpenStored([]state.Object{object})
			if err == nil && stored.Range() == keyrange.All {
				chain = nil // it stands alone
			}
			chain = append(chain, object)
		}
		got, count, err := storedRows(chain)
		if err != nil || count != len(want) || !maps.Equal(got, want) {
			c.Fatalf("%d rows, counted %d, want %d, or they differ: %v", len(got), count, len(want), err)
		}
	})
}

// TestStoredColumns names the columns of a table, each once.
func TestStoredColumns(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	at := []record.Field{{Name: "at", Type: record.Int64}}
	open(t, b, state.TableSpec{Name: "names", Key: at, Sub: at, Values: append(slices.Clone(at), record.Field{Name: "n", Type: record.Bool})})
	stored, err := state.OpenStored([]state.Object{encode(t, b, 1)})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range stored.Tables()[0].Schema().Fields() {
		names = append(names, f.Name)
	}
	if want := []string{"at", "at (sub-key 1)", "at (value 1)", "n"}; !slices.Equal(names, want) {
		t.Errorf("the columns are %q, want %q", names, want)
	}
}

// TestStoredDamage turns a bit of an object: that is found when it is opened or read.
func TestStoredDamage(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	upsert(open(t, b, countSpec), 0, 5000)
	object := encode(t, b, 1)
	whole := make([]byte, object.Size)
	if _, err := object.Content.ReadAt(whole, 0); err != nil {
		t.Fatal(err)
	}
	trial.Run(t, 300, func(c *trial.Case) {
		damaged := slices.Clone(whole)
		damaged[c.Random.IntN(len(damaged))] ^= 1 << c.Random.IntN(8)
		_, _, err := storedRows([]state.Object{state.ObjectOf(damaged)})
		var at *state.ObjectError
		if !errors.As(err, &at) {
			c.Errorf("a bit is turned, and reading gives %v", err)
		}
	})
}
