package runs_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// slow is a reader of chunks some of which are not there at once.
type slow struct {
	*pile
	random  *rand.Rand
	waiting map[int]bool // chunks that are on their way
	most    int
	order   []int // of the chunks as they are asked for first
}

func (s *slow) ReadNow(c runs.Chunk, buffer []byte) bool {
	s.order = append(s.order, c.Number)
	if s.random.IntN(3) == 0 {
		content, err := s.pile.ReadChunk(c, buffer)
		return err == nil && len(content) == c.Length
	}
	buffer[0]++ // what is there of the chunk so far
	s.waiting[c.Number] = true
	s.most = max(s.most, len(s.waiting))
	return false
}

func (s *slow) ReadChunk(c runs.Chunk, buffer []byte) ([]byte, error) {
	if !s.waiting[c.Number] {
		return nil, errors.New("is waited for, though nobody asked for it")
	}
	delete(s.waiting, c.Number)
	return s.pile.ReadChunk(c, buffer)
}

// beSlow makes the reader of a run a slow one.
func beSlow(run *runs.Run, p *pile, random *rand.Rand) *slow {
	s := &slow{pile: p, random: random, waiting: map[int]bool{}}
	run.Chunks = s
	return s
}

// TestSearch asks several runs for keys that are there and others, as a table does: of each
// it gives what the newest says that has it.
func TestSearch(t *testing.T) {
	trial.Run(t, 150, func(c *trial.Case) {
		layout := drawLayout(c.Random)
		rows := map[string]string{}
		var newestFirst []runs.Run
		var readers []*slow
		keys := map[string]bool{}
		for range 1 + c.Random.IntN(4) { // oldest first
			m := draw(c.Random, layout)
			m.apply(rows)
			run, p := m.build(c)
			if c.Random.IntN(2) == 0 {
				readers = append(readers, beSlow(&run, p, c.Random))
			}
			newestFirst = slices.Insert(newestFirst, 0, run)
			for _, e := range m.entries {
				if c.Random.IntN(4) > 0 {
					keys[e.key] = true
				}
			}
		}
		for range c.Random.IntN(300) {
			keys[drawKey(c.Random, layout, c.Random.IntN(2) == 0)] = true
		}
		s := runs.NewSearch(layout)
		for range 2 {
			got := search(c, s, newestFirst, keys)
			for key := range keys {
				value, is := got[key]
				if want, has := rows[key]; is != has || value != want {
					c.Fatalf("key %x: %v, %q, not %v, %q", key, is, value, has, want)
				}
			}
		}
		for _, r := range readers {
			if len(r.waiting) > 0 || r.most > 32 {
				c.Fatalf("%d chunks were on their way at once, and %d still are", r.most, len(r.waiting))
			}
		}
	})
}

// search looks keys up and returns the values of those that are there.
func search(t testing.TB, s *runs.Search, newestFirst []runs.Run, keys map[string]bool) map[string]string {
	t.Helper()
	var numbers []string
	s.Begin()
	for key := range keys {
		s.Add([]byte(key), int32(len(numbers)))
		numbers = append(numbers, key)
	}
	s.Sort()
	got := map[string]string{}
	for _, run := range newestFirst {
		last, left := "", s.Len()
		must(t, s.In(run, func(number int32, key, value []byte) error {
			if _, twice := got[string(key)]; twice || numbers[number] != string(key) || string(key) <= last {
				t.Errorf("behind key %x, key %x is found as number %d, which is %x", last, key, number, numbers[number])
			}
			got[string(key)], last = string(value), string(key)
			left--
			return nil
		}))
		if s.Len() > left {
			t.Errorf("%d keys are left, of %d", s.Len(), left)
		}
	}
	return got
}

// TestSearchReadsEachChunkOnce, in order and many at a time, and none of keys that are absent.
func TestSearchReadsEachChunkOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	for _, layout := range []runs.Layout{{}, {Bucketed: true}} {
		m := ofHashes(layout, randomHashes(r, 5_000), 3)
		if !layout.Bucketed {
			m = ofHashes(layout, randomHashes(r, 15_000), 1)
		}
		run, p := m.build(t)
		reader := beSlow(&run, p, r)
		s := runs.NewSearch(layout)
		present, absent := map[string]bool{}, map[string]bool{}
		for _, e := range m.entries {
			other := []byte(e.key)
			other[len(other)-9] |= 1 // the last byte of the hash
			present[e.key], absent[string(other)] = true, true
		}
		if got := search(t, s, []runs.Run{run}, present); len(got) != len(present) || s.Len() > 0 {
			t.Errorf("%d of %d keys are found, %d are left", len(got), len(present), s.Len())
		}
		if !slices.IsSorted(reader.order) || len(reader.order) != run.Meta.Chunks() {
			t.Errorf("of %d chunks these are read: %v", run.Meta.Chunks(), reader.order)
		}
		if reader.most != 32 {
			t.Errorf("%d chunks were on their way at once, not 32", reader.most)
		}
		reader.order = nil
		if got := search(t, s, []runs.Run{run}, absent); len(got) > 0 || s.Len() != len(absent) {
			t.Errorf("%d of %d absent keys are found, %d are left", len(got), len(absent), s.Len())
		}
		if read := len(reader.order); read > 60 {
			t.Errorf("for %d absent keys %d chunks are read", len(absent), read)
		}
	}
}

// TestSearchAllocatesNothing once it has been used.
func TestSearchAllocatesNothing(t *testing.T) {
	m := ofHashes(runs.Layout{}, randomHashes(rand.New(rand.NewPCG(5, 6)), 5_000), 1)
	_, p := m.build(t)
	for name, files := range map[string]env.FS{"memory": memfs.New(), "the operating system": env.OS{}} {
		s := openFiles(t, files, t.TempDir())
		w, err := s.Create(1)
		must(t, err)
		run, _ := m.build(t)
		for n := range run.Meta.Chunks() {
			c := run.Meta.Chunk(n)
			must(t, w.WriteChunk(c, p.bytes[c.Offset:][:c.Length]))
		}
		must(t, w.Close())
		r, err := s.Open(1)
		must(t, err)
		run.Chunks = r
		search, found := runs.NewSearch(runs.Layout{}), 0
		count := func(int32, []byte, []byte) error { found++; return nil }
		batch := func() {
			search.Begin()
			for k := range 500 {
				search.Add([]byte(m.entries[10*k].key), int32(k))
			}
			search.Sort()
			must(t, search.In(run, count))
		}
		if allocations := testing.AllocsPerRun(20, batch); allocations > 0 || found != 21*500 {
			t.Errorf("files of %s: %v allocations, %d found", name, allocations, found)
		}
		must(t, r.Close())
	}
}

// TestFindsChunk where hashes are spread evenly and not at all: many keys of one hash, gaps,
// and buckets of all sizes.
func TestFindsChunk(t *testing.T) {
	trial.Run(t, 60, func(c *trial.Case) {
		m := model{layout: runs.Layout{Bucketed: c.Random.IntN(2) == 0}}
		bucket := int64(-5)
		var hash uint64
		for range 200 + c.Random.IntN(2000) {
			switch c.Random.IntN(30) {
			case 0:
				hash += c.Random.Uint64() >> c.Random.IntN(64) // around its end too, which begins a bucket
			case 1:
				bucket, hash = bucket+1, 0
			}
			key := binary.BigEndian.AppendUint64(nil, hash)
			if m.layout.Bucketed {
				key = append(runs.AppendBucket(nil, bucket), key...)
			}
			key = fmt.Appendf(key, "%06d", len(m.entries))
			m.entries = append(m.entries, entry{key: string(key), value: string(make([]byte, c.Random.IntN(2000)))})
		}
		slices.SortFunc(m.entries, func(a, b entry) int { return bytes.Compare([]byte(a.key), []byte(b.key)) })
		run, _ := m.build(c)
		keys := map[string]bool{}
		for _, e := range m.entries {
			if c.Random.IntN(3) > 0 {
				keys[e.key] = true
			}
		}
		if got := search(c, runs.NewSearch(m.layout), []runs.Run{run}, keys); len(got) != len(keys) {
			c.Fatalf("%d of %d keys are found", len(got), len(keys))
		}
		it := run.Rows(keyrange.All)
		for range 20 {
			e := m.entries[c.Random.IntN(len(m.entries))]
			if !it.Seek([]byte(e.key)) || string(it.Key()) != e.key {
				c.Fatalf("Seek(%x): %x", e.key, it.Key())
			}
		}
	})
}
