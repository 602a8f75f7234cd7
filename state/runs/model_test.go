package runs_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// entry is an entry as the model has it.
type entry struct {
	key, value string
	deleted    bool
}

// pile keeps chunks one behind the other, and counts those that are read.
type pile struct {
	bytes []byte
	reads []int
}

func (p *pile) WriteChunk(c runs.Chunk, content []byte) error {
	if c.Offset != int64(len(p.bytes)) || c.Length != len(content) {
		return fmt.Errorf("chunk %+v with %d bytes comes behind %d bytes", c, len(content), len(p.bytes))
	}
	p.bytes = append(p.bytes, content...)
	return nil
}

func (p *pile) ReadChunk(c runs.Chunk, buffer []byte) ([]byte, error) {
	p.reads = append(p.reads, c.Number)
	if copy(buffer, p.bytes[min(c.Offset, int64(len(p.bytes))):]) < c.Length {
		return nil, fmt.Errorf("too short for %+v", c)
	}
	return buffer, nil
}

// model is a run as sorted entries.
type model struct {
	layout  runs.Layout
	entries []entry
	drops   bool
	until   int64
}

func (m model) build(t testing.TB) (runs.Run, *pile) {
	t.Helper()
	p := &pile{}
	b := runs.NewBuilder("a run", p, m.layout)
	if m.drops {
		must(t, b.DropBuckets(m.until))
	}
	for _, e := range m.entries {
		if e.deleted {
			must(t, b.Delete([]byte(e.key)))
		} else {
			must(t, b.Put([]byte(e.key), []byte(e.value)))
		}
	}
	meta, err := b.Finish()
	must(t, err)
	return runs.Run{Name: "a run", Meta: meta, Chunks: p}, p
}

// within returns the entries whose hashes lie in a range.
func (m model) within(keys keyrange.Range) (some []entry) {
	for _, e := range m.entries {
		if keys.Contains(m.hash(e.key)) {
			some = append(some, e)
		}
	}
	return some
}

func (m model) hash(key string) uint64 {
	if m.layout.Bucketed {
		key = key[8:]
	}
	return binary.BigEndian.Uint64([]byte(key))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// drawKey draws from few hashes and buckets where dense, so that keys meet.
func drawKey(r *rand.Rand, layout runs.Layout, dense bool) string {
	var key []byte
	if layout.Bucketed {
		key = runs.AppendBucket(key, int64(r.IntN(4))-2)
	}
	if hash := r.Uint64(); dense {
		key = binary.BigEndian.AppendUint64(key, hash&(3<<62|3))
	} else {
		key = binary.BigEndian.AppendUint64(key, hash)
	}
	for range r.IntN(4) * r.IntN(5) {
		key = append(key, byte(r.IntN(3)))
	}
	return string(key)
}

func drawValue(r *rand.Rand) string {
	size := r.IntN(60)
	switch r.IntN(100) {
	case 0:
		size = 3900 + r.IntN(400)
	case 1:
		size = r.IntN(9000)
	}
	return string(bytes.Repeat([]byte{byte(r.IntN(256))}, size))
}

func drawLayout(r *rand.Rand) runs.Layout {
	layout := runs.Layout{Bucketed: r.IntN(2) == 0}
	if r.IntN(3) == 0 {
		layout.KeyPrefix = 16 + r.IntN(4)
	}
	return layout
}

func draw(r *rand.Rand, layout runs.Layout) model {
	m, dense := model{layout: layout}, r.IntN(2) == 0
	for range r.IntN(2) * r.IntN(600) {
		m.entries = append(m.entries, entry{key: drawKey(r, layout, dense), deleted: r.IntN(4) == 0})
	}
	byKey := func(a, b entry) int { return bytes.Compare([]byte(a.key), []byte(b.key)) }
	slices.SortFunc(m.entries, byKey)
	m.entries = slices.CompactFunc(m.entries, func(a, b entry) bool { return a.key == b.key })
	for i := range m.entries {
		if e := &m.entries[i]; !e.deleted {
			e.value = drawValue(r)
		}
	}
	if layout.Bucketed && r.IntN(2) == 0 {
		m.drops, m.until = true, int64(r.IntN(5))-3
	}
	return m
}

func drawRange(r *rand.Rand) keyrange.Range {
	switch r.IntN(4) {
	case 0:
		return keyrange.All
	case 1:
		n := 1 + r.IntN(5)
		return keyrange.Of(r.IntN(n), n)
	}
	a, b := r.Uint64(), r.Uint64()
	return keyrange.Range{First: min(a, b), Last: max(a, b)}
}

// between returns the range from the hash of one entry to that of another one.
func (m model) between(r *rand.Rand) keyrange.Range {
	hash := func() uint64 {
		key := m.entries[r.IntN(len(m.entries))].key
		if m.layout.Bucketed {
			key = key[8:]
		}
		return binary.BigEndian.Uint64([]byte(key))
	}
	a, b := hash(), hash()
	return keyrange.Range{First: min(a, b), Last: max(a, b)}
}

// collect returns all entries that an iterator has left.
func collect(t testing.TB, it *runs.Iterator) (all []entry) {
	t.Helper()
	for it.Next() {
		all = append(all, current(it))
	}
	must(t, it.Err())
	return all
}

func current(it *runs.Iterator) entry {
	return entry{string(it.Key()), string(it.Value()), it.Deleted()}
}

func TestIterator(t *testing.T) {
	trial.Run(t, 300, func(c *trial.Case) {
		m := draw(c.Random, drawLayout(c.Random))
		run, _ := m.build(c)
		checkMeta(c, m, run.Meta)
		for i := range 8 {
			keys := drawRange(c.Random)
			if len(m.entries) > 0 && i%2 == 0 {
				keys = m.between(c.Random)
			}
			if got, want := collect(c, run.Rows(keys)), m.within(keys); !slices.Equal(got, want) {
				c.Fatalf("range %x has %d entries, not %d", keys, len(got), len(want))
			}
		}
	})
}

func checkMeta(c *trial.Case, m model, meta *runs.Meta) {
	tombstones := uint64(0)
	for _, e := range m.entries {
		if e.deleted {
			tombstones++
		}
		if !meta.MayContain([]byte(e.key)) {
			c.Errorf("key %x is said to be absent", e.key)
		}
	}
	if meta.Entries() != uint64(len(m.entries)) || meta.Tombstones() != tombstones {
		c.Errorf("%d entries and %d tombstones, not %d and %d", meta.Entries(), meta.Tombstones(), len(m.entries), tombstones)
	}
	if until, ok := meta.Dropped(); ok != m.drops || until != m.until {
		c.Errorf("dropped up to %d, %v", until, ok)
	}
	again, err := runs.DecodeMeta(meta.Encoded())
	if err != nil || again.Bytes() != meta.Bytes() || again.Layout() != meta.Layout() {
		c.Errorf("decoded again: %+v, %v", again, err)
	}
}

func TestSeek(t *testing.T) {
	trial.Run(t, 300, func(c *trial.Case) {
		m := draw(c.Random, drawLayout(c.Random))
		run, _ := m.build(c)
		keys := drawRange(c.Random)
		want, it := m.within(keys), run.Rows(keys)
		for range 30 {
			key := drawKey(c.Random, m.layout, c.Random.IntN(2) == 0)
			if len(m.entries) > 0 && c.Random.IntN(2) == 0 {
				key = m.entries[c.Random.IntN(len(m.entries))].key
			}
			at, _ := slices.BinarySearchFunc(want, key, func(e entry, key string) int { return bytes.Compare([]byte(e.key), []byte(key)) })
			some := want[at:min(at+1+c.Random.IntN(9), len(want))]
			if it.Seek([]byte(key)) != (len(some) > 0) {
				c.Fatalf("Seek(%x) among %d entries: wrong", key, len(want))
			}
			for i, e := range some {
				if got := current(it); got != e || i+1 < len(some) && !it.Next() {
					c.Fatalf("behind Seek(%x): %x, not %x", key, got.key, e.key)
				}
			}
		}
		must(c, it.Err())
	})
}

func TestMerge(t *testing.T) {
	trial.Run(t, 300, func(c *trial.Case) {
		layout, keys := drawLayout(c.Random), drawRange(c.Random)
		rows := map[string]string{}
		var inputs []*runs.Iterator
		for range c.Random.IntN(10) { // oldest first
			m := draw(c.Random, layout)
			m.apply(rows)
			run, _ := m.build(c)
			inputs = append(inputs, run.Rows(keys))
		}
		slices.Reverse(inputs)
		var want []entry
		for key, value := range rows {
			want = append(want, entry{key: key, value: value})
		}
		slices.SortFunc(want, func(a, b entry) int { return bytes.Compare([]byte(a.key), []byte(b.key)) })
		want = model{layout: layout, entries: want}.within(keys)
		var got []entry
		merged := runs.Merge(inputs...)
		for merged.Next() {
			got = append(got, entry{key: string(merged.Key()), value: string(merged.Value())})
		}
		if must(c, merged.Err()); !slices.Equal(got, want) {
			c.Fatalf("%d runs give %d rows, not %d", len(inputs), len(got), len(want))
		}
	})
}

// apply does to rows what a run says.
func (m model) apply(rows map[string]string) {
	for key := range rows {
		if m.drops && runs.Bucket([]byte(key)) <= m.until {
			delete(rows, key)
		}
	}
	for _, e := range m.entries {
		if delete(rows, e.key); !e.deleted {
			rows[e.key] = e.value
		}
	}
}

// TestFindPrefix asks for keys that begin like others, in order and not, and goes on from there.
func TestFindPrefix(t *testing.T) {
	trial.Run(t, 60, func(c *trial.Case) {
		m := draw(c.Random, drawLayout(c.Random))
		run, _ := m.build(c)
		it := run.Rows(keyrange.All)
		least := 8
		if m.layout.Bucketed {
			least = 16
		}
		var prefixes []string
		for range 200 {
			key := drawKey(c.Random, m.layout, c.Random.IntN(2) == 0)
			if n := len(m.entries); n > 0 && c.Random.IntN(2) == 0 {
				key = m.entries[c.Random.IntN(n)].key
			}
			prefixes = append(prefixes, key[:least+c.Random.IntN(len(key)-least+1)])
		}
		if slices.Sort(prefixes); c.Random.IntN(3) == 0 {
			c.Random.Shuffle(len(prefixes), func(i, j int) { prefixes[i], prefixes[j] = prefixes[j], prefixes[i] })
		}
		for _, prefix := range prefixes {
			var got, want []entry
			for ok := it.FindPrefix([]byte(prefix)); ok && strings.HasPrefix(string(it.Key()), prefix); ok = it.Next() {
				got = append(got, current(it))
			}
			for _, e := range m.entries {
				if strings.HasPrefix(e.key, prefix) {
					want = append(want, e)
				}
			}
			if !slices.Equal(got, want) {
				c.Fatalf("%d entries begin with %x, not %d", len(got), prefix, len(want))
			}
		}
		must(c, it.Err())
	})
}
