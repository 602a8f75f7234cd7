package objstore

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stores are all implementations; each passes every test of the contract.
var stores = []struct {
	name string
	open func(t *testing.T) Store
}{
	{"Memory", func(*testing.T) Store { return NewMemory() }},
	{"Dir over memfs", func(t *testing.T) Store { return openDir(t, memfs.New(), "some/where") }},
	{"Dir over the operating system", func(t *testing.T) Store { return openDir(t, env.OS{}, t.TempDir()+"/some/where") }},
}

func openDir(t testing.TB, files env.FS, root string) *Dir {
	t.Helper()
	d, err := OpenDir(files, root)
	must(t, err)
	return d
}

func TestContract(t *testing.T) {
	tests := []struct {
		name string
		run  func(t *testing.T, s Store)
	}{
		{"put replaces", testPut},
		{"create happens once", testCreate},
		{"list by prefix", testList},
		{"delete", testDelete},
		{"names", testNames},
		{"content is the store's own", testOwnership},
		{"one of many creates", testConcurrentCreate},
	}
	for _, s := range stores {
		for _, test := range tests {
			t.Run(s.name+"/"+test.name, func(t *testing.T) { test.run(t, s.open(t)) })
		}
	}
}

func wantObject(t testing.TB, s Store, name, content string) {
	t.Helper()
	got, err := s.Get(name)
	if err != nil || string(got) != content {
		t.Errorf("%s holds %q (error %v), want %q", name, got, err, content)
	}
}

func testPut(t *testing.T, s Store) {
	if _, err := s.Get("a/b"); !errors.Is(err, ErrNotFound) {
		t.Errorf("error %v before the object is there", err)
	}
	must(t, s.Put("a/b", []byte("1")))
	wantObject(t, s, "a/b", "1")
	must(t, s.Put("a/b", []byte("22")))
	wantObject(t, s, "a/b", "22")
	must(t, s.Put("a/empty", nil))
	wantObject(t, s, "a/empty", "")
}

func testCreate(t *testing.T, s Store) {
	must(t, s.Create("slots/1", []byte("mine")))
	if err := s.Create("slots/1", []byte("yours")); !errors.Is(err, ErrExists) {
		t.Errorf("the second creation gave %v", err)
	}
	wantObject(t, s, "slots/1", "mine")
	must(t, s.Put("slots/2", nil))
	if err := s.Create("slots/2", nil); !errors.Is(err, ErrExists) {
		t.Errorf("a creation after a put gave %v", err)
	}
	must(t, s.Delete("slots/1"))
	must(t, s.Create("slots/1", []byte("again")))
	wantObject(t, s, "slots/1", "again")
}

func testList(t *testing.T, s Store) {
	for _, name := range []string{"b", "a/2", "a/10", "ab/1", "a/c/d", "a-b"} {
		must(t, s.Put(name, nil))
	}
	for prefix, want := range map[string][]string{
		"":      {"a-b", "a/10", "a/2", "a/c/d", "ab/1", "b"},
		"a":     {"a-b", "a/10", "a/2", "a/c/d", "ab/1"},
		"a/":    {"a/10", "a/2", "a/c/d"},
		"a/1":   {"a/10"},
		"a/c":   {"a/c/d"},
		"a/c/d": {"a/c/d"},
		"none/": nil,
	} {
		got, err := s.List(prefix)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("List(%q) = %q (error %v), want %q", prefix, got, err, want)
		}
	}
}

func testDelete(t *testing.T, s Store) {
	must(t, s.Put("a/b", nil))
	must(t, s.Delete("a/b"))
	if _, err := s.Get("a/b"); !errors.Is(err, ErrNotFound) {
		t.Errorf("error %v after the deletion", err)
	}
	must(t, s.Delete("a/b"))
	must(t, s.Delete("never/was"))
}

func testNames(t *testing.T, s Store) {
	for _, name := range []string{"", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", ".aside/1", "a/.b"} {
		if s.Put(name, nil) == nil || s.Create(name, nil) == nil || s.Delete(name) == nil {
			t.Errorf("name %q was taken", name)
		}
		if _, err := s.Get(name); err == nil || errors.Is(err, ErrNotFound) {
			t.Errorf("Get(%q) gave %v", name, err)
		}
	}
}

func testOwnership(t *testing.T, s Store) {
	content := []byte("before")
	must(t, s.Put("a", content))
	copy(content, "after!")
	got, err := s.Get("a")
	must(t, err)
	copy(got, "abused")
	wantObject(t, s, "a", "before")
}

func testConcurrentCreate(t *testing.T, s Store) {
	var wins atomic.Int32
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			err := s.Create("slots/1", fmt.Append(nil, i))
			switch {
			case err == nil:
				wins.Add(1)
			case !errors.Is(err, ErrExists):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if wins.Load() != 1 {
		t.Errorf("%d creations succeeded", wins.Load())
	}
}

// TestMemoryFaults: an operation fails before its effect or behind it.
func TestMemoryFaults(t *testing.T) {
	fail := errors.New("fault")
	for _, after := range []bool{false, true} {
		m := NewMemory()
		m.Inject(func(op Op) Outcome {
			if op.String() == "create a" {
				return Outcome{Err: fail, After: after}
			}
			return Outcome{}
		})
		if err := m.Create("a", nil); !errors.Is(err, fail) {
			t.Errorf("after=%v: error %v", after, err)
		}
		if _, err := m.Get("a"); errors.Is(err, ErrNotFound) == after {
			t.Errorf("after=%v: the object gives %v", after, err)
		}
	}
}
