package files

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestDamageIsNotShown has an owner prepare files and die somewhere on the way of
// their commit, spoils one of them under one of its names, and has the next owner
// commit. The rows are there as they were, or the error names the file, as often as
// the commit is tried, nothing more is shown, and all is once the file is back.
func TestDamageIsNotShown(t *testing.T) {
	refused, shown := 0, 0
	whole := trial.Run(t, 400, func(c *trial.Case) {
		d := newSpoiling(c)
		c.Describe(d.String)
		d.prepare()
		d.die()
		d.spoil()
		if err := d.checkNext(); err == nil {
			shown++
		} else {
			refused++
			d.repair()
		}
	})
	if whole && min(refused, shown) < 30 {
		t.Errorf("too tame: %d commits were refused, %d done", refused, shown)
	}
}

// TestForeignContent has a process prepare files and finds something else under the
// final name of one: it is refused by name and not overwritten, and the rows are there
// once it is gone.
func TestForeignContent(t *testing.T) {
	trial.Run(t, 100, func(c *trial.Case) {
		s := newSpoiling(c)
		c.Describe(s.String)
		s.prepare()
		all, err := decode([]stream.Pending{s.pending})
		if err != nil {
			c.Fatal(err)
		}
		of := all[c.Random.IntN(len(all))]
		s.victim = path.Join("out", of.Final)
		if s.was, err = env.ReadFile(s.files, path.Join("out", of.Staging)); err != nil {
			c.Fatal(err)
		}
		var is []byte
		want := "exists with other content"
		if is, s.how = spoiled(c.Random, s.was); is != nil {
			err = env.WriteFile(s.files, s.victim, is)
		} else {
			s.how, want = "a folder", s.victim+" is a folder"
			err = s.files.MkdirAll(s.victim)
		}
		if err != nil {
			c.Fatal(err)
		}
		refused := s.own(1, 0).commit(1, s.pending)
		switch {
		case bytes.Equal(is, s.was):
			if refused != nil {
				c.Fatal(refused)
			}
			return
		case refused == nil || !strings.Contains(refused.Error(), want) || !strings.Contains(refused.Error(), s.victim):
			c.Fatalf("the commit says: %v", refused)
		}
		err = s.files.Remove(s.victim)
		if err := errors.Join(err, s.own(1, 0).commit(1, s.pending)); err != nil {
			c.Fatalf("it is gone: %v", err)
		}
		s.checkRows()
	})
}

// spoiling is a folder of which a file is spoiled between two owners.
type spoiling struct {
	*trial.Case
	pool    *record.Pool
	env     env.Env
	files   *memfs.FS
	values  map[string]string
	rows    int
	pending stream.Pending

	victim string // the file that is spoiled
	was    []byte // what it held
	how    string // what became of it
}

func newSpoiling(c *trial.Case) *spoiling {
	compression := []string{"none", "gzip", "zstd"}[c.Random.IntN(3)]
	s := &spoiling{Case: c, pool: record.NewPool(), values: map[string]string{"path": "out", "compression": compression}}
	s.env, s.files = memEnv()
	return s
}

func (s *spoiling) String() string {
	return fmt.Sprintf("%v, %d rows, %s: %s", s.values, s.rows, s.victim, s.how)
}

// own starts a process. With a roll size each batch has a file of its own.
func (s *spoiling) own(generation uint64, rollSize int64) owner {
	made := openSink(s, s.values)
	made.(*sink).rollSize = rollSize
	o, err := ownSink(s, s.env, made, "run", generation, nil)
	if err != nil {
		s.Fatal(err)
	}
	return o
}

// prepare writes some files for checkpoint 1.
func (s *spoiling) prepare() {
	o := s.own(1, int64(s.Random.IntN(2)))
	for range s.Random.IntN(4) {
		n := s.Random.IntN(5)
		if err := o.writer.Write(rowsOf(s.pool, s.rows, n)); err != nil {
			s.Fatal(err)
		}
		s.rows += n
	}
	var err error
	if s.pending, err = o.write(1, rowsOf(s.pool, s.rows, 1)); err != nil {
		s.Fatal(err)
	}
	s.rows++
}

// die has the commit break off before some operation that changes something, or
// not at all.
func (s *spoiling) die() {
	left := s.Random.IntN(14)
	s.files.Inject(func(op memfs.Op) memfs.Outcome {
		if op.Changes() {
			left--
		}
		if left < 0 {
			return memfs.Outcome{Err: errCrash}
		}
		return memfs.Outcome{}
	})
	if err := s.own(1, 0).commit(1, s.pending); err != nil && !errors.Is(err, errCrash) {
		s.Fatal(err)
	}
	s.files.Inject(nil)
}

// spoil changes one of the names that a file has.
func (s *spoiling) spoil() {
	var names []string
	for _, dir := range []string{"out", "out/.weir/job/sink/run/1"} {
		found, _ := s.files.ReadDir(dir)
		for _, n := range found {
			if strings.Contains(n, ".csv") {
				names = append(names, path.Join(dir, n))
			}
		}
	}
	s.victim = names[s.Random.IntN(len(names))]
	var err error
	if s.was, err = env.ReadFile(s.files, s.victim); err == nil {
		err = s.files.Remove(s.victim)
	}
	var is []byte
	if is, s.how = spoiled(s.Random, s.was); err == nil && is != nil {
		err = env.WriteFile(s.files, s.victim, is)
	}
	if err != nil {
		s.Fatal(err)
	}
}

// spoiled returns content with damage; nil is a file that is gone.
func spoiled(random *rand.Rand, content []byte) ([]byte, string) {
	content = bytes.Clone(content)
	at := random.IntN(len(content))
	switch random.IntN(5) {
	case 0:
		return content[:at], fmt.Sprintf("cut off at %d", at)
	case 1:
		return append(content, "\n"...), "has grown"
	case 2:
		return append(content[at:], content[:at]...), fmt.Sprintf("turned round at %d", at)
	case 3:
		return nil, "gone"
	}
	content[at] ^= 1 << random.IntN(8)
	return content, fmt.Sprintf("a bit flipped at %d", at)
}

// checkNext has the next owners look and commit.
func (s *spoiling) checkNext() (refused error) {
	w := openSink(s, s.values).(stream.Witnessed).Witness(stream.CommitterContext{Env: s.env, Job: "job", Run: "run", Sink: "sink"})
	before := s.parts()
	for generation := range uint64(2) {
		foretold := w.Whole(1, []stream.Pending{s.pending})
		refused = s.own(2+generation, 0).commit(1, s.pending)
		switch {
		case (refused == nil) != (foretold == nil):
			s.Fatalf("the witness said %v, the commit says %v", foretold, refused)
		case refused == nil:
			if isTakenAway := s.how == "gone" && path.Dir(s.victim) == "out"; !isTakenAway {
				s.checkRows()
			}
			return nil
		case !errors.Is(refused, stream.ErrDamaged) || failure.ClassOf(refused) != failure.ClassFatal ||
			!strings.Contains(refused.Error(), path.Base(s.victim)):
			s.Fatalf("the commit says: %v", refused)
		}
		if after := s.parts(); !slices.Equal(after, before) {
			s.Fatalf("%q were shown, and then damage was found: %v", after, refused)
		}
	}
	return refused
}

// repair puts the file back as it was, and commits.
func (s *spoiling) repair() {
	err := removeIfThere(s.files, s.victim)
	if err == nil {
		err = env.WriteFile(s.files, s.victim, s.was)
	}
	if err := errors.Join(err, s.own(4, 0).commit(1, s.pending)); err != nil {
		s.Fatalf("the file is back: %v", err)
	}
	s.checkRows()
}

func (s *spoiling) checkRows() {
	got, want := visible(s, s.env, "out"), wantIDs(0, s.rows)
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		s.Fatalf("the rows are %q", got)
	}
}

func (s *spoiling) parts() []string {
	names, err := s.files.ReadDir("out")
	if err != nil {
		s.Fatal(err)
	}
	return names
}

// TestErrorsThatComeAgain tells errors of the file system that are worth another
// attempt from those that are not.
func TestErrorsThatComeAgain(t *testing.T) {
	pool := record.NewPool()
	for err, want := range map[error]failure.Class{
		syscall.EXDEV: failure.ClassFatal, syscall.EPERM: failure.ClassFatal, syscall.ENAMETOOLONG: failure.ClassFatal,
		syscall.EOPNOTSUPP: failure.ClassFatal, syscall.ENOTDIR: failure.ClassFatal,
		syscall.ENOSPC: failure.Unclassified, syscall.EIO: failure.Unclassified, syscall.EACCES: failure.Unclassified,
		syscall.EROFS: failure.Unclassified, syscall.EDQUOT: failure.Unclassified, syscall.ESTALE: failure.Unclassified,
	} {
		e, files := memEnv()
		o, openErr := own(t, e, "run", 1, map[string]string{"path": "out"})
		pending, writeErr := o.write(1, rowsOf(pool, 0, 3))
		if err := errors.Join(openErr, writeErr); err != nil {
			t.Fatal(err)
		}
		files.Inject(func(op memfs.Op) memfs.Outcome {
			if op.Kind == memfs.Link {
				return memfs.Outcome{Err: &fs.PathError{Op: "link", Path: op.To, Err: err}}
			}
			return memfs.Outcome{}
		})
		if got := o.commit(1, pending); failure.ClassOf(got) != want || !errors.Is(got, err) {
			t.Errorf("%v: class %q, want %q: %v", err, failure.ClassOf(got), want, got)
		}
	}
}

// TestPendingThatCannotBeRead is damage, too.
func TestPendingThatCannotBeRead(t *testing.T) {
	e, _ := memEnv()
	o, err := own(t, e, "run", 1, map[string]string{"path": "out"})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.commit(1, stream.Pending("{")); !errors.Is(err, stream.ErrDamaged) || failure.ClassOf(err) != failure.ClassFatal {
		t.Errorf("got %v", err)
	}
}
