package checkpoint

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env/objstore"
)

// TestHistory walks logs from their end. A log is written as "number
// kind/generation", a takeover with the slot it goes on from; "damaged" slots
// cannot be read.
func TestHistory(t *testing.T) {
	tests := []struct{ name, log, want string }{
		{"empty", "", ""},
		{"one owner", "1 takeover/1>0, 2 checkpoint/1, 3 checkpoint/1", "3 2"},
		{"two owners", "1 takeover/1>0, 2 checkpoint/1, 3 takeover/2>2, 4 checkpoint/2", "4 2"},
		{"older slots were deleted", "5 checkpoint/1, 6 takeover/2>5, 7 checkpoint/2", "7 5"},
		{"the takeover was deleted, too", "7 checkpoint/2, 8 checkpoint/2", "8 7"},
		{"finished", "1 takeover/1>0, 2 checkpoint/1, 3 finished/1", "2"},
		{"what was given up is passed over", "1 takeover/1>0, 2 checkpoint/1, 3 damaged, 4 takeover/2>2, 5 checkpoint/2", "5 2"},
		{"damage at the end", "1 takeover/1>0, 2 checkpoint/1, 3 damaged", "damaged 2"},
		{"a slot is lost", "1 takeover/1>0, 2 checkpoint/1, 4 checkpoint/1", "4 damaged 2"},
		{"several slots in a row are lost", "1 takeover/1>0, 2 checkpoint/1, 1000000000000 checkpoint/1", "1000000000000 damaged 2"},
		{"the greatest number there is", "1 takeover/1>0, 2 checkpoint/1, 4611686018427387904 damaged", "damaged damaged 2"},
		{"the slot that a takeover names was deleted", "5 takeover/2>3", "damaged"},
		{"the slot that a takeover names is lost", "1 takeover/1>0, 2 checkpoint/1, 4 takeover/2>3", "damaged 2"},
		{"a sleeper wrote where slots were deleted", "6 checkpoint/1, 7 checkpoint/2, 8 checkpoint/2", "8 7"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := store{objstore.NewMemory()}
			for entry := range strings.SplitSeq(test.log, ", ") {
				putSlot(t, s, entry)
			}
			h, err := s.history(ctx)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			h.decided(ctx, func(s *slot, err error) bool {
				switch {
				case err == nil:
					got = append(got, fmt.Sprint(s.Number))
				case errors.Is(err, errDamaged):
					got = append(got, "damaged")
				default:
					t.Fatal(err)
				}
				return true
			})
			if !slices.Equal(got, strings.Fields(test.want)) {
				t.Errorf("walked %q, want %q", got, test.want)
			}
		})
	}
}

func putSlot(t *testing.T, s store, entry string) {
	t.Helper()
	if entry == "" {
		return
	}
	one := &slot{Manifest: &ObjectRef{Name: "manifests/x"}}
	number, rest, _ := strings.Cut(entry, " ")
	kind, owner, _ := strings.Cut(rest, "/")
	fmt.Sscan(number, &one.Number)
	one.Kind = slotKind(kind)
	fmt.Sscanf(owner, "%d>%d", &one.Generation, &one.Restores)
	content, err := seal("slot", one)
	if err != nil {
		t.Fatal(err)
	}
	if kind == "damaged" {
		content = content[1:]
	}
	name := slotName(one.Number)
	if err := errors.Join(s.put(ctx, name, content), s.put(ctx, name+copySuffix, content)); err != nil {
		t.Fatal(err)
	}
}
