package state_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// What cannot be restored whole is refused, with the reason.
func TestRestoreRefuses(t *testing.T) {
	object := func(r keyrange.Range, checkpoint uint64) state.Object {
		return encode(t, state.NewBackend(r), checkpoint)
	}
	chain := func(r keyrange.Range) []state.Object {
		b := state.NewBackend(r)
		return []state.Object{encode(t, b, 1), encode(t, b, 2), encode(t, b, 3)}
	}
	whole := chain(keyrange.All)
	quarter := keyrange.Of(1, 4)
	stranger := state.NewBackend(quarter)
	upsert(open(t, stranger, countSpec), 0, 1000)
	for _, c := range []struct {
		name   string
		chains [][]state.Object
		want   string
	}{
		{"empty chain", [][]state.Object{{}}, "state: restore chain 0: it has no object"},
		{"delta first", [][]state.Object{whole[1:]}, "chain 0: object 0: it builds on checkpoint 1, whose object is missing"},
		{"delta missing", [][]state.Object{{whole[0], whole[2]}}, "chain 0: object 1: it builds on checkpoint 2, whose object is missing"},
		{"wrong order", [][]state.Object{{whole[0], whole[1], whole[1]}}, "object 2: checkpoint 2 of range"},
		{"two full", [][]state.Object{{whole[0], object(keyrange.All, 2)}}, "object 1: it stands alone (checkpoint 2), so it must come first"},
		{"damaged", [][]state.Object{{state.ObjectOf([]byte("no object, but text that is long enough to look like one"))}}, `object 0: snapshot: footer at offset 24: begins with "no objec"`},
		{"gap at the start", [][]state.Object{chain(keyrange.Of(1, 2))}, "no chain holds the keys from hash 0000000000000000 to 7fffffffffffffff"},
		{"gap at the end", [][]state.Object{chain(keyrange.Of(0, 2))}, "no chain holds the keys from hash 8000000000000000 to ffffffffffffffff"},
		{"gap inside", [][]state.Object{chain(keyrange.Of(2, 3)), chain(keyrange.Of(0, 3))},
			"no chain holds the keys from hash 5555555555555556 to aaaaaaaaaaaaaaaa"},
		{"overlap", [][]state.Object{chain(keyrange.Of(0, 2)), whole}, "hold the same keys, from hash 0000000000000000 on"},
		{"strange rows", [][]state.Object{{encode(t, stranger, 1)}, chain(keyrange.Of(0, 4)), chain(keyrange.Of(1, 2))}, "is outside of the key range"},
	} {
		_, err := state.Restore(keyrange.All, c.chains)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\ngot  %v\nwant …%s…", c.name, err, c.want)
		}
	}
}

// An object says what it is called, where it was told. Another one in its place is refused, as
// whole as it is.
func TestRestoreKnowsObjectsByName(t *testing.T) {
	frozen := state.NewBackend(keyrange.All).Freeze(7)
	defer frozen.Release()
	var content strings.Builder
	if err := frozen.EncodeAs("state/a-1-sums-0", &content); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"": "<nil>", "state/a-1-sums-0": "<nil>",
		"state/a-2-sums-0": "state: restore chain 0: object 0: it is state/a-1-sums-0, of checkpoint 7, in the place of another",
	} {
		object := state.ObjectOf([]byte(content.String()))
		object.Name = name
		if _, err := state.Restore(keyrange.All, [][]state.Object{{object}}); fmt.Sprint(err) != want {
			t.Errorf("as %q: %v, want %s", name, err, want)
		}
	}
	unnamed := encode(t, state.NewBackend(keyrange.All), 1)
	unnamed.Name = "state/a-1-sums-0"
	if _, err := state.Restore(keyrange.All, [][]state.Object{{unnamed}}); err != nil {
		t.Errorf("an object that says nothing: %v", err)
	}
}

// Rows with hash 0, those of a global aggregate, stay with the owner of 0.
func TestRowsWithoutKeyFollowHashZero(t *testing.T) {
	spec := state.TableSpec{Name: "total", Values: countSpec.Values}
	b := state.NewBackend(keyrange.All)
	total := open(t, b, spec)
	rows := make([]state.RowID, 1)
	total.Upsert(keyrange.Hash(nil, nil, nil, 1), nil, nil, nil, rows, nil)
	*total.Int64(0).Ptr(rows[0]) = 5
	object := encode(t, b, 1)
	for i, want := range []int{1, 0, 0} {
		part, err := state.Restore(keyrange.Of(i, 3), [][]state.Object{{object}})
		if err != nil {
			t.Fatal(err)
		}
		if got := open(t, part, spec).Len(); got != want {
			t.Errorf("subtask %d has %d rows, not %d", i, got, want)
		}
	}
}

// FuzzRestore makes sure that an object whose CRCs are right, but whose content
// makes no sense, is an error or a table that can be used: never a panic.
func FuzzRestore(f *testing.F) {
	f.Add([]byte("hash----\x00\x80-int64-"), []byte("\x00--int64-\x04\x02\x00\x01\x00")) // a list of null and ""
	f.Add([]byte("hash----\x00\x80-int64-"), []byte("\x00--int64-\x04text"))
	f.Add([]byte("hash----\x01"), []byte("\x03"))
	f.Add([]byte("hash----\x02"), []byte("\x00--int64-\xff\xff\xff\xff\x0f"))
	f.Fuzz(func(t *testing.T, key, value []byte) {
		fuzzNested(t, crafted(t, listSpec.Values[1].Type.String(), key, value))
		chain := crafted(t, "utf8", key, value)
		if chain == nil {
			return
		}
		b, err := state.Restore(keyrange.All, [][]state.Object{chain})
		if err != nil {
			return
		}
		table := open(t, b, countSpec)
		for r := table.Scan(0); r != state.NoRow; r = table.Scan(r + 1) {
			table.String(1).Set(r, append(table.String(1).Get(r), 'x'))
			table.Delete(r)
		}
		upsert(table, 0, 100)
	})
}

// listSpec is countSpec with a list for a text.
var listSpec = state.TableSpec{
	Name: "counts", Key: countSpec.Key,
	Values: []record.Field{countSpec.Values[0], {Name: "text", Type: record.ListOf(record.String)}},
}

// fuzzNested restores an object and reads its lists, if they are some.
func fuzzNested(t *testing.T, chain []state.Object) {
	if chain == nil {
		return
	}
	b, err := state.Restore(keyrange.All, [][]state.Object{chain})
	if err != nil {
		return
	}
	table := open(t, b, listSpec)
	lists := record.NewCheckedPool().NewColumn(listSpec.Values[1].Type, 0)
	defer lists.Release()
	for r := table.Scan(0); r != state.NoRow; r = table.Scan(r + 1) {
		table.AppendValues(1, []state.RowID{r}, lists)
	}
	if err := recordtest.Check(lists); err != nil {
		t.Error(err)
	}
}

// TestRestoreRefusesWhatIsNoList restores lists that end early, have something behind
// them, or a mark that there is not.
func TestRestoreRefusesWhatIsNoList(t *testing.T) {
	for text, good := range map[string]bool{"\x02\x00\x00": true, "\x02\x00": false, "\x01\x00\x00": false, "\x01\x02\x00": false} {
		value := append([]byte("\x00--int64-"), byte(len(text)))
		chain := crafted(t, listSpec.Values[1].Type.String(), []byte("hash----\x00\x80-int64-"), append(value, text...))
		_, err := state.Restore(keyrange.All, [][]state.Object{chain})
		if (err == nil) != good || !good && !strings.Contains(err.Error(), "has not the columns of the table") {
			t.Errorf("% x: error %v", text, err)
		}
	}
}
