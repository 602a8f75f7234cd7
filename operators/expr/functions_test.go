package expr

import (
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
)

// TestFunctionsAreDocumented holds every entry of the tables to what a reference
// page needs, and its examples to what they say.
func TestFunctionsAreDocumented(t *testing.T) {
	pool := record.NewCheckedPool()
	b := oneRow(pool, nil)
	seen := map[string]bool{}
	for _, d := range Functions() {
		if !slices.Contains(Groups(), d.Group) || len(d.Signatures) == 0 || !strings.HasSuffix(d.Summary, ".") || len(d.Examples) == 0 {
			t.Errorf("%s lacks a group, a signature, a sentence or an example: %+v", d.Name, d)
		}
		for _, name := range append(slices.Clone(d.Aliases), d.Name) {
			if seen[name] {
				t.Errorf("%s stands twice", name)
			}
			seen[name] = true
		}
		for _, e := range d.Examples {
			if got := result(t, pool, e[0], b); got != e[1] {
				t.Errorf("%s: %s gives %s, not %s", d.Name, e[0], got, e[1])
			}
		}
	}
	b.Release()
	checkPool(t, pool)
}

func TestSignatures(t *testing.T) {
	var got []string
	for _, name := range []string{"abs", "coalesce"} {
		got = append(got, functionIn(functions, name).Doc().Signatures...)
	}
	want := []string{"abs(x int64) → int64", "abs(x int32) → int32", "abs(x decimal) → decimal", "abs(x float64) → float64",
		"abs(x interval) → interval", "coalesce(x any, …) → any"}
	if !slices.Equal(got, want) {
		t.Errorf("signatures %q, want %q", got, want)
	}
}
