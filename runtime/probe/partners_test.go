package probe

import (
	"fmt"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// BenchmarkPartners goes through a million bids by auction, as the join does for
// each auction, and then through all of them as its clean-up does.
func BenchmarkPartners(b *testing.B) {
	const rows = 1 << 20
	for _, perKey := range []int{1, 16, 1024} {
		b.Run(fmt.Sprintf("bids=%d", perKey), func(b *testing.B) {
			backend := state.NewBackend(keyrange.All)
			t, err := backend.Table(state.TableSpec{Name: "bids", Multi: true, Key: int64Fields("auction"), Values: int64Fields("price", "at")})
			if err != nil {
				b.Fatal(err)
			}
			pool := record.NewPool()
			key := pool.NewColumn(record.Int64, rows/perKey)
			for i := range rows / perKey {
				key.AppendInt64(int64(i))
			}
			keys := []*record.Column{key}
			hashes := keyrange.Hash(nil, keys, nil, key.Len())
			made := make([]state.RowID, key.Len())
			for range perKey { // the bids of an auction lie far apart
				t.Insert(hashes, keys, nil, nil, made)
			}
			price := t.Int64(0)
			b.Run("next", func(b *testing.B) {
				var sum int64
				for b.Loop() {
					t.LoadKeys(hashes, keys, nil)
					for k := range hashes {
						for r := t.Seek(k, nil); r != state.NoRow; r = t.Next(r) {
							sum += price.Get(r)
						}
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows), "ns/row")
			})
			b.Run("scan", func(b *testing.B) {
				var sum int64
				for b.Loop() {
					for r := t.Scan(0); r != state.NoRow; r = t.Scan(r + 1) {
						sum += price.Get(r)
					}
				}
				b.ReportMetric(float64(t.Bytes())/rows, "state-B/row")
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows), "ns/row")
			})
		})
	}
}
