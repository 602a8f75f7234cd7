package runs_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// small is a run of three chunks.
func small(layout runs.Layout) model {
	m := model{layout: layout}
	for i := range 5 {
		key := binary.BigEndian.AppendUint64(nil, uint64(i)<<61)
		if layout.Bucketed {
			key = append(runs.AppendBucket(nil, int64(i-2)), key...)
		}
		m.entries = append(m.entries, entry{key: string(key), value: strings.Repeat("v", 1500)}, entry{key: string(key) + "x", deleted: true})
	}
	return m
}

// TestEveryDamageIsDetected changes each bit of meta and chunks.
func TestEveryDamageIsDetected(t *testing.T) {
	run, p := small(runs.Layout{}).build(t)
	for _, part := range []struct {
		name  string
		bytes []byte
	}{{"meta", slices.Clone(run.Meta.Encoded())}, {"chunks", p.bytes}} {
		for i := range part.bytes {
			for bit := range 8 {
				part.bytes[i] ^= 1 << bit
				meta, err := run.Meta, error(nil)
				if part.name == "meta" {
					meta, err = runs.DecodeMeta(part.bytes)
				}
				if err == nil && readAll(runs.Run{Name: "a run", Meta: meta, Chunks: p}) == nil {
					t.Fatalf("bit %d of byte %d of the %s: not noticed", bit, i, part.name)
				}
				part.bytes[i] ^= 1 << bit
			}
		}
	}
	must(t, readAll(run))
}

func readAll(run runs.Run) error {
	rows := run.Rows(keyrange.All)
	for rows.Next() {
	}
	return rows.Err()
}

// swapped gives the chunks of another run.
type swapped struct{ chunks runs.ChunkReader }

func (s swapped) ReadChunk(c runs.Chunk, buffer []byte) ([]byte, error) {
	c.Offset += int64(c.Length)
	return s.chunks.ReadChunk(c, buffer)
}

// TestErrorsNameRunAndChunk, and what is wrong with it.
func TestErrorsNameRunAndChunk(t *testing.T) {
	run, p := small(runs.Layout{}).build(t)
	damaged := &pile{bytes: bytes.Clone(p.bytes)}
	damaged.bytes[run.Meta.Chunk(1).Offset+5] ^= 4
	tests := []struct {
		name string
		run  runs.Run
		want string
	}{
		{"a bit", runs.Run{Name: "run 7", Meta: run.Meta, Chunks: damaged}, "runs: run 7: chunk 1 at offset 3042: damaged: CRC-32C is "},
		{"cut off", runs.Run{Name: "run 7", Meta: run.Meta, Chunks: runs.NewReader(bytes.NewReader(p.bytes[:4000]), 0)},
			"runs: run 7: chunk 1 at offset 3042: 958 of 3042 bytes are there: cut off?"},
		{"cut off ahead", runs.Run{Name: "run 7", Meta: run.Meta,
			Chunks: runs.NewReadAhead(bytes.NewReader(p.bytes[:4000]), 0, run.Meta, keyrange.All)},
			"runs: run 7: chunk 0 at offset 0: 4000 of 7605 bytes are there: cut off?"},
		{"another chunk", runs.Run{Name: "run 7", Meta: run.Meta, Chunks: swapped{p}}, "runs: run 7: chunk 0 at offset 0: damaged"},
		{"a short key", sealed(runs.Layout{}, "\x0fkey0000"), "runs: run 8: chunk 0 at offset 0: the entry 0 bytes into it has a key too short"},
		{"a short key with bucket", sealed(runs.Layout{Bucketed: true}, "\x11key00000"), "runs: run 8: chunk 0 at offset 0: the entry 0 bytes"},
		{"a long key", sealed(runs.Layout{}, "\x11key00000\x13key00000"), "runs: run 8: chunk 0 at offset 0: the entry 9 bytes into it claims more"},
		{"a long value", sealed(runs.Layout{}, "\x10\x02key00000v"), "runs: run 8: chunk 0 at offset 0: the entry 0 bytes into it claims more"},
		{"a value longer than all", sealed(runs.Layout{}, "\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01key00000"),
			"runs: run 8: chunk 0 at offset 0: the entry 0 bytes into it claims more"},
		{"half a length", sealed(runs.Layout{}, "\x11key00000\x80"), "runs: run 8: chunk 0 at offset 0: the entry 9 bytes into it claims more"},
	}
	for _, test := range tests {
		if err := readAll(test.run); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: got  %v\nwant %s…", test.name, err, test.want)
		}
	}
}

// TestMergeReportsErrors of any input, at once or later, and gives no row from there on.
func TestMergeReportsErrors(t *testing.T) {
	m := small(runs.Layout{})
	for chunk := range 3 {
		for place := range 3 {
			var inputs []*runs.Iterator
			for i := range 3 {
				run, p := m.build(t)
				if i == place {
					p.bytes[run.Meta.Chunk(chunk).Offset+9] ^= 1
				}
				inputs = append(inputs, run.Rows(keyrange.All))
			}
			merged, rows := runs.Merge(inputs...), 0
			for merged.Next() {
				rows++
			}
			if err := merged.Err(); err == nil || rows != 2*chunk || merged.Next() {
				t.Errorf("chunk %d of input %d is damaged: %d rows, %v", chunk, place, rows, err)
			}
		}
	}
}

// sealed is a run with a chunk that nobody wrote, but whose CRC is right.
func sealed(layout runs.Layout, content string) runs.Run {
	return runs.Run{Name: "run 8", Meta: runs.MetaOf(layout, []byte(content)), Chunks: &pile{bytes: []byte(content)}}
}

// FuzzRun reads chunks that nobody wrote: no panic, and entries lie in the chunk.
func FuzzRun(f *testing.F) {
	for _, layout := range []runs.Layout{{}, {Bucketed: true}} {
		_, p := small(layout).build(f)
		f.Add(p.bytes[:2000], layout.Bucketed)
	}
	f.Add([]byte("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), false)
	f.Fuzz(func(t *testing.T, content []byte, bucketed bool) {
		if len(content) == 0 {
			return
		}
		run := sealed(runs.Layout{Bucketed: bucketed}, string(content))
		held := 0
		rows := run.Rows(keyrange.Of(0, 2))
		for rows.Next() {
			held += len(rows.Key()) + len(rows.Value())
		}
		if held > len(content) {
			t.Errorf("%d bytes hold entries of %d", len(content), held)
		}
		run.Rows(keyrange.All).Seek(content)
		s := runs.NewSearch(runs.Layout{Bucketed: bucketed})
		s.Begin()
		for at := range min(len(content)-15, 200) {
			s.Add(content[at:min(at+16+at%9, len(content))], int32(at))
		}
		s.Sort()
		if err := s.In(run, func(int32, []byte, []byte) error { return nil }); err == nil && s.In(run, nil) != nil {
			t.Error("the chunk is right at first, and then not")
		}
		merged := runs.Merge(run.Rows(keyrange.All), run.Rows(keyrange.All))
		for merged.Next() {
		}
	})
}

// FuzzMeta decodes metas that nobody wrote, and asks them whatever can be asked.
func FuzzMeta(f *testing.F) {
	for _, m := range []model{small(runs.Layout{}), small(runs.Layout{Bucketed: true, KeyPrefix: 17}), {}} {
		run, _ := m.build(f)
		f.Add(run.Meta.Encoded(), uint32(0), byte(0))
	}
	f.Fuzz(func(t *testing.T, encoded []byte, at uint32, change byte) {
		encoded = bytes.Clone(encoded)
		if len(encoded) > 0 {
			encoded[int(at)%len(encoded)] ^= change
		}
		runs.Seal(encoded)
		meta, err := runs.DecodeMeta(encoded)
		if err != nil {
			return
		}
		if meta.Chunks()*18 > len(encoded) {
			t.Errorf("%d bytes hold %d chunks", len(encoded), meta.Chunks())
		}
		meta.MayContain(encoded)
		end := int64(0)
		for n := range meta.Chunks() {
			if meta.MayHold(n, keyrange.Of(0, 2)); meta.Chunk(n).Offset != end {
				t.Errorf("chunk %d begins at %d, not at %d", n, meta.Chunk(n).Offset, end)
			}
			end += int64(meta.Chunk(n).Length)
		}
		if meta.Bytes() != end {
			t.Errorf("the chunks end at %d, not at %d", meta.Bytes(), end)
		}
	})
}

// TestMetaErrors: what a meta with a right CRC may say wrong.
func TestMetaErrors(t *testing.T) {
	run, _ := small(runs.Layout{Bucketed: true}).build(t)
	tests := []struct {
		name   string
		change func(b []byte)
		want   string
	}{
		{"flags", func(b []byte) { b[30] |= 4 }, "has flags 0005, of which this weir knows 0001: written by a later version?"},
		{"tombstones", func(b []byte) { b[8] = 99 }, "its head contradicts itself"},
		{"dropped without saying so", func(b []byte) { b[16] = 1 }, "its head contradicts itself"},
		{"prefix", func(b []byte) { b[28] = 7 }, "its filter cannot go by the first 7 bytes of keys"},
		{"chunks", func(b []byte) { b[24] = 4 }, "chunk 3: its index entry is cut off"},
		{"many chunks", func(b []byte) { b[27] = 255 }, "claims 4278190083 chunks, more than its bytes can hold"},
		{"few chunks", func(b []byte) { b[24] = 2 }, "has 26 bytes behind its last chunk"},
		{"no bytes", func(b []byte) { clear(b[32:36]) }, "chunk 0: has no bytes"},
		{"separator", func(b []byte) { b[42] = 255 }, "chunk 0: cannot have a separator of 16711681 and a filter of 3 bytes"},
		{"no separator", func(b []byte) { clear(b[40:44]) }, "chunk 0: cannot have a separator of 0 and a filter of 3 bytes"},
		{"no filter", func(b []byte) { clear(b[44:48]) }, "chunk 0: cannot have a separator of 1 and a filter of 0 bytes"},
		{"order", func(b []byte) { b[48] = 0xff }, "chunk 1: does not lie behind the one before"},
	}
	for _, test := range tests {
		encoded := bytes.Clone(run.Meta.Encoded())
		test.change(encoded)
		runs.Seal(encoded)
		if _, err := runs.DecodeMeta(encoded); err == nil || !strings.HasSuffix(err.Error(), test.want) {
			t.Errorf("%s: got  %v\nwant …%s", test.name, err, test.want)
		}
	}
}
