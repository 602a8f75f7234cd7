package snapshot_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/klauspost/compress/s2"

	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/snapshot"
)

const million = 1_000_000

// hashes returns sorted hashes, each once.
func hashes(n int) []uint64 {
	r := rand.New(rand.NewPCG(1, 2))
	all := make([]uint64, n)
	for i := range all {
		all[i] = r.Uint64()
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// writeRows writes an object whose rows have keys of 16 bytes and values of 32.
func writeRows(b testing.TB, to io.Writer, bucketed bool, keys []uint64) {
	w, err := snapshot.NewWriter(to, bare(bucketed), nil)
	must(b, err)
	rows, err := w.Table(0)
	must(b, err)
	var key [16]byte
	var value [32]byte
	for i, hash := range keys {
		if binary.BigEndian.PutUint64(key[:], hash); bucketed {
			binary.BigEndian.PutUint64(key[:], 1<<63+hash>>61) // eight buckets
		}
		binary.BigEndian.PutUint64(key[8:], hash)
		binary.LittleEndian.PutUint64(value[8:], uint64(i))
		if err := rows.Put(key[:], value[:]); err != nil { // must would cost more than Put
			b.Fatal(err)
		}
	}
	must(b, w.Finish())
}

func BenchmarkWrite(b *testing.B) {
	keys := hashes(million)
	for b.Loop() {
		writeRows(b, io.Discard, false, keys)
	}
	perRow(b, len(keys))
}

func BenchmarkRead(b *testing.B) {
	keys := hashes(million)
	o := open(b, object(b, false, keys))
	for b.Loop() {
		n := 0
		rows := o.Rows(0, keyrange.All)
		for rows.Next() {
			n++
		}
		if must(b, rows.Err()); n != len(keys) {
			b.Fatalf("%d rows", n)
		}
	}
	perRow(b, len(keys))
}

// BenchmarkMerge reads a base and 8 deltas that have a million entries together: the
// deltas a hundredth each, or as many as the base.
func BenchmarkMerge(b *testing.B) {
	for _, test := range []struct {
		name     string
		bucketed bool
		share    int
	}{{"small deltas", false, 100}, {"large deltas", false, 9}, {"small deltas in buckets", true, 100}} {
		b.Run(test.name, func(b *testing.B) {
			base := hashes(million - 8*million/test.share)
			objects := []*snapshot.Object{open(b, object(b, test.bucketed, base))}
			r := rand.New(rand.NewPCG(3, 4))
			for range 8 {
				some := make([]uint64, million/test.share)
				for i := range some {
					some[i] = base[r.IntN(len(base))]
				}
				slices.Sort(some)
				objects = append(objects, open(b, object(b, test.bucketed, slices.Compact(some))))
			}
			slices.Reverse(objects)
			for b.Loop() {
				mergeAll(b, objects, len(base))
			}
			perRow(b, million)
		})
	}
}

func mergeAll(b *testing.B, objects []*snapshot.Object, want int) {
	var inputs []*runs.Iterator
	for _, o := range objects {
		inputs = append(inputs, o.Rows(0, keyrange.All))
	}
	n := 0
	merged := runs.Merge(inputs...)
	for merged.Next() {
		n++
	}
	if must(b, merged.Err()); n != want {
		b.Fatalf("%d rows, not %d", n, want)
	}
}

func perRow(b *testing.B, rows int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows), "ns/entry")
}

// BenchmarkCompression says what S2 would save and cost, chunk by chunk, for values of four
// small numbers and for values of text that does not repeat.
func BenchmarkCompression(b *testing.B) {
	random := rand.New(rand.NewPCG(5, 6))
	for name, value := range map[string]func(i int) string{
		"numbers": func(i int) string { return fmt.Sprintf("%c\x00\x00\x00\x00\x00\x00\x00", i%128) },
		"text":    func(int) string { return fmt.Sprintf("%08x", random.Uint32()) },
	} {
		b.Run(name, func(b *testing.B) {
			rows := manyRows(million / 10)
			for i := range rows {
				rows[i].value = value(i) + value(i/7) + value(i/3) + value(i*31)
			}
			run := open(b, content{header: bare(false), rows: [][]row{rows}}.encode(b)).Run(0)
			for b.Loop() {
				compress(b, run)
			}
			perRow(b, million/10)
		})
	}
}

func compress(b *testing.B, run runs.Run) {
	plain, packed := 0, 0
	buffer, scratch := make([]byte, 4096), make([]byte, s2.MaxEncodedLen(4096))
	for n := range run.Meta.Chunks() {
		chunk := run.Meta.Chunk(n)
		content, err := run.Chunks.ReadChunk(chunk, buffer[:chunk.Length])
		must(b, err)
		plain, packed = plain+len(content), packed+len(s2.Encode(scratch, content))
	}
	b.ReportMetric(float64(packed)/float64(plain), "packed/plain")
}

func object(t testing.TB, bucketed bool, keys []uint64) []byte {
	var to bytes.Buffer
	writeRows(t, &to, bucketed, keys)
	return to.Bytes()
}
