package badger_test

import (
	"bytes"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state/badger"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/runs/runstest"
)

// sample is a store that was closed, and its runs.
func sample(t testing.TB, dir string) map[runs.ID]*runs.Meta {
	s, _ := open(t, dir, "", small)
	metas := map[runs.ID]*runs.Meta{}
	for id, entries := range map[runs.ID]int{1: 3000, 2: 40, 3: 3000} {
		meta, err := runstest.Write(s, id, entries)
		must(t, err)
		metas[id] = meta
	}
	must(t, s.Close("c"))
	return metas
}

// files returns the files of a folder with their sizes; some are deleted meanwhile.
func files(t testing.TB, dir string) map[string]int64 {
	found := map[string]int64{}
	must(t, filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			var info fs.FileInfo
			if info, err = e.Info(); err == nil {
				found[name[len(dir)+1:]] = info.Size()
			}
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}))
	return found
}

// copyFolder copies a folder, with holes where files have them.
func copyFolder(t testing.TB, from, to string) {
	zeros := make([]byte, 4096)
	for name := range files(t, from) {
		content, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // deleted meanwhile
		}
		must(t, err)
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o755))
		f, err := os.Create(filepath.Join(to, name))
		must(t, err)
		must(t, f.Truncate(int64(len(content))))
		for at := 0; at < len(content); at += len(zeros) {
			if block := content[at:min(at+len(zeros), len(content))]; !bytes.Equal(block, zeros[:len(block)]) {
				_, err := f.WriteAt(block, int64(at))
				must(t, err)
			}
		}
		must(t, f.Close())
	}
}

// verdict opens a store that was damaged and reads all of it: what is read is right.
func verdict(t testing.TB, dir string, metas map[runs.ID]*runs.Meta) string {
	s, found := open(t, dir, "c", small)
	defer func() { must(t, s.Close("")) }()
	wrong := 0
	for id, meta := range metas {
		switch err := runstest.Check(s, id, meta); {
		case runstest.Other(err):
			t.Error(err)
		case !found.Kept() && !errors.Is(err, runs.ErrNoRun):
			t.Errorf("%v in a store that is %v: %v", id, found.State, err)
		case err != nil:
			wrong++
		}
	}
	switch {
	case !found.Kept():
		return found.State.String()
	case wrong > 0:
		return "refused"
	}
	return "right"
}

// TestFlippedBits flips a bit anywhere in any file of a store that was closed.
func TestFlippedBits(t *testing.T) {
	root := folder(t)
	metas := sample(t, root+"/store")
	all := files(t, root+"/store")
	verdicts := map[string]map[string]int{}
	n := 0
	flip := func(c *rand.Rand, name string, at int64) {
		n++
		dir := root + "/copy"
		must(t, os.RemoveAll(dir))
		copyFolder(t, root+"/store", dir)
		flipBit(t, filepath.Join(dir, name), at, 1<<c.IntN(8))
		kind := filepath.Ext(name) + strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
		if strings.HasPrefix(kind, ".") {
			kind = filepath.Ext(name)
		}
		if verdicts[kind] == nil {
			verdicts[kind] = map[string]int{}
		}
		verdicts[kind][verdict(t, dir, metas)]++
	}
	trial.Run(t, 1, func(c *trial.Case) {
		for name, size := range all {
			places := []int64{0, 1, 7, 8, 19, 20, 21, size / 2, size - 1, size - 5, size - 9, size - 30}
			for _, at := range append(places, c.Random.Int64N(size+1), c.Random.Int64N(size+1)) {
				if at >= 0 && at < size {
					flip(c.Random, name, at)
				}
			}
		}
	})
	t.Logf("%d flips in %d files: %v", n, len(all), verdicts)
	for kind, got := range verdicts {
		switch {
		case kind == "LOCK":
		case kind == ".vlog" && got["refused"] == 0, kind != ".vlog" && got["damaged"] == 0:
			t.Errorf("flips in %s: %v", kind, got)
		case kind != ".vlog" && got["right"] > 0:
			t.Errorf("flips in %s are not noticed: %v", kind, got)
		}
	}
}

func flipBit(t testing.TB, name string, at int64, bit byte) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	must(t, err)
	var b [1]byte
	_, err = f.ReadAt(b[:], at)
	must(t, err)
	b[0] ^= bit
	_, err = f.WriteAt(b[:], at)
	must(t, err)
	must(t, f.Close())
}

// TestPowerCut cuts files off, or has their ends read as zeros, beside a marker that is
// whole; and takes files away.
func TestPowerCut(t *testing.T) {
	root := folder(t)
	metas := sample(t, root+"/store")
	all := files(t, root+"/store")
	trial.Run(t, 1, func(c *trial.Case) {
		for name, size := range all {
			if filepath.Base(name) == "LOCK" {
				continue
			}
			for _, left := range []int64{-1, 0, size - 1, c.Random.Int64N(size)} {
				for _, zeros := range []bool{false, true} {
					dir := root + "/copy"
					must(c, os.RemoveAll(dir))
					copyFolder(c, root+"/store", dir)
					cut(c, filepath.Join(dir, name), left, size, zeros)
					got := verdict(c, dir, metas)
					if got == "right" && !zeros || got == "refused" && !zeros {
						c.Errorf("%s has %d of %d bytes, zeros behind them: %v; the store is %s", name, left, size, zeros, got)
					}
				}
			}
		}
	})
}

// cut leaves so many bytes of a file, of none at all -1.
func cut(t testing.TB, name string, left, size int64, zeros bool) {
	if left < 0 {
		must(t, os.Remove(name))
		return
	}
	must(t, os.Truncate(name, left))
	if zeros {
		must(t, os.Truncate(name, size))
	}
}

// TestMarker: what is not there, half written, or of another checkpoint.
func TestMarker(t *testing.T) {
	root := folder(t)
	sample(t, root+"/store")
	name := "/CLEAN"
	whole, err := os.ReadFile(root + "/store" + name)
	must(t, err)
	for _, test := range []struct {
		what, want string
		marker     []byte
		state      badger.State
	}{
		{"as it was", "c", whole, badger.Kept},
		{"another is wanted", "d", whole, badger.Other},
		{"none is wanted", "", whole, badger.Other},
		{"there is none", "c", nil, badger.Unclean},
		{"it is empty", "c", []byte{}, badger.Damaged},
		{"half of it", "c", whole[:len(whole)/2], badger.Damaged},
		{"more than it", "c", append(bytes.Clone(whole), '\n'), badger.Damaged},
		{"the name changed", "d", bytes.Replace(whole, []byte(`"c"`), []byte(`"d"`), 1), badger.Damaged},
	} {
		dir := root + "/copy"
		must(t, os.RemoveAll(dir))
		copyFolder(t, root+"/store", dir)
		must(t, os.Remove(dir+name))
		if test.marker != nil {
			must(t, os.WriteFile(dir+name, test.marker, 0o644))
		}
		s, found := open(t, dir, test.want, small)
		if found.State != test.state || found.Why == "" {
			t.Errorf("%s: %v", test.what, found)
		}
		left := files(t, dir)
		if want := 1; test.state != badger.Kept && len(left) != want {
			t.Errorf("%s: afresh, but there are %v", test.what, left)
		}
		must(t, s.Close(""))
	}
}

// TestMarkerGoesBeforeTheFirstChange, and stays while there is none.
func TestMarkerGoesBeforeTheFirstChange(t *testing.T) {
	for what, change := range map[string]func(s *badger.Store) error{
		"create": func(s *badger.Store) error { _, err := s.Create(9); return err },
		"drop":   func(s *badger.Store) error { return s.Drop(1) },
	} {
		dir := folder(t)
		metas := sample(t, dir)
		for range 2 {
			s, found := open(t, dir, "c", small)
			if !found.Kept() {
				t.Fatal(found)
			}
			for id, meta := range metas {
				must(t, runstest.Check(s, id, meta))
			}
			must(t, s.Drop(77))
			must(t, s.Close(""))
		}
		s, _ := open(t, dir, "c", small)
		must(t, change(s))
		if _, err := os.Stat(dir + "/CLEAN"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the marker is still there: %v", what, err)
		}
		must(t, s.Close(""))
		s, found := open(t, dir, "c", small)
		if found.State != badger.Unclean {
			t.Errorf("%s: %v", what, found)
		}
		must(t, s.Close(""))
	}
}
