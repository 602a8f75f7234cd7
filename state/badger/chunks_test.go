package badger_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/weirstream/weir/state/badger"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/runs/runstest"
)

// lengths of chunks about which a batch, a part or a piece ends.
var lengths = []int{1, 1023, 1024, 4096, 256<<10 - 1, 256 << 10, 256<<10 + 1, 300 << 10, 5, 1<<20 - 1, 1 << 20, 1<<20 + 1, 2 << 20, 9 << 20, 7}

// TestChunksOfEveryLength are read as they were written, from where they were written, from
// where the cleaner has moved them, and after the store was opened again.
func TestChunksOfEveryLength(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	dir := folder(t)
	s, _ := open(t, dir, "", small)
	w, err := s.Create(1)
	must(t, err)
	var chunks [][]byte
	for i, length := range lengths {
		content := make([]byte, length)
		for at := range content {
			content[at] = byte(random.Uint32())
		}
		chunks = append(chunks, bytes.Clone(content))
		must(t, w.WriteChunk(runs.Chunk{Number: i, Length: length}, content))
		clear(content) // it is the store's no more
	}
	must(t, w.Close())
	checkChunks(t, s, chunks)

	r, err := s.Open(1)
	must(t, err)
	must(t, s.MoveRun(1))
	must(t, s.CheckAccounts())
	checkChunks(t, s, chunks)
	readChunks(t, r, chunks)
	must(t, r.Close())
	must(t, s.Close("c"))
	s, found := open(t, dir, "c", small)
	if !found.Kept() {
		t.Fatal(found)
	}
	checkChunks(t, s, chunks)
	must(t, s.Close(""))
}

func checkChunks(t *testing.T, s *badger.Store, chunks [][]byte) {
	t.Helper()
	r, err := s.Open(1)
	must(t, err)
	readChunks(t, r, chunks)
	must(t, r.Close())
}

func readChunks(t *testing.T, r runs.RunReader, chunks [][]byte) {
	t.Helper()
	for i, want := range chunks {
		got, err := r.ReadChunk(runs.Chunk{Number: i, Length: len(want)}, make([]byte, len(want)))
		must(t, err)
		if !bytes.Equal(got, want) {
			t.Errorf("chunk %d of %d bytes is another", i, len(want))
		}
	}
	for _, other := range []runs.Chunk{{Number: -1, Length: 1}, {Number: len(chunks), Length: 1}, {Number: 3, Length: 4095}, {Number: 3, Length: 4097}} {
		if got, err := r.ReadChunk(other, make([]byte, other.Length)); err == nil && len(got) == other.Length {
			t.Errorf("%+v was read", other)
		}
	}
}

// TestReaderOfADroppedRun goes on with it, though another has its ID.
func TestReaderOfADroppedRun(t *testing.T) {
	s, _ := open(t, folder(t), "", badger.Options{})
	meta, err := runstest.Write(s, 1, 3000)
	must(t, err)
	r, err := s.Open(1)
	must(t, err)
	must(t, s.Drop(1))
	other, err := runstest.Write(s, 1, 500)
	must(t, err)
	must(t, runstest.CheckRows(r, 1, meta))
	must(t, runstest.Check(s, 1, other))
	must(t, r.Close())
	must(t, s.Close(""))
}

// TestNothingMovesWhileItIsWritten: a piece may still grow.
func TestNothingMovesWhileItIsWritten(t *testing.T) {
	s, _ := open(t, folder(t), "", small)
	_, err := runstest.Write(s, 1, 100)
	must(t, err)
	must(t, s.CheckWritesPin(1))
	must(t, s.Close(""))
}
