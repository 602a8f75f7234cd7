// Package runstest is what every [runs.ChunkStore] must keep to.
package runstest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// Verify holds stores to the contract; open returns an empty one.
func Verify(t *testing.T, open func(t *testing.T) runs.ChunkStore) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, s runs.ChunkStore)
	}{
		{"what is written is read", testRead},
		{"runs are written and read at once", testConcurrent},
		{"the store keeps what it was given", testOwnership},
		{"a run is created once", testCreate},
		{"a run that is not there", testMissing},
		{"a dropped run", testDrop},
		{"a run is dropped while it is read", testDropReading},
		{"chunks that the run does not have", testBeyond},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

// Write writes a run of so many entries, which [Check] knows.
func Write(s runs.ChunkStore, run runs.ID, entries int) (*runs.Meta, error) {
	w, err := s.Create(run)
	if err != nil {
		return nil, err
	}
	meta, err := put(runs.NewBuilder(run.String(), w, runs.Layout{}), run, entries)
	return meta, errors.Join(err, w.Close())
}

func put(b *runs.Builder, run runs.ID, entries int) (*runs.Meta, error) {
	for i := range entries {
		if err := b.Put(key(run, i), value(run, i)); err != nil {
			return nil, err
		}
	}
	return b.Finish()
}

// Check reads a run that [Write] wrote and says what is wrong with it.
func Check(s runs.ChunkStore, run runs.ID, meta *runs.Meta) error {
	r, err := s.Open(run)
	if err != nil {
		return err
	}
	return errors.Join(CheckRows(r, run, meta), r.Close())
}

// CheckRows is [Check] of a run that is open.
func CheckRows(r runs.ChunkReader, run runs.ID, meta *runs.Meta) error {
	rows := runs.Run{Name: run.String(), Meta: meta, Chunks: r}.Rows(keyrange.All)
	entries := 0
	for ; rows.Next(); entries++ {
		if !bytes.Equal(rows.Key(), key(run, entries)) || !bytes.Equal(rows.Value(), value(run, entries)) {
			return fmt.Errorf("%v: entry %d is %x with %d bytes: %w", run, entries, rows.Key(), len(rows.Value()), errOther)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if uint64(entries) != meta.Entries() {
		return fmt.Errorf("%v: %d entries, not %d: %w", run, entries, meta.Entries(), errOther)
	}
	return nil
}

// errOther says that a store gave rows that nobody wrote.
var errOther = errors.New("not what was written")

// Other reports whether an error of [Check] says that the store gave wrong rows, and no
// error of its own.
func Other(err error) bool { return errors.Is(err, errOther) }

func key(run runs.ID, i int) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(i)<<32|uint64(uint32(run)))
}

// value has another length in each entry; some take more than a chunk.
func value(run runs.ID, i int) []byte {
	length := i % 97
	if i%50 == 7 {
		length = 5000 + i
	}
	return bytes.Repeat([]byte{byte(i), byte(run)}, length)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, s runs.ChunkStore, run runs.ID, entries int) *runs.Meta {
	t.Helper()
	meta, err := Write(s, run, entries)
	must(t, err)
	return meta
}

func testRead(t *testing.T, s runs.ChunkStore) {
	metas := map[runs.ID]*runs.Meta{}
	for run, entries := range map[runs.ID]int{0: 0, 1: 1, 2: 500, ^runs.ID(0): 60} {
		metas[run] = write(t, s, run, entries)
	}
	for run, meta := range metas {
		must(t, Check(s, run, meta))
	}
}

func testConcurrent(t *testing.T, s runs.ChunkStore) {
	shared := write(t, s, 99, 300)
	r, err := s.Open(99)
	must(t, err)
	var workers sync.WaitGroup
	for run := range runs.ID(4) {
		workers.Go(func() {
			meta, err := Write(s, run, 200)
			if err == nil {
				err = errors.Join(Check(s, run, meta), CheckRows(r, 99, shared), s.Drop(run))
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	workers.Wait()
	must(t, r.Close())
}

// testOwnership: the builder fills the bytes of a chunk anew once it was written, and a
// reader's bytes stay until the next call.
func testOwnership(t *testing.T, s runs.ChunkStore) {
	meta := write(t, s, 1, 500)
	r, err := s.Open(1)
	must(t, err)
	first, buffer := meta.Chunk(0), make([]byte, 8192)
	content, err := r.ReadChunk(first, buffer[:first.Length])
	must(t, err)
	kept := bytes.Clone(content)
	must(t, CheckRows(r, 1, meta)) // with another buffer
	again, err := r.ReadChunk(first, make([]byte, first.Length))
	must(t, err)
	if !bytes.Equal(again, kept) {
		t.Error("a chunk is another the second time")
	}
	must(t, r.Close())
}

func testCreate(t *testing.T, s runs.ChunkStore) {
	meta := write(t, s, 1, 100)
	if w, err := s.Create(1); err == nil {
		t.Errorf("created twice; closing says %v", w.Close())
	}
	must(t, Check(s, 1, meta))
}

func testMissing(t *testing.T, s runs.ChunkStore) {
	if _, err := s.Open(1); !errors.Is(err, runs.ErrNoRun) {
		t.Errorf("opening says %v", err)
	}
	must(t, s.Drop(1))
}

func testDrop(t *testing.T, s runs.ChunkStore) {
	write(t, s, 1, 100)
	other := write(t, s, 2, 100)
	must(t, s.Drop(1))
	if _, err := s.Open(1); !errors.Is(err, runs.ErrNoRun) {
		t.Errorf("opening says %v", err)
	}
	must(t, s.Drop(1))
	must(t, Check(s, 2, other))
	must(t, Check(s, 1, write(t, s, 1, 50)))
}

func testDropReading(t *testing.T, s runs.ChunkStore) {
	meta := write(t, s, 1, 500)
	r, err := s.Open(1)
	must(t, err)
	must(t, s.Drop(1))
	if err := CheckRows(r, 1, meta); Other(err) {
		t.Error(err)
	}
	must(t, r.Close())
}

func testBeyond(t *testing.T, s runs.ChunkStore) {
	write(t, s, 1, 10)
	longer := write(t, s, 2, 100)
	r, err := s.Open(1)
	must(t, err)
	last := longer.Chunk(longer.Chunks() - 1)
	if _, err := r.ReadChunk(last, make([]byte, last.Length)); err == nil {
		t.Error("a chunk behind the end was read")
	}
	must(t, r.Close())
}
