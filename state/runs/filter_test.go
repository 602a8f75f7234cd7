package runs_test

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// ofHashes is a model with an entry of 48 bytes for each hash, in each of some buckets.
func ofHashes(layout runs.Layout, hashes []uint64, buckets int64) model {
	m := model{layout: layout}
	for bucket := range buckets {
		for _, hash := range hashes {
			var key []byte
			if layout.Bucketed {
				key = runs.AppendBucket(key, bucket)
			}
			key = binary.BigEndian.AppendUint64(key, hash)
			m.entries = append(m.entries, entry{key: string(key) + "a subkey", value: "a value of 32 bytes, as many use"[:40-len(key)]})
		}
	}
	return m
}

// randomHashes returns even hashes.
func randomHashes(r *rand.Rand, n int) []uint64 {
	hashes := make([]uint64, n)
	for i := range hashes {
		hashes[i] = r.Uint64() &^ 1
	}
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

// TestFalsePositives: of keys that are absent, the filter says so of 99.5 % at least, and
// theory says of 99.69 %; present ones it always admits. It takes at most 2 bytes a key.
func TestFalsePositives(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, test := range []struct {
		name   string
		layout runs.Layout
		hashes []uint64
	}{
		{"by hash", runs.Layout{}, randomHashes(r, 50_000)},
		{"by bucket and hash", runs.Layout{Bucketed: true}, randomHashes(r, 10_000)},
		{"by the whole key", runs.Layout{KeyPrefix: 16}, randomHashes(r, 50_000)},
		{"hashes that follow each other", runs.Layout{}, following(50_000)},
	} {
		t.Run(test.name, func(t *testing.T) {
			buckets := int64(1)
			if test.layout.Bucketed {
				buckets = 5
			}
			m := ofHashes(test.layout, test.hashes, buckets)
			run, p := m.build(t)
			for _, e := range m.entries {
				if !run.Meta.MayContain([]byte(e.key)) {
					t.Fatalf("key %x is said to be absent", e.key)
				}
			}
			wrong := 0
			for _, e := range m.entries {
				absent := []byte(e.key)
				absent[len(absent)-9] |= 1
				if run.Meta.MayContain(absent) {
					wrong++
				}
			}
			rate := float64(wrong) / float64(len(m.entries))
			each := float64(len(run.Meta.Encoded())) / float64(len(m.entries))
			t.Logf("%.2f %% false positives, %.2f bytes of meta a key, %d chunks", 100*rate, each, run.Meta.Chunks())
			if rate > 0.005 || each > 2 {
				t.Errorf("%.4f false positives, %.2f bytes a key", rate, each)
			}
			if len(p.reads) > 0 {
				t.Errorf("chunks %v were read", p.reads)
			}
		})
	}
}

// following is even hashes one behind the other, as no hash function gives them.
func following(n int) (hashes []uint64) {
	for i := range uint64(n) {
		hashes = append(hashes, 2*i)
	}
	return hashes
}

// TestOnlyNeededChunksAreRead: an iterator over part of the hashes reads, of each bucket,
// the chunks between the first and the last that it needs, and those at most.
func TestOnlyNeededChunksAreRead(t *testing.T) {
	hashes := randomHashes(rand.New(rand.NewPCG(3, 4)), 8_000)
	for _, layout := range []runs.Layout{{}, {Bucketed: true}} {
		m := ofHashes(layout, hashes, 1)
		if layout.Bucketed {
			m = ofHashes(layout, hashes, 4)
		}
		run, p := m.build(t)
		buckets := len(m.entries) / len(hashes)
		for _, keys := range []keyrange.Range{keyrange.Of(0, 4), keyrange.Of(1, 4), keyrange.Of(3, 4), {First: 5, Last: 5}} {
			p.reads = nil
			want := m.within(keys)
			if got := collect(t, run.Rows(keys)); !slices.Equal(got, want) {
				t.Fatalf("%d entries of %x, not %d", len(got), keys, len(want))
			}
			// An entry takes 50 bytes, so that 81 of them fill a chunk.
			most := len(want)/81 + 2*buckets
			if !layout.Bucketed && len(want) == 0 {
				most = 1
			}
			if len(p.reads) > most {
				t.Errorf("%d chunks were read for %d entries of %x in %d buckets", len(p.reads), len(want), keys, buckets)
			}
		}
	}
}

// TestNoAllocationPerEntry: what is allocated does not depend on the number of entries.
func TestNoAllocationPerEntry(t *testing.T) {
	small := ofHashes(runs.Layout{}, randomHashes(rand.New(rand.NewPCG(5, 6)), 500), 1)
	large := ofHashes(runs.Layout{}, randomHashes(rand.New(rand.NewPCG(7, 8)), 20_000), 1)
	reading := func(m model) float64 {
		run, _ := m.build(t)
		run.Chunks = quiet{run.Chunks.(*pile)}
		return testing.AllocsPerRun(5, func() {
			merged := runs.Merge(run.Rows(keyrange.All), run.Rows(keyrange.Of(0, 2)), run.Rows(keyrange.All))
			for merged.Next() {
			}
		})
	}
	if few, many := reading(small), reading(large); many > few {
		t.Errorf("merging 500 entries allocates %v times, 20,000 entries %v times", few, many)
	}
	b := runs.NewBuilder("a run", quiet{}, runs.Layout{})
	key, value, n := make([]byte, 16), make([]byte, 32), uint64(0)
	put := func() {
		for range 1000 {
			n++
			binary.BigEndian.PutUint64(key, n)
			must(t, b.Put(key, value))
		}
	}
	// Only the meta grows, by doubling.
	if allocations := testing.AllocsPerRun(50, put); allocations > 1 {
		t.Errorf("1,000 entries allocate %v times", allocations)
	}
}

// quiet is a pile that does not note what is read, and forgets what is written.
type quiet struct{ p *pile }

func (q quiet) ReadChunk(c runs.Chunk, _ []byte) ([]byte, error) {
	return q.p.bytes[c.Offset:][:c.Length], nil
}

func (quiet) WriteChunk(runs.Chunk, []byte) error { return nil }

// TestFilterIsAsWritten computes the filter of a run of one chunk as FORMAT.md of package
// snapshot says.
func TestFilterIsAsWritten(t *testing.T) {
	for _, prefix := range []int{8, 16, 19} {
		m := ofHashes(runs.Layout{KeyPrefix: prefix}, randomHashes(rand.New(rand.NewPCG(9, uint64(prefix))), 50), 1)
		for i := range m.entries {
			m.entries[i].key += "more"[:i%5%4]
		}
		want := make([]byte, (12*len(m.entries)+7)/8)
		for _, e := range m.entries {
			h := referenceHash(e.key[:min(len(e.key), prefix)])
			for i := range uint64(8) {
				bit := (h&0xffffffff + i*(h>>32)) & 0xffffffff * uint64(len(want)*8) >> 32
				want[bit/8] |= 1 << (bit % 8)
			}
		}
		run, _ := m.build(t)
		encoded := run.Meta.Encoded()
		if got := encoded[len(encoded)-4-len(want) : len(encoded)-4]; !slices.Equal(got, want) || run.Meta.Chunks() != 1 {
			t.Errorf("with prefixes of %d bytes, filter %x, not %x", prefix, got, want)
		}
	}
}

func referenceHash(prefix string) uint64 {
	fold := func(x uint64) uint64 {
		high, low := bits.Mul64(x, 0x6A09E667F3BCC909)
		return high ^ low
	}
	h := 0xB7E151628AED2A6B ^ uint64(len(prefix))
	for i := 0; i < len(prefix); i += 8 {
		word := append([]byte(prefix[i:min(i+8, len(prefix))]), make([]byte, 8)...)
		h = fold(h ^ binary.LittleEndian.Uint64(word))
	}
	return fold(h)
}
