package badger_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state/badger"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/runs/runstest"
)

// history is a store beside what it must hold: the runs that were completed and not
// dropped since the store was last begun afresh.
type history struct {
	*trial.Case
	root, dir string
	store     *badger.Store
	metas     map[runs.ID]*runs.Meta
	dropped   int // counts folders
	readers   []held
	found     map[string]int
	last      string
}

// held is a reader that stays open while the store changes.
type held struct {
	run    runs.ID
	meta   *runs.Meta
	reader runs.RunReader
}

// TestAgainstAModel does random things to a store, ends it in every way, and opens it.
func TestAgainstAModel(t *testing.T) {
	found := map[string]int{}
	whole := trial.Run(t, 10, func(c *trial.Case) {
		h := &history{Case: c, root: folder(c), metas: map[runs.ID]*runs.Meta{}, found: found}
		h.dir = h.root + "/store"
		c.Describe(func() string { return h.last })
		h.begin("")
		defer func() { must(c, h.store.Close("")) }()
		for range 40 {
			h.step()
			must(c, h.store.CheckAccounts())
		}
	})
	for _, want := range []string{"written", "left", "dropped", "read", "kept", "of another checkpoint", "crashed", "held"} {
		if whole && found[want] == 0 {
			t.Errorf("nothing was %s: %v", want, found)
		}
	}
}

func (h *history) step() {
	id := runs.ID(h.Random.IntN(8))
	switch n := h.Random.IntN(20); {
	case n < 7:
		h.write(id)
	case n < 8:
		h.leave(id)
	case n < 12:
		h.last = fmt.Sprintf("drop %v", id)
		must(h, h.store.Drop(id))
		delete(h.metas, id)
		h.found["dropped"]++
	case n < 14:
		h.hold(id)
	case n < 15:
		h.again("c", "c")
	case n < 16:
		h.again("c", "d")
	case n < 17:
		h.crash()
	default:
		h.check()
	}
}

// write writes a run, in place of what there was.
func (h *history) write(id runs.ID) {
	entries := 1 + h.Random.IntN(3000)
	h.last = fmt.Sprintf("write %v of %d entries", id, entries)
	if h.metas[id] != nil {
		if _, err := h.store.Create(id); err == nil {
			h.Fatalf("%v was created twice", id)
		}
	}
	must(h, h.store.Drop(id))
	meta, err := runstest.Write(h.store, id, entries)
	must(h, err)
	h.metas[id] = meta
	h.found["written"]++
}

// leave begins a run and does not complete it.
func (h *history) leave(id runs.ID) {
	h.last = fmt.Sprintf("leave %v", id)
	must(h, h.store.Drop(id))
	delete(h.metas, id)
	w, err := h.store.Create(id)
	must(h, err)
	for i := range h.Random.IntN(200) {
		must(h, w.WriteChunk(runs.Chunk{Number: i}, make([]byte, 4096)))
	}
	if _, err := h.store.Open(id); !errors.Is(err, runs.ErrNoRun) {
		h.Fatalf("a run that is being written: %v", err)
	}
	if err := w.WriteChunk(runs.Chunk{Number: 1000}, nil); err == nil {
		h.Fatal("a chunk was left out")
	}
	if w.Close() == nil {
		h.Fatal("a run was completed that had failed")
	}
	h.found["left"]++
}

func (h *history) hold(id runs.ID) {
	h.last = fmt.Sprintf("hold %v", id)
	if meta := h.metas[id]; meta != nil {
		r, err := h.store.Open(id)
		must(h, err)
		h.readers = append(h.readers, held{id, meta, r})
	}
}

// check reads everything. What was dropped while a reader was open may fail, or be right.
func (h *history) check() {
	h.last = "check"
	for id := range runs.ID(8) {
		err := runstest.Check(h.store, id, orEmpty(h.metas[id]))
		if h.metas[id] != nil {
			must(h, err)
			h.found["read"]++
		} else if !errors.Is(err, runs.ErrNoRun) {
			h.Fatalf("%v is not there, and is read: %v", id, err)
		}
	}
	for _, r := range h.readers {
		err := runstest.CheckRows(r.reader, r.run, r.meta)
		if h.metas[r.run] == r.meta || runstest.Other(err) {
			must(h, err)
		}
		h.found["held"]++
	}
}

func orEmpty(m *runs.Meta) *runs.Meta {
	if m == nil {
		return &runs.Meta{}
	}
	return m
}

// again closes the store with one checkpoint and opens it with another.
func (h *history) again(closed, want string) {
	h.last = fmt.Sprintf("close with %s, open with %s", closed, want)
	h.letGo()
	must(h, h.store.Close(closed))
	if closed != want {
		h.metas = map[runs.ID]*runs.Meta{}
	}
	h.begin(want)
}

// crash goes on with what the folder holds at this moment.
func (h *history) crash() {
	h.last = "crash"
	h.dropped++
	copied := fmt.Sprintf("%s/copy %d", h.root, h.dropped)
	copyFolder(h, h.dir, copied)
	h.letGo()
	must(h, h.store.Close(""))
	_, marked := os.Stat(copied + "/CLEAN")
	h.dir = copied
	if marked != nil {
		h.metas = map[runs.ID]*runs.Meta{}
	}
	h.begin("c")
	h.found["crashed"]++
}

func (h *history) letGo() {
	for _, r := range h.readers {
		must(h, r.reader.Close())
	}
	h.readers = nil
}

// begin opens the store, which has exactly the runs that it must have.
func (h *history) begin(want string) {
	var found badger.Found
	h.store, found = open(h, h.dir, want, small)
	h.found[found.State.String()]++
	if !found.Kept() && len(h.metas) > 0 {
		h.Fatalf("%v are lost: %s", slices.Sorted(maps.Keys(h.metas)), found.Why)
	}
	h.check()
}
