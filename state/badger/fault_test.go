package badger_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state/badger"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/runs/runstest"
)

// logs returns the value logs of a store.
func logs(t testing.TB, dir string) []string {
	names, err := filepath.Glob(dir + "/badger-*/*.vlog")
	must(t, err)
	return names
}

// heads returns where in a value log entries begin, roughly: each has a stamp before its value.
func heads(t testing.TB, name string) (places []int64) {
	content, err := os.ReadFile(name)
	must(t, err)
	for at := 0; ; {
		next := bytes.Index(content[at:], []byte("\xff\xff\xff\xff\xff\xff\xff\xfe"))
		if next < 0 {
			return places
		}
		at += next + 8
		places = append(places, max(int64(at)-40, 0))
	}
}

// TestDamageWhileOpen flips bits of values and their heads under a store that reads them.
func TestDamageWhileOpen(t *testing.T) {
	defer trial.Guard(t, func() string { return "" })()
	random := rand.New(rand.NewPCG(1, 2))
	dir := folder(t)
	metas := sample(t, dir)
	s, _ := open(t, dir, "c", small)
	noticed := 0
	for i := range 200 {
		name := logs(t, dir)[random.IntN(len(logs(t, dir)))]
		info, err := os.Stat(name)
		must(t, err)
		at, bit := random.Int64N(info.Size()), byte(1)<<random.IntN(8)
		if places := heads(t, name); i%2 == 0 && len(places) > 0 {
			at = places[random.IntN(len(places))] + random.Int64N(40)
		}
		flipBit(t, name, at, bit)
		for id, meta := range metas {
			if err := runstest.Check(s, id, meta); runstest.Other(err) {
				t.Errorf("%s, bit %d of byte %d: %v", name, bit, at, err)
			} else if err != nil {
				noticed++
			}
		}
		flipBit(t, name, at, bit)
	}
	for id, meta := range metas {
		must(t, runstest.Check(s, id, meta))
	}
	if noticed == 0 {
		t.Error("nothing was noticed")
	}
	must(t, s.Close(""))
}

// TestDamagedTablesWhileOpen flips bits where tables keep the places of chunks.
func TestDamagedTablesWhileOpen(t *testing.T) {
	defer trial.Guard(t, func() string { return "" })()
	random := rand.New(rand.NewPCG(3, 4))
	noticed := 0
	for range 10 {
		dir := folder(t)
		metas := sample(t, dir)
		s, _ := open(t, dir, "c", small)
		tables, err := filepath.Glob(dir + "/badger-*/*.sst")
		must(t, err)
		for range 20 {
			name := tables[random.IntN(len(tables))]
			info, err := os.Stat(name)
			must(t, err)
			flipBit(t, name, random.Int64N(info.Size()/2), byte(1)<<random.IntN(8)) // behind that are indexes
		}
		for id, meta := range metas {
			if err := runstest.Check(s, id, meta); runstest.Other(err) {
				t.Error(err)
			} else if err != nil {
				noticed++
			}
		}
		if err := s.Close(""); err != nil && !strings.Contains(err.Error(), "panic of Badger") {
			t.Error(err)
		}
	}
	if noticed == 0 {
		t.Error("nothing was noticed")
	}
}

// TestFaultOfTheMemoryMap: what an I/O error does to a reader, a file does that has become
// shorter. The database is given up, the store is not.
func TestFaultOfTheMemoryMap(t *testing.T) {
	defer trial.Guard(t, func() string { return "" })()
	dir := folder(t)
	metas := sample(t, dir)
	s, _ := open(t, dir, "c", small)
	for _, name := range logs(t, dir) {
		must(t, os.Truncate(name, 0))
	}
	for id, meta := range metas {
		if err := runstest.Check(s, id, meta); err == nil || runstest.Other(err) || !strings.Contains(err.Error(), "Badger") {
			t.Errorf("%v: %v", id, err)
		}
	}
	meta, err := runstest.Write(s, 9, 100)
	must(t, err)
	must(t, runstest.Check(s, 9, meta))
	for id := range metas {
		must(t, s.Drop(id))
	}
	must(t, runstest.Check(s, 9, meta))
	if err := s.Close("d"); err != nil && !strings.Contains(err.Error(), "panic of Badger") {
		t.Error(err)
	}
}

// TestLostFolder has Badger fail at its last table: closing ends, with an error, and leaves
// no marker.
func TestLostFolder(t *testing.T) {
	defer trial.Guard(t, func() string { return "" })()
	dir := folder(t)
	s, _ := open(t, dir, "", small)
	_, err := runstest.Write(s, 1, 100)
	must(t, err)
	folders, err := filepath.Glob(dir + "/badger-*")
	must(t, err)
	for _, name := range folders {
		must(t, os.RemoveAll(name))
	}
	if err := s.Close("c"); err == nil || !strings.Contains(err.Error(), "cannot write its last table") {
		t.Errorf("closing says %v", err)
	}
	if len(s.Complaints()) == 0 {
		t.Error("Badger did not complain")
	}
	s, found := open(t, dir, "c", small)
	if found.Kept() {
		t.Error(found)
	}
	must(t, s.Close(""))
}

// TestFailedWrite: a database in which one has failed gets no other, which would end the
// process at an assertion of Badger's; the store goes on with the next database.
func TestFailedWrite(t *testing.T) {
	defer trial.Guard(t, func() string { return "" })()
	dir := folder(t)
	s, _ := open(t, dir, "", badger.Options{MemTable: 2 << 20})
	w, err := s.Create(1)
	must(t, err)
	for i := 0; err == nil; i++ {
		err = w.WriteChunk(runs.Chunk{Number: i, Length: 1}, []byte{1})
		if i == 1000 { // the next table in memory will find no folder for its log
			names, err := filepath.Glob(dir + "/badger-*")
			must(t, err)
			must(t, os.RemoveAll(names[0]))
		}
	}
	if again := w.WriteChunk(runs.Chunk{Number: 5}, nil); again == nil || again.Error() != err.Error() {
		t.Errorf("after %v: %v", err, again)
	}
	if w.Close() == nil {
		t.Error("a run was completed that had failed")
	}
	meta, err := runstest.Write(s, 2, 500)
	must(t, err)
	must(t, runstest.Check(s, 2, meta))
	must(t, s.Drop(1))
	if err := s.Close("c"); err == nil {
		t.Log("the lost database was deleted before the store was closed")
	}
}

// TestNothingStays: no goroutine is left, however a store ends.
func TestNothingStays(t *testing.T) {
	defer trial.Guard(t, func() string { return "goroutines stay" })()
	before := runtime.NumGoroutine()
	dir := folder(t)
	for _, checkpoint := range []string{"", "c", "d", "d"} {
		s, _ := open(t, dir, "d", small)
		meta, err := runstest.Write(s, 1, 3000)
		if err == nil {
			must(t, runstest.Check(s, 1, meta))
		}
		must(t, s.Close(checkpoint))
		must(t, s.Close("twice"))
		if err := s.Drop(1); err == nil {
			t.Error("a store that is closed drops a run")
		}
		if _, err := s.Create(5); err == nil {
			t.Error("a store that is closed takes a run")
		}
	}
	for runtime.NumGoroutine() > before {
		runtime.Gosched()
	}
}

// TestOneStoreAFolder: two would delete each other's databases.
func TestOneStoreAFolder(t *testing.T) {
	dir := folder(t)
	s, _ := open(t, dir, "", small)
	if _, _, err := badger.Open(dir, "", small); err == nil {
		t.Error("opened twice")
	}
	must(t, s.Close(""))
}

// TestSpace: the store takes at most twice what is live, and a constant, once the cleaner
// has had time; and never so much that writers had not to wait for it.
func TestSpace(t *testing.T) {
	const constant = 8 << 20
	dir := folder(t)
	s, _ := open(t, dir, "", small)
	defer trial.Guard(t, func() string { u, err := s.Usage(); return fmt.Sprint("garbage stays: ", u, err, s.Complaints()) })()
	metas := map[runs.ID]*runs.Meta{}
	for generation := range 12 {
		for i := range 10 {
			id := runs.ID(generation*10 + i)
			meta, err := runstest.Write(s, id, 2500)
			must(t, err)
			metas[id] = meta
			u, err := s.Usage()
			must(t, err)
			if u.Written > 2*u.Live+constant {
				t.Fatalf("generation %d: %+v", generation, u)
			}
			if old := id - 10; generation > 0 && i != 3 {
				must(t, s.Drop(old))
				delete(metas, old)
			}
		}
		for {
			u, err := s.Usage()
			must(t, err)
			if u.Disk <= 2*u.Live+constant && u.Written <= u.Live*3/2+constant {
				break
			}
			runtime.Gosched()
		}
		for id, meta := range metas {
			must(t, runstest.Check(s, id, meta))
		}
		must(t, s.CheckAccounts())
	}
	must(t, s.Close("c"))
	s, _ = open(t, dir, "c", small)
	for id, meta := range metas {
		must(t, runstest.Check(s, id, meta))
		must(t, s.Drop(id))
	}
	for {
		u, err := s.Usage()
		must(t, err)
		if u.Databases <= 1 { // that which takes writes
			break
		}
		runtime.Gosched()
	}
	must(t, s.Close(""))
}

// TestManyRestarts leaves a small database each time, which are joined.
func TestManyRestarts(t *testing.T) {
	defer trial.Guard(t, func() string { return "many databases stay" })()
	dir := folder(t)
	s, _ := open(t, dir, "", small)
	metas := map[runs.ID]*runs.Meta{}
	for id := range runs.ID(25) {
		meta, err := runstest.Write(s, id, 100)
		must(t, err)
		metas[id] = meta
		must(t, s.Close("c"))
		s, _ = open(t, dir, "c", small)
	}
	must(t, s.Drop(0))
	delete(metas, 0)
	for {
		u, err := s.Usage()
		must(t, err)
		if u.Databases <= 10 {
			break
		}
		runtime.Gosched()
	}
	for id, meta := range metas {
		must(t, runstest.Check(s, id, meta))
	}
	must(t, s.Close(""))
}

// TestAllAtOnce has writers, readers and the cleaner at work together.
func TestAllAtOnce(t *testing.T) {
	defer trial.Guard(t, func() string { return "" })()
	s, _ := open(t, folder(t), "", small)
	shared, err := runstest.Write(s, 1000, 3000)
	must(t, err)
	var workers sync.WaitGroup
	for worker := range 4 {
		workers.Go(func() {
			for i := range 30 {
				id := runs.ID(worker*100 + i%3)
				meta, err := runstest.Write(s, id, 1000+i*20)
				if err == nil {
					err = errors.Join(runstest.Check(s, id, meta), runstest.Check(s, 1000, shared), s.Drop(id))
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	workers.Wait()
	must(t, s.CheckAccounts())
	must(t, s.Close(""))
}
