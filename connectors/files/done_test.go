package files

import (
	"fmt"
	"testing"
)

// BenchmarkPosition makes the position of a batch when many files that were read
// lie in the watched folder.
func BenchmarkPosition(b *testing.B) {
	for _, files := range []int{0, 1000, 10_000, 100_000} {
		b.Run(fmt.Sprint(files), func(b *testing.B) {
			s := split{watch: &watch{}, at: position{File: "2013-01-01T00-00.csv", Size: 1 << 20, Record: 1000, Offset: 1 << 15}}
			for i := range files {
				s.watch.done.add(fmt.Sprintf("%06d-events.csv", i), 1<<20)
			}
			b.ReportAllocs()
			for b.Loop() {
				p, err := s.position()
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(p)))
			}
		})
	}
}
