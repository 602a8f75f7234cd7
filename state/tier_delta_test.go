package state_test

import (
	"strings"
	"testing"
)

// TestTierDeltaIsSmall: what a checkpoint has already is not in the next one, though runs
// become one all the time.
func TestTierDeltaIsSmall(t *testing.T) {
	b, table, _, _ := tiered(t, 1)
	const rows = 20_000
	count(table, 0, rows)
	b.Release()
	checkpoint := func(number uint64) (bytes int, delta bool) {
		frozen := b.Freeze(number)
		defer frozen.Release()
		var object strings.Builder
		if err := frozen.Encode(&object); err != nil {
			t.Fatal(err)
		}
		b.Completed(number)
		return object.Len(), frozen.Delta()
	}
	full, _ := checkpoint(1)
	for number := range uint64(8) {
		for part := range 10 {
			count(table, 100*(10*int(number)+part), 100)
			b.Release()
		}
		if bytes, delta := checkpoint(number + 2); !delta || bytes > full/10 {
			t.Errorf("checkpoint %d has %d bytes of %d, for a twentieth of the rows; delta: %v", number+2, bytes, full, delta)
		}
	}
}
