package state_test

import (
	"math"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// restored returns the state of b, restored.
func restored(t *testing.T, b *state.Backend, checkpoint uint64) *state.Backend {
	t.Helper()
	r, err := state.Restore(keyrange.All, [][]state.Object{{encode(t, b, checkpoint)}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDeclarationMayNotChangeOtherwise(t *testing.T) {
	field := func(name string, t record.Type) record.Field { return record.Field{Name: name, Type: t} }
	for _, c := range []struct {
		name   string
		change func(*state.TableSpec)
		want   string
	}{
		{"the type of a column", func(s *state.TableSpec) { s.Values = []record.Field{field("count", record.Float64)} },
			`has value column "count" of type int64 in the checkpoint, of type float64 in this job, which does not hold all of its values`},
		{"the type of a key", func(s *state.TableSpec) { s.Key = []record.Field{field("n", record.String)} },
			`has key column "n" of type int64 in the checkpoint, "n" of type string in its place in this job`},
		{"the name of a key", func(s *state.TableSpec) { s.Key = []record.Field{field("m", record.Int64)} },
			`has key column "n" of type int64 in the checkpoint, "m" of type int64 in its place`},
		{"a key more", func(s *state.TableSpec) { s.Key = append(s.Key, field("m", record.Int64)) }, `has no key column "m" in the checkpoint`},
		{"a key less", func(s *state.TableSpec) { s.Key = nil }, `has key column "n" in the checkpoint, which this job lacks`},
		{"a sub-key", func(s *state.TableSpec) { s.Sub = []record.Field{field("at", record.Int64)} },
			`has no sub-key column "at" in the checkpoint, as it has in this job`},
		{"buckets", func(s *state.TableSpec) { s.Sub, s.Bucketed = []record.Field{field("at", record.Int64)}, true },
			`is (n int64) → (count int64, text string) in the checkpoint`},
		{"rows per key", func(s *state.TableSpec) { s.Multi = true }, `is (n int64) → (count int64, text string) in the checkpoint`},
		{"an older version", func(s *state.TableSpec) { s.Version = 6 },
			`is of version 7 in the checkpoint, and this job only knows version 6; run the newer weir, or start afresh`},
		{"a time", func(s *state.TableSpec) {
			s.Values, s.Due = append(s.Values, field("at", record.Timestamp)), state.DueByValue(2)
		}, `has no value column "at" in the checkpoint, by which its rows are due in this job`},
	} {
		spec := countSpec
		spec.Version = 7
		b := state.NewBackend(keyrange.All)
		upsert(open(t, b, spec), 0, 3)
		c.change(&spec)
		_, err := restored(t, b, 1).Table(spec)
		if err == nil || !strings.Contains(err.Error(), `state table "counts" `+c.want) || !strings.Contains(err.Error(), "start afresh") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestOpenTableDoesNotEvolve(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	open(t, b, countSpec)
	other := countSpec
	other.Values = other.Values[:1]
	if _, err := b.Table(other); err == nil || !strings.Contains(err.Error(), "is open as") {
		t.Errorf("the error is %v", err)
	}
}

// TestDefaultsOfAddedColumns restores rows without columns, which have their
// defaults, or NULL, while rows that are made then begin with zero.
func TestDefaultsOfAddedColumns(t *testing.T) {
	b := state.NewBackend(keyrange.All)
	upsert(open(t, b, countSpec), 0, 3)
	pool := record.NewCheckedPool()
	ones, text := ints(pool, 1, 1), pool.NewColumn(record.String, 1)
	text.AppendString([]byte("none yet"))
	spec := countSpec
	spec.Values = append([]record.Field{
		{Name: "one", Type: record.Int64}, {Name: "note", Type: record.String}, {Name: "null", Type: record.Int64},
	}, spec.Values...)
	spec.Defaults = []state.Default{{Column: "one", Value: ones}, {Column: "note", Value: text}}
	later := restored(t, b, 1)
	table := open(t, later, spec)
	for r, made := upsert(table, 0, 5); len(r) > 0; r = r[1:] {
		old := r[0] != made[0] && r[0] != made[1]
		got := []any{table.Int64(0).Get(r[0]), string(table.String(1).Get(r[0])), table.Nulls(2).Get(r[0])}
		want := []any{int64(0), "", false}
		if old {
			want = []any{int64(1), "none yet", true}
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("column %d of row %d is %v, not %v", i, r[0], got[i], want[i])
			}
		}
	}
	ones.Release()
	text.Release()
}

// TestCheckpointsAfterAnEvolutionAreFull evolves a table between a freeze and its
// completion: the next checkpoint does not build on what was frozen.
func TestCheckpointsAfterAnEvolutionAreFull(t *testing.T) {
	for name, change := range map[string]func(b *state.Backend){
		"a column less": func(b *state.Backend) {
			spec := countSpec
			spec.Values = spec.Values[:1]
			open(t, b, spec)
		},
		"a table less": func(b *state.Backend) { b.DropUnopened() },
	} {
		b := state.NewBackend(keyrange.All)
		upsert(open(t, b, countSpec), 0, 3)
		b = restored(t, b, 1)
		encode(t, b, 2)
		change(b)
		if f := b.Freeze(3); f.Delta() {
			t.Errorf("%s: the next checkpoint is a delta", name)
		}
	}
}

// TestWiderColumns: a value column may come back with a type that holds all values it had, in
// memory and below it, and with no other.
func TestWiderColumns(t *testing.T) {
	digits := func(precision, scale int) record.Type {
		d, err := record.DecimalOf(precision, scale)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		was, is record.Type
		want    string // the value; "" is refused
	}{
		{record.Int32, record.Int64, "-2147483648"},
		{record.Int32, record.Float64, "-2147483648"},
		{digits(9, 2), digits(38, 2), "-5.01"},
		{record.Int64, record.Int32, ""},
		{record.Int64, record.Float64, ""},
		{digits(9, 2), digits(8, 2), ""},
		{digits(9, 2), digits(9, 3), ""},
		{record.Date, record.Int64, ""},
		{record.Int32, record.String, ""},
	} {
		for _, below := range []bool{false, true} {
			b := state.NewBackend(keyrange.All)
			spec := state.TableSpec{Name: "t", Key: keyAt.key, Values: []record.Field{{Name: "v", Type: c.was}}}
			table := open(t, b, spec)
			rows, _ := upsertKeys(table, 0, 2)
			values := record.NewPool().NewColumn(c.was, 2)
			switch c.was.Kind {
			case record.KindDecimal:
				values.AppendDecimal(decimal.FromInt64(-501))
			case record.KindInt64:
				values.AppendInt64(math.MinInt32)
			default:
				values.AppendInt32(math.MinInt32)
			}
			values.AppendNull()
			table.SetValues(0, rows, values)

			chain := [][]state.Object{{encode(t, b, 1)}}
			later, err := state.Restore(keyrange.All, chain)
			if below {
				later, err = state.NewTier(runs.NewMemory(), 1).Restore(keyrange.All, chain, nil)
			}
			if err != nil {
				t.Fatal(err)
			}
			spec.Values[0].Type = c.is
			table, err = later.Table(spec)
			if c.want == "" {
				if err == nil || !strings.Contains(err.Error(), "which does not hold all of its values") {
					t.Errorf("%s as %s, below memory: %v: %v", c.was, c.is, below, err)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			rows, made := upsertKeys(table, 0, 2)
			got := record.NewPool().NewColumn(c.is, 2)
			table.AppendValues(0, rows, got)
			if text := string(got.AppendText(nil, 0)); made > 0 || text != c.want || !got.IsNull(1) {
				t.Errorf("%s as %s, below memory: %v: %s, made %d, null %v", c.was, c.is, below, text, made, got.IsNull(1))
			}
		}
	}
}
