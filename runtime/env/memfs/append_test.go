package memfs

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"syscall"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/trial"
)

// growing is a file that is appended to, beside a plain account of what a power cut may leave.
type growing struct {
	c     *trial.Case
	files *FS
	file  env.AppendFile
	now   []byte
	were  [][]byte // since the last Sync, before each Truncate
	ends  []int    // of the writes that are not synced
	floor int      // now[:floor] is synced
}

func (g *growing) must(err error) {
	if err != nil {
		g.c.Fatal(err)
	}
}

// act does something drawn with the file.
func (g *growing) act() {
	switch g.c.Random.IntN(8) {
	default:
		b := bytes.Repeat([]byte{byte(1 + g.c.Random.IntN(9))}, 1+g.c.Random.IntN(900))
		_, err := g.file.Write(b)
		g.must(err)
		g.now = append(slices.Clip(g.now), b...)
		g.ends = append(g.ends, len(g.now))
	case 0:
		g.must(g.file.Sync())
		g.were, g.ends, g.floor = nil, nil, len(g.now)
	case 1:
		to := g.c.Random.IntN(len(g.now) + 1)
		g.must(g.file.Truncate(int64(to)))
		g.were, g.now, g.floor = append(g.were, g.now), g.now[:to], min(g.floor, to)
	case 2:
		g.must(g.file.Close())
		g.open()
	case 3: // the process is killed
		g.files = g.files.Clone()
		g.open()
	}
}

func (g *growing) open() {
	var err error
	g.file, err = g.files.Append("log")
	g.must(err)
}

// check looks at what a power cut left, and returns what there is to be said of it.
func (g *growing) check(left []byte) (seen []string) {
	longest := len(g.now)
	for _, was := range g.were {
		longest = max(longest, len(was))
	}
	if len(left) < g.floor || len(left) > longest || !bytes.Equal(left[:g.floor], g.now[:g.floor]) {
		g.c.Errorf("of %d bytes, %d of them synced, a power cut left %d, or others", len(g.now), g.floor, len(left))
	}
	if len(g.were) > 0 {
		if len(left) > len(g.now) {
			seen = append(seen, "a truncate undone")
		}
		return seen
	}
	same := 0
	for same < len(left) && left[same] == g.now[same] {
		same++
	}
	switch rest := left[same:]; {
	case same == len(g.now):
		seen = append(seen, "all kept")
	case len(left) == g.floor:
		seen = append(seen, "the tail lost")
	case len(rest) == 0 && !slices.Contains(g.ends, same):
		seen = append(seen, "a write torn")
	case len(rest) > 0 && len(bytes.Trim(rest, "\x00")) == 0:
		seen = append(seen, "zeros behind it")
	case slices.ContainsFunc(rest, func(b byte) bool { return b > 9 }):
		seen = append(seen, "garbage behind it")
	}
	return seen
}

// TestAppendedFilesLosePower: what was synced is kept, and of all that may become of the rest
// each comes up.
func TestAppendedFilesLosePower(t *testing.T) {
	found := map[string]bool{}
	whole := trial.Run(t, 200, func(c *trial.Case) {
		g := &growing{c: c, files: New()}
		g.open()
		g.must(g.files.SyncDir("."))
		for range 60 {
			g.act()
			cut := g.files.CrashClone(c.Random)
			left, err := env.ReadFile(cut, "log")
			g.must(err)
			for _, what := range g.check(left) {
				found[what] = true
			}
			if c.Random.IntN(10) == 0 { // go on behind the power cut
				g.files, g.now, g.were, g.ends, g.floor = cut, left, nil, nil, len(left)
				g.open()
			}
			if now, err := env.ReadFile(g.files, "log"); err != nil || !bytes.Equal(now, g.now) {
				c.Fatalf("the file has %d bytes, or others, and not %d: %v", len(now), len(g.now), err)
			}
		}
	})
	for _, what := range []string{"all kept", "the tail lost", "a write torn", "zeros behind it", "garbage behind it", "a truncate undone"} {
		if whole && !found[what] {
			t.Errorf("no power cut left %s", what)
		}
	}
}

// TestCutOffContent: what is written where a file was cut off leaves clones alone.
func TestCutOffContent(t *testing.T) {
	files := New()
	f, err := files.Append("a")
	must(t, err)
	_, err = io.WriteString(f, "abc")
	must(t, err)
	clone := files.Clone()
	must(t, f.Truncate(1))
	_, err = io.WriteString(f, "x")
	must(t, err)
	if got := tree(t, clone, "") + " " + tree(t, files, ""); got != "a=abc a=ax" {
		t.Errorf("the clone and the original hold %s", got)
	}
}

// TestKilledProcessesLockNothing: a lock ends with its process, and with the machine.
func TestKilledProcessesLockNothing(t *testing.T) {
	files := New()
	must(t, files.MkdirAll("d"))
	a, b := files.Process(), files.Process()
	locked := func(f env.FS) bool {
		l, err := f.Lock("d")
		if err == nil {
			must(t, l.Close())
		} else if !errors.As(err, new(*env.LockedError)) {
			t.Fatal(err)
		}
		return err != nil
	}
	first, err := a.Lock("d")
	must(t, err)
	if !locked(b) {
		t.Error("two processes have the folder")
	}
	if locked(files.Clone()) {
		t.Error("a machine that was started again has the lock")
	}
	must(t, first.Close())
	second, err := b.Lock("d")
	must(t, err)
	a.Kill() // its lock is closed, and not the other's
	if !locked(a) {
		t.Error("a process that ended took the lock of another away")
	}
	b.Kill()
	if locked(a) {
		t.Error("a killed process has the lock")
	}
	if err := second.Close(); err == nil {
		t.Error("the lock of a killed process can be closed")
	}
}

// TestLimit: a disk that is full takes what it has room for.
func TestLimit(t *testing.T) {
	files := New()
	if _, _, err := files.Space("."); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a disk without end: %v", err)
	}
	files.Limit(10)
	f, err := files.Append("a")
	must(t, err)
	_, err = io.WriteString(f, "123456")
	must(t, err)
	if free, total, err := files.Space("."); free != 4 || total != 10 || err != nil {
		t.Errorf("%d of %d are free: %v", free, total, err)
	}
	if n, err := io.WriteString(f, "789abc"); n != 4 || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%d are written: %v", n, err)
	}
	must(t, f.Truncate(1))
	if free, _, err := files.Clone().Space("."); free != 9 || err != nil {
		t.Errorf("%d are free: %v", free, err)
	}
}
