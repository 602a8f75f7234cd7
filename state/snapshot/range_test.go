package snapshot_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/snapshot"
)

// TestRandomRanges reads ranges of objects of random size, by both readers.
func TestRandomRanges(t *testing.T) {
	trial.Run(t, 60, func(c *trial.Case) {
		want := content{header: bare(false), rows: [][]row{nil}}
		for _, hash := range hashes(c.Random.IntN(3000)) {
			value := strings.Repeat("x", c.Random.IntN(1+c.Random.IntN(300)))
			if c.Random.IntN(300) == 0 {
				value = strings.Repeat("y", c.Random.IntN(400_000))
			}
			want.rows[0] = append(want.rows[0], row{key: string(binary.BigEndian.AppendUint64(nil, hash)), value: value})
		}
		o := open(c, want.encode(c))
		keys := keyrange.Of(c.Random.IntN(3), 3)
		outside := func(r row) bool { return !keys.Contains(binary.BigEndian.Uint64([]byte(r.key))) }
		some := slices.DeleteFunc(slices.Clone(want.rows[0]), outside)
		for _, it := range []*runs.Iterator{o.Rows(0, keys), o.Run(0).Rows(keys)} {
			got, err := collect(it)
			if must(c, err); !slices.Equal(got, some) {
				c.Fatalf("%d rows of %x, not %d", len(got), keys, len(some))
			}
		}
	})
}

// TestSeekReadsAhead seeks forwards and backwards with the reader that reads ahead.
func TestSeekReadsAhead(t *testing.T) {
	all := manyRows(20_000)
	it := open(t, content{header: bare(false), rows: [][]row{all}}.encode(t)).Rows(0, keyrange.All)
	for _, at := range []int{10_000, 10_001, 19_999, 50, 0, 12_345} {
		if !it.Seek([]byte(all[at].key)) || string(it.Key()) != all[at].key {
			t.Errorf("at row %d is %x: %v", at, it.Key(), it.Err())
		}
	}
}

// counter counts what is read of an object.
type counter struct {
	*bytes.Reader
	reads, bytes, largest int
}

func (c *counter) ReadAt(b []byte, at int64) (int, error) {
	c.reads, c.bytes, c.largest = c.reads+1, c.bytes+len(b), max(c.largest, len(b))
	return c.Reader.ReadAt(b, at)
}

// TestPartOfTheRange: a restore of half of the key range reads little more than half of
// the bytes, in few reads; what is read apart from chunks is their metas.
func TestPartOfTheRange(t *testing.T) {
	for _, test := range []struct {
		name     string
		bucketed bool
		rows     []row
	}{
		{"by hash", false, manyRows(100_000)},
		{"by bucket and hash", true, inBuckets(manyRows(20_000), 5)},
	} {
		t.Run(test.name, func(t *testing.T) {
			object := content{header: bare(test.bucketed), rows: [][]row{test.rows}}.encode(t)
			from := &counter{Reader: bytes.NewReader(object)}
			o, err := snapshot.Open(from, int64(len(object)))
			must(t, err)
			from.largest = 0
			rows, err := collect(o.Rows(0, keyrange.Of(1, 2)))
			must(t, err)
			part := float64(from.bytes) / float64(len(object))
			t.Logf("%d of %d rows: %.1f %% of the bytes in %d reads", len(rows), len(test.rows), 100*part, from.reads)
			if part > 0.6 || from.reads > 4+5+len(object)/2/200_000 || from.largest > 256<<10 {
				t.Errorf("%.2f of the bytes in %d reads, the largest of %d bytes", part, from.reads, from.largest)
			}
		})
	}
}

func manyRows(n int) (rows []row) {
	for _, hash := range hashes(n) {
		rows = append(rows, row{key: string(binary.BigEndian.AppendUint64(nil, hash)) + "a subkey", value: strings.Repeat("v", 32)})
	}
	return rows
}

// inBuckets repeats rows in several buckets.
func inBuckets(rows []row, buckets int64) (all []row) {
	for bucket := range buckets {
		for _, r := range rows {
			all = append(all, row{key: string(runs.AppendBucket(nil, bucket)) + r.key, value: r.value})
		}
	}
	return all
}

// TestMetaIsSmall holds the meta, filter included, to 2.5 bytes a row of 48 bytes.
func TestMetaIsSmall(t *testing.T) {
	rows := manyRows(100_000)
	meta := open(t, content{header: bare(false), rows: [][]row{rows}}.encode(t)).Run(0).Meta
	each := float64(len(meta.Encoded())) / float64(len(rows))
	t.Logf("%.2f bytes a row", each)
	if each > 2.5 {
		t.Errorf("%.2f bytes a row", each)
	}
}
