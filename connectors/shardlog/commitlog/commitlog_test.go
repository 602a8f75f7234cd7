package commitlog

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/shardlog/block"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/trial"
)

const salt = block.Salt(7)

// entry is a group as a test knows it.
type entry struct {
	number uint64
	at     Position
	blocks string
}

// book is a log under test beside what is to be in it.
type book struct {
	t     testing.TB
	r     *rand.Rand
	files *memfs.FS
	log   *Log
	acked []entry // synced, and not dropped
	loose []entry // appended since
}

func newBook(t testing.TB, r *rand.Rand) *book {
	b := &book{t: t, r: r, files: memfs.New()}
	for _, err := range []error{b.files.MkdirAll("log"), b.files.SyncDir(".")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	b.open()
	return b
}

func (b *book) options() Options { return Options{b.files, "log", salt, 300} }

// open opens the log, which has to have all that was acknowledged, and of what was not a part from
// the front.
func (b *book) open() {
	b.t.Helper()
	found, damaged, err := read(b.options(), Position{})
	if err == nil {
		b.log, err = Open(b.options(), Position{}, func(Group) error { return nil })
	}
	if err != nil {
		b.t.Fatal(err)
	}
	found = slices.DeleteFunc(found, func(e entry) bool { return e.blocks == "" }) // which end a log
	all := slices.Concat(b.acked, b.loose)
	if damaged || len(found) < len(b.acked) || len(found) > len(all) || !slices.Equal(found, all[:len(found)]) {
		b.t.Fatalf("found are %v; acknowledged were %v, and written beside %v; damaged: %v", found, b.acked, b.loose, damaged)
	}
	b.acked, b.loose = found, nil
}

// read returns the groups of a log, as they are after it was opened, and leaves it closed.
func read(o Options, from Position) (found []entry, damaged bool, err error) {
	l, err := Open(o, from, func(g Group) error {
		found = append(found, entry{g.Number, g.At, string(g.Blocks)})
		damaged = damaged || g.Damaged
		return nil
	})
	if err == nil {
		err = l.release()
	}
	return found, damaged, err
}

func (b *book) append() error {
	group := Begin(nil)
	for range b.r.IntN(3) + 1 {
		group = block.Append(group, salt, block.Header{Kind: block.Records, Shard: b.r.Uint32N(5), First: 1}, []block.Record{{Data: make([]byte, b.r.IntN(90))}})
	}
	number := b.log.Next()
	at, err := b.log.Append(group)
	if err == nil {
		b.loose = append(b.loose, entry{number, at, string(group[groupSize:])})
	}
	return err
}

func (b *book) sync() error {
	err := b.log.Sync()
	if err == nil {
		b.acked, b.loose = append(b.acked, b.loose...), nil
	}
	return err
}

// failing has one of the next operations of the disk fail, perhaps after it was done.
func (b *book) failing(do func() error) error {
	left := b.r.IntN(4)
	b.files.Inject(func(op memfs.Op) memfs.Outcome {
		if left--; left >= 0 || !op.Changes() {
			return memfs.Outcome{}
		}
		left = 1 << 30
		return memfs.Outcome{Err: errors.New("planted"), After: b.r.IntN(2) == 0 && op.Kind != memfs.Sync, Written: b.r.IntN(op.Bytes + 1)}
	})
	defer b.files.Inject(nil)
	return do()
}

// mend reopens a log that has failed; that may fail, too.
func (b *book) mend() {
	for b.r.IntN(3) == 0 {
		if err := b.failing(b.log.Reopen); err == nil {
			b.loose = nil
			return
		}
	}
	if err := b.log.Reopen(); err != nil {
		b.t.Fatal(err)
	}
	b.loose = nil
}

// check reads what is acknowledged, by its place.
func (b *book) check() {
	if len(b.acked) == 0 {
		return
	}
	e := b.acked[b.r.IntN(len(b.acked))]
	got := make([]byte, len(e.blocks))
	if err := b.log.ReadAt(got, e.at); err != nil || string(got) != e.blocks {
		b.t.Fatalf("group %d is read as %q, %v", e.number, got, err)
	}
}

// drop drops files, and what is in them.
func (b *book) drop() {
	before := b.log.End().File - min(b.log.End().File, b.r.Uint64N(3))
	if err := b.log.Drop(before); err != nil {
		b.t.Fatal(err)
	}
	b.acked = slices.DeleteFunc(b.acked, func(e entry) bool { return e.at.File < before })
}

// Whatever fails and whenever the power is cut, all that was acknowledged is read, in its order and
// where it was said to be, and what was not is there from the front, or not at all.
func TestRandom(t *testing.T) {
	trial.Run(t, 400, func(c *trial.Case) {
		b := newBook(c, c.Random)
		for range 60 {
			var err error
			switch c.Random.IntN(12) {
			case 0, 1, 2, 3:
				err = b.append()
			case 4, 5:
				err = b.sync()
			case 6:
				err = b.failing(b.append)
			case 7:
				err = b.failing(b.sync)
			case 8:
				b.drop()
			case 9:
				b.files = b.files.CrashClone(c.Random)
				b.open()
			case 10:
				b.files = b.files.Clone()
				b.open()
			case 11:
				if err := errors.Join(b.sync(), b.log.Close()); err != nil {
					c.Fatal(err)
				}
				b.open()
			}
			if err != nil {
				b.mend()
			}
			b.check()
		}
	})
}

// Each bit of a log that is flipped costs at most what stands around it: the groups beside are found,
// unless it is in the last one, which may never have been written to its end.
func TestFlippedBits(t *testing.T) {
	b := newBook(t, rand.New(rand.NewPCG(1, 1)))
	for range 9 {
		if err := errors.Join(b.append(), b.sync()); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.log.Close(); err != nil {
		t.Fatal(err)
	}
	names, _ := b.files.ReadDir("log")
	for _, name := range names {
		content, err := env.ReadFile(b.files, "log/"+name)
		if err != nil {
			t.Fatal(err)
		}
		for bit := range 8 * len(content) {
			flipped := bytes.Clone(content)
			flipped[bit/8] ^= 1 << (bit % 8)
			o := b.options()
			o.Files = with(t, b.files, "log/"+name, flipped)
			found, damaged, err := read(o, Position{})
			if err != nil {
				t.Fatalf("%s, bit %d: %v", name, bit, err)
			}
			missing := 0
			for _, e := range b.acked {
				if !slices.Contains(found, e) {
					missing++
				}
			}
			if missing > 1 || missing == 1 && !damaged {
				t.Fatalf("%s, bit %d: %d groups are missing, damage is seen: %v", name, bit, missing, damaged)
			}
		}
	}
}

// with returns files in which one has another content.
func with(t *testing.T, files *memfs.FS, name string, content []byte) *memfs.FS {
	t.Helper()
	files = files.Clone()
	if err := errors.Join(files.Remove(name), env.WriteFile(files, name, content)); err != nil {
		t.Fatal(err)
	}
	return files
}

// Files that are missing, or of another log, are refused by name.
func TestForeignFiles(t *testing.T) {
	fill := func(n int) *book {
		b := newBook(t, rand.New(rand.NewPCG(1, 1)))
		for range n {
			if err := errors.Join(b.append(), b.sync()); err != nil {
				t.Fatal(err)
			}
		}
		return b
	}
	b := fill(12)
	if n := b.log.End().File; n < 4 {
		t.Fatalf("there are %d files", n)
	}
	for name, c := range map[string]struct {
		change func(*memfs.FS) error
		from   Position
		want   string
	}{
		"a file between others": {func(f *memfs.FS) error { return f.Remove("log/0000000000000002.log") }, Position{}, "log/0000000000000002.log is missing"},
		"the file to go on from": {func(f *memfs.FS) error { return f.Remove("log/0000000000000001.log") }, Position{File: 1},
			"log/0000000000000001.log is missing"},
		"no log": {func(f *memfs.FS) error {
			return errors.Join(f.Remove("log/0000000000000001.log"), env.WriteFile(f, "log/0000000000000001.log", make([]byte, 500)))
		}, Position{}, "log/0000000000000001.log is no file of this log"},
		"a file of another version": {func(f *memfs.FS) error {
			h := appendFileHeader(nil, salt, 1, 1)
			h[8]++
			binary.LittleEndian.PutUint32(h[4:], sum(h, salt))
			return errors.Join(f.Remove("log/0000000000000001.log"), env.WriteFile(f, "log/0000000000000001.log", h))
		}, Position{}, "log/0000000000000001.log: version 2 of the format is not known to this weir"},
		"swapped files": {func(f *memfs.FS) error {
			return errors.Join(f.Rename("log/0000000000000001.log", "log/x"), f.Rename("log/0000000000000002.log", "log/0000000000000001.log"),
				f.Rename("log/x", "log/0000000000000002.log"))
		}, Position{}, "the files are not those of one log"},
	} {
		o := b.options()
		files := b.files.Clone()
		if err := c.change(files); err != nil {
			t.Fatal(err)
		}
		o.Files = files
		if _, _, err := read(o, c.from); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := b.log.ReadAt(make([]byte, 4000), b.acked[0].at); err == nil || !strings.Contains(err.Error(), "log/0000000000000001.log, at ") {
		t.Errorf("a read over the end: %v", err)
	}
	if err := b.log.Drop(3); err != nil {
		t.Fatal(err)
	}
	if err := b.log.ReadAt(make([]byte, 1), b.acked[0].at); !errors.Is(err, ErrDropped) {
		t.Errorf("a read of what was dropped: %v", err)
	}
}

// Behind a failure nothing is taken in, and it is said why.
func TestFailure(t *testing.T) {
	b := newBook(t, rand.New(rand.NewPCG(1, 1)))
	b.files.Inject(func(op memfs.Op) memfs.Outcome {
		if op.Kind == memfs.Sync {
			return memfs.Outcome{Err: errors.New("planted")}
		}
		return memfs.Outcome{}
	})
	if err := errors.Join(b.append(), b.sync()); err == nil || fmt.Sprint(err) != "log/0000000000000001.log takes nothing in: planted" {
		t.Errorf("a sync that fails: %v", err)
	}
	b.files.Inject(nil)
	for _, err := range []error{b.append(), b.sync()} {
		if err == nil {
			t.Error("it takes in something")
		}
	}
	b.mend()
	if err := errors.Join(b.append(), b.sync()); err != nil {
		t.Error(err)
	}
}

// Groups of so many bytes go to the disk of the system's temporary folder, each with a sync.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{4 << 10, 64 << 10, 1 << 20, 4 << 20} {
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			l, err := Open(Options{env.OS{}, b.TempDir(), salt, 64 << 20}, Position{}, nil)
			if err != nil {
				b.Fatal(err)
			}
			group := append(Begin(nil), make([]byte, size)...)
			b.SetBytes(int64(size))
			for b.Loop() {
				if _, err := l.Append(group); err != nil {
					b.Fatal(err)
				}
				if err := l.Sync(); err != nil {
					b.Fatal(err)
				}
				if err := l.Drop(l.End().File); err != nil {
					b.Fatal(err)
				}
			}
			if err := l.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}
