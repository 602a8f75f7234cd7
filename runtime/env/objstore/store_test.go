package objstore

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
)

var seed = flag.Uint64("seed", 0, "seed of random tests; 0 draws one")

func newRandom(t *testing.T) *rand.Rand {
	s := *seed
	if s == 0 {
		s = rand.Uint64()
	}
	t.Logf("-seed=%d", s)
	return rand.New(rand.NewPCG(s, 0))
}

func must(t *testing.T, err error) {
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

func openDir(t *testing.T, files env.FS, root string) *Dir {
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

func wantObject(t *testing.T, s Store, name, content string) {
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
		"":       {"a-b", "a/10", "a/2", "a/c/d", "ab/1", "b"},
		"a":      {"a-b", "a/10", "a/2", "a/c/d", "ab/1"},
		"a/":     {"a/10", "a/2", "a/c/d"},
		"a/1":    {"a/10"},
		"a/c":    {"a/c/d"},
		"a/c/d":  {"a/c/d"},
		"none/":  nil,
		"a/c/d/": nil,
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

// TestDirCrash cuts the power at every operation of a random program, and at
// every choice of what survives: what had returned is there, what had not is
// there as a whole or not at all.
func TestDirCrash(t *testing.T) {
	random := newRandom(t)
	for range 300 {
		m := &crashModel{t: t, random: random, files: memfs.New(), sure: map[string]string{}, maybe: map[string][]string{}}
		m.run()
	}
}

// crashModel runs a program on a Dir until the power is cut.
type crashModel struct {
	t      *testing.T
	random *rand.Rand
	files  *memfs.FS
	sure   map[string]string   // what must be there: "" is nothing
	maybe  map[string][]string // what may be there instead
}

var errPowerCut = errors.New("power cut")

func (m *crashModel) run() {
	left := m.random.IntN(120)
	var after *memfs.FS
	m.files.Inject(func(memfs.Op) memfs.Outcome {
		if left--; left >= 0 {
			return memfs.Outcome{}
		}
		if after == nil {
			after = m.files.CrashClone(m.random)
		}
		return memfs.Outcome{Err: errPowerCut}
	})
	d, err := OpenDir(m.files, "store")
	for i := 0; err == nil && i < 30; i++ {
		err = m.step(d, i)
	}
	if after == nil {
		after = m.files.CrashClone(m.random)
	}
	if err != nil && !errors.Is(err, errPowerCut) {
		m.t.Fatal(err)
	}
	m.check(after)
}

// step does one operation and notes what may be there from now on.
func (m *crashModel) step(d *Dir, i int) error {
	name := fmt.Sprintf("folder%d/%d", m.random.IntN(2), m.random.IntN(4))
	content := strings.Repeat(fmt.Sprintf("%d;", i), 1+m.random.IntN(800))
	was := m.sure[name]
	switch m.random.IntN(4) {
	case 0:
		m.maybe[name] = append(m.maybe[name], "")
		if err := d.Delete(name); err != nil {
			return err
		}
		m.sure[name], m.maybe[name] = "", append(m.maybe[name], was)
	case 1:
		m.maybe[name] = append(m.maybe[name], content)
		err := d.Create(name, []byte(content))
		if errors.Is(err, ErrExists) != (was != "") && !errors.Is(err, errPowerCut) {
			m.t.Fatalf("create %s, which held %d bytes: %v", name, len(was), err)
		}
		switch {
		case errors.Is(err, ErrExists):
			m.maybe[name] = nil
			return nil
		case err != nil:
			return err
		}
		m.sure[name], m.maybe[name] = content, nil
	default:
		m.maybe[name] = append(m.maybe[name], content)
		if err := d.Put(name, []byte(content)); err != nil {
			return err
		}
		m.sure[name], m.maybe[name] = content, nil
	}
	return nil
}

func (m *crashModel) check(after *memfs.FS) {
	d := openDir(m.t, after, "store")
	for folder := range 2 {
		for file := range 4 {
			name := fmt.Sprintf("folder%d/%d", folder, file)
			got, err := d.Get(name)
			if err != nil && !errors.Is(err, ErrNotFound) {
				m.t.Fatal(err)
			}
			if string(got) != m.sure[name] && !slices.Contains(m.maybe[name], string(got)) {
				m.t.Fatalf("%s holds %d bytes after the power cut; it should hold %d, or one of %d others",
					name, len(got), len(m.sure[name]), len(m.maybe[name]))
			}
		}
	}
	must(m.t, d.Sweep())
	names, err := after.ReadDir("store/" + aside)
	must(m.t, err)
	if len(names) != 1 {
		m.t.Fatalf("after the sweep .aside holds %q", names)
	}
}

// TestDirWakingWriter stops a creation between its write and its link, lets
// another store sweep and work, and goes on: the name goes to nobody's bytes
// but the writer's own.
func TestDirWakingWriter(t *testing.T) {
	files := memfs.New()
	old := openDir(t, files, "store")
	var young *Dir
	files.Inject(func(op memfs.Op) memfs.Outcome {
		if op.Kind == memfs.Link && op.To == "store/slots/1" && young == nil {
			young = openDir(t, files, "store")
			must(t, young.Sweep())
			must(t, young.Put("state/1", []byte("the young one's")))
		}
		return memfs.Outcome{}
	})
	if err := old.Create("slots/1", []byte("the old one's")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the creation gave %v", err)
	}
	if _, err := young.Get("slots/1"); !errors.Is(err, ErrNotFound) {
		t.Errorf("slots/1 came to be: %v", err)
	}
	must(t, old.Create("slots/1", []byte("the old one's")))
	wantObject(t, young, "slots/1", "the old one's")
}

// TestDirLostReply: a creation whose reply was lost is found by creating again.
func TestDirLostReply(t *testing.T) {
	files := memfs.New()
	d := openDir(t, files, "store")
	lost := errors.New("lost")
	for _, kind := range []memfs.Kind{memfs.Link, memfs.SyncDir} {
		name := "slots/" + string(kind)
		must(t, d.Put("slots/0", nil)) // the folder is there
		files.Inject(func(op memfs.Op) memfs.Outcome {
			if op.Kind == kind {
				files.Inject(nil)
				return memfs.Outcome{Err: lost, After: kind == memfs.Link}
			}
			return memfs.Outcome{}
		})
		if err := d.Create(name, []byte("x")); !errors.Is(err, lost) {
			t.Errorf("%s: the creation gave %v", kind, err)
		}
		if err := d.Create(name, []byte("x")); !errors.Is(err, ErrExists) {
			t.Errorf("%s: the second creation gave %v", kind, err)
		}
		// ErrExists promises that the object is durable.
		for range 20 {
			wantObject(t, openDir(t, files.CrashClone(newRandom(t)), "store"), name, "x")
		}
	}
}

// TestDirWithoutLinks: a file system that cannot link is refused, with a reason.
func TestDirWithoutLinks(t *testing.T) {
	files := memfs.New()
	files.Inject(func(op memfs.Op) memfs.Outcome {
		if op.Kind == memfs.Link {
			return memfs.Outcome{Err: fs.ErrPermission}
		}
		return memfs.Outcome{}
	})
	_, err := OpenDir(files, "store")
	if err == nil || !strings.Contains(err.Error(), "no hard links") {
		t.Errorf("opening gave %v", err)
	}
}

// TestDirOperations shows the durability protocol as it is.
func TestDirOperations(t *testing.T) {
	files := memfs.New()
	d := openDir(t, files, "s")
	must(t, d.Put("slots/0", nil))
	files.StartLog()
	must(t, d.Create("slots/1", []byte("abc")))
	must(t, d.Put("slots/2", []byte("abc")))
	must(t, d.Delete("slots/1"))
	var got bytes.Buffer
	for _, op := range files.TakeLog() {
		fmt.Fprintln(&got, op)
	}
	want := `create s/.aside/1-2
write s/.aside/1-2 (3 bytes)
sync s/.aside/1-2
link s/.aside/1-2 -> s/slots/1
syncdir s/slots
remove s/.aside/1-2
create s/.aside/1-3
write s/.aside/1-3 (3 bytes)
sync s/.aside/1-3
rename s/.aside/1-3 -> s/slots/2
syncdir s/slots
remove s/slots/1
`
	if got.String() != want {
		t.Errorf("got:\n%swant:\n%s", &got, want)
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
