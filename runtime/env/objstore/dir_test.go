package objstore

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/trial"
)

// TestDirCrash cuts the power at every operation of a random program, and at
// every choice of what survives: what had returned is there, what had not is
// there as a whole or not at all.
func TestDirCrash(t *testing.T) {
	trial.Run(t, 300, func(c *trial.Case) {
		m := &crashModel{t: c.T, random: c.Random, files: memfs.New(), sure: map[string]string{}, maybe: map[string][]string{}}
		c.Describe(m.String)
		m.run()
	})
}

// crashModel runs a program on a Dir until the power is cut.
type crashModel struct {
	t      *testing.T
	random *rand.Rand
	files  *memfs.FS
	sure   map[string]string   // what must be there: "" is nothing
	maybe  map[string][]string // what may be there instead
	steps  int
}

func (m *crashModel) String() string {
	return fmt.Sprintf("after %d operations, %d objects must be there", m.steps, len(m.sure))
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
		m.steps++
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
		if err := d.Delete(ctx, name); err != nil {
			return err
		}
		m.sure[name], m.maybe[name] = "", append(m.maybe[name], was)
	case 1:
		m.maybe[name] = append(m.maybe[name], content)
		err := Create(ctx, d, name, []byte(content))
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
		if err := Put(ctx, d, name, []byte(content)); err != nil {
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
			got, err := Get(ctx, d, name)
			if err != nil && !errors.Is(err, ErrNotFound) {
				m.t.Fatal(err)
			}
			if string(got) != m.sure[name] && !slices.Contains(m.maybe[name], string(got)) {
				m.t.Fatalf("%s holds %d bytes after the power cut; it should hold %d, or one of %d others",
					name, len(got), len(m.sure[name]), len(m.maybe[name]))
			}
		}
	}
	must(m.t, d.Sweep(ctx))
	names, err := after.ReadDir("store/" + Aside)
	must(m.t, err)
	if len(names) != 1 {
		m.t.Fatalf("after the sweep .aside holds %q", names)
	}
}

// TestDirWakingWriter stops a creation between its write and its link, lets
// another store sweep and work, and goes on: the name goes to nobody's bytes
// but the writer's own, which it has written again.
func TestDirWakingWriter(t *testing.T) {
	files := memfs.New()
	old := openDir(t, files, "store")
	var young *Dir
	files.Inject(func(op memfs.Op) memfs.Outcome {
		if op.Kind == memfs.Link && op.To == "store/slots/1" && young == nil {
			young = openDir(t, files, "store")
			must(t, young.Sweep(ctx))
			must(t, Put(ctx, young, "state/1", []byte("the young one's")))
		}
		return memfs.Outcome{}
	})
	must(t, Create(ctx, old, "slots/1", []byte("the old one's")))
	wantObject(t, young, "slots/1", "the old one's")
	wantObject(t, old, "state/1", "the young one's")
	must(t, old.Sweep(ctx)) // is the higher one now
	must(t, Put(ctx, young, "state/2", []byte("the young one's")))
	wantObject(t, old, "state/2", "the young one's")
}

// TestDirLostReply: a creation whose reply was lost is found by creating again.
func TestDirLostReply(t *testing.T) {
	files := memfs.New()
	d := openDir(t, files, "store")
	lost := errors.New("lost")
	for _, kind := range []memfs.Kind{memfs.Link, memfs.SyncDir} {
		name := "slots/" + string(kind)
		must(t, Put(ctx, d, "slots/0", nil)) // the folder is there
		files.Inject(func(op memfs.Op) memfs.Outcome {
			if op.Kind == kind {
				files.Inject(nil)
				return memfs.Outcome{Err: lost, After: kind == memfs.Link}
			}
			return memfs.Outcome{}
		})
		if err := Create(ctx, d, name, []byte("x")); !errors.Is(err, lost) {
			t.Errorf("%s: the creation gave %v", kind, err)
		}
		if err := Create(ctx, d, name, []byte("x")); !errors.Is(err, ErrExists) {
			t.Errorf("%s: the second creation gave %v", kind, err)
		}
		// ErrExists promises that the object is durable.
		for seed := range uint64(20) {
			wantObject(t, openDir(t, files.CrashClone(rand.New(rand.NewPCG(seed, 0))), "store"), name, "x")
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
	must(t, Put(ctx, d, "slots/0", nil))
	files.StartLog()
	must(t, Create(ctx, d, "slots/1", []byte("abc")))
	must(t, Put(ctx, d, "slots/2", []byte("abc")))
	must(t, d.Delete(ctx, "slots/1"))
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

// TestOddFilesAside opens a store in whose .aside somebody has put files: their
// numbers are passed over, or there is a word about it.
func TestOddFilesAside(t *testing.T) {
	for name, want := range map[string]string{
		"notes": "", "7-7-7": "", "007": "", "18446744073709551615": "", "99999999999999999999-1": "", "4611686018427387905": "",
		"4611686018427387903":   "has a file with number 4611686018427387903",
		"4611686018427387904-5": "has a file with number 4611686018427387904",
	} {
		files := memfs.New()
		must(t, files.MkdirAll("store/.aside"))
		must(t, env.WriteFile(files, "store/.aside/"+name, nil))
		operations := 0
		files.Inject(func(op memfs.Op) memfs.Outcome {
			if operations++; operations > 100 {
				t.Fatalf("%s: %d operations, and no end, at %v", name, operations, op)
			}
			return memfs.Outcome{}
		})
		d, err := OpenDir(files, "store")
		if want != "" {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: opening gave %v", name, err)
			}
			continue
		}
		must(t, err)
		must(t, Put(ctx, d, "a", nil))
		must(t, d.Sweep(ctx))
		must(t, Put(ctx, d, "a", nil))
		must(t, openDir(t, files, "store").Sweep(ctx))
	}
}
