package memfs

import (
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/trial"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// write makes a file that is not synced.
func write(t *testing.T, files *FS, name, content string) env.File {
	t.Helper()
	f, err := files.Create(name)
	must(t, err)
	_, err = io.WriteString(f, content)
	must(t, err)
	return f
}

// tree draws every file as "name=content", every empty directory as "name/".
func tree(t *testing.T, files *FS, dir string) string {
	t.Helper()
	names, err := files.ReadDir(dir)
	must(t, err)
	var all []string
	for _, n := range names {
		full := strings.TrimPrefix(dir+"/"+n, "/")
		if sub, isDir := strings.CutSuffix(full, "/"); isDir {
			all = append(all, sub+"/")
			if below := tree(t, files, sub); below != "" {
				all = append(all, below)
			}
			continue
		}
		content, err := env.ReadFile(files, full)
		must(t, err)
		all = append(all, full+"="+string(content))
	}
	return strings.Join(all, " ")
}

// TestCrash says, for short programs, every tree that a power cut may leave. All
// of them must come up, and no other.
func TestCrash(t *testing.T) {
	tests := []struct {
		name    string
		program func(t *testing.T, f *FS)
		want    []string
	}{
		{"nothing is synced", func(t *testing.T, f *FS) { write(t, f, "a", "x") },
			[]string{"", "a=", "a=\x00", "a=x"}},
		{"content without its name", func(t *testing.T, f *FS) { must(t, write(t, f, "a", "x").Sync()) },
			[]string{"", "a=x"}},
		{"name without its content", func(t *testing.T, f *FS) {
			write(t, f, "a", "x")
			must(t, f.SyncDir("."))
		}, []string{"a=", "a=\x00", "a=x"}},
		{"both", func(t *testing.T, f *FS) {
			must(t, env.WriteFile(f, "a", []byte("x")))
			must(t, f.SyncDir("."))
		}, []string{"a=x"}},
		{"two names come independently", func(t *testing.T, f *FS) {
			must(t, env.WriteFile(f, "a", nil))
			must(t, env.WriteFile(f, "b", nil))
		}, []string{"", "a=", "b=", "a= b="}},
		{"a synced directory that is not durable itself", func(t *testing.T, f *FS) {
			must(t, f.MkdirAll("d"))
			must(t, env.WriteFile(f, "d/a", []byte("x")))
			must(t, f.SyncDir("d"))
		}, []string{"", "d/ d/a=x"}},
		{"a rename never loses the file", func(t *testing.T, f *FS) {
			must(t, env.WriteFile(f, "a", []byte("x")))
			must(t, f.SyncDir("."))
			must(t, f.Rename("a", "b"))
		}, []string{"a=x", "a=x b=x", "b=x"}},
		{"a rename replaces whole files", func(t *testing.T, f *FS) {
			must(t, env.WriteFile(f, "a", []byte("new")))
			must(t, env.WriteFile(f, "b", []byte("old")))
			must(t, f.SyncDir("."))
			must(t, f.Rename("a", "b"))
			must(t, f.SyncDir("."))
		}, []string{"b=new"}},
		{"a rename is durable once either directory is synced", func(t *testing.T, f *FS) {
			must(t, f.MkdirAll("d"))
			must(t, f.SyncDir("."))
			must(t, env.WriteFile(f, "d/a", []byte("x")))
			must(t, f.SyncDir("d"))
			must(t, f.Rename("d/a", "b"))
			must(t, f.SyncDir("d"))
		}, []string{"b=x d/"}},
		{"a removal may be undone", func(t *testing.T, f *FS) {
			must(t, env.WriteFile(f, "a", []byte("x")))
			must(t, f.SyncDir("."))
			must(t, f.Remove("a"))
		}, []string{"", "a=x"}},
		{"what was written after a sync is in danger", func(t *testing.T, f *FS) {
			file := write(t, f, "a", "x")
			must(t, file.Sync())
			must(t, f.SyncDir("."))
			_, err := io.WriteString(file, "y")
			must(t, err)
		}, []string{"a=x", "a=x\x00", "a=xy"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := New()
			test.program(t, files)
			before := tree(t, files, "")
			found := map[string]bool{}
			whole := trial.Run(t, 200, func(c *trial.Case) {
				// A killed process loses nothing, a power cut behind it all the same.
				after := tree(t, files.Clone().CrashClone(c.Random), "")
				if !slices.Contains(test.want, after) {
					c.Fatalf("a power cut left %q, which cannot be; it may leave %q", after, test.want)
				}
				found[after] = true
			})
			for _, want := range test.want {
				if whole && !found[want] {
					t.Errorf("no power cut left %q", want)
				}
			}
			if after := tree(t, files.Clone(), ""); after != before {
				t.Errorf("a killed process left %q instead of %q", after, before)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	fail := errors.New("fault")
	tests := []struct {
		name    string
		kind    Kind
		outcome Outcome
		run     func(f *FS) error
		want    string
	}{
		{"before the effect", Create, Outcome{Err: fail}, func(f *FS) error { return env.WriteFile(f, "a", nil) }, ""},
		{"the reply is lost", Create, Outcome{Err: fail, After: true}, func(f *FS) error { return env.WriteFile(f, "a", nil) }, "a="},
		{"a full disk", Write, Outcome{Err: syscall.ENOSPC, Written: 2},
			func(f *FS) error { return env.WriteFile(f, "a", []byte("xyz")) }, "a=xy"},
		{"a link", Link, Outcome{Err: fail, After: true}, func(f *FS) error {
			if err := env.WriteFile(f, "a", nil); err != nil {
				return err
			}
			return f.Link("a", "b")
		}, "a= b="},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := New()
			files.Inject(func(op Op) Outcome {
				if op.Kind == test.kind {
					return test.outcome
				}
				return Outcome{}
			})
			if err := test.run(files); !errors.Is(err, test.outcome.Err) {
				t.Errorf("error %v, want %v", err, test.outcome.Err)
			}
			files.Inject(nil)
			if got := tree(t, files, ""); got != test.want {
				t.Errorf("left %q, want %q", got, test.want)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	files := New()
	must(t, env.WriteFile(files, "a", []byte("x")))
	must(t, files.MkdirAll("d/e"))
	opened, err := files.Open("a")
	must(t, err)
	must(t, opened.Close())
	_, createErr := files.Create("a")
	_, missingErr := files.Open("b")
	_, nowhereErr := files.Create("nowhere/a")
	_, writeErr := opened.Write(nil)
	tests := []struct {
		name      string
		got, want error
	}{
		{"create what is there", createErr, fs.ErrExist},
		{"open what is missing", missingErr, fs.ErrNotExist},
		{"create in a missing directory", nowhereErr, fs.ErrNotExist},
		{"link over a name", files.Link("a", "d"), fs.ErrExist},
		{"link from nothing", files.Link("b", "c"), fs.ErrNotExist},
		{"rename from nothing", files.Rename("b", "c"), fs.ErrNotExist},
		{"rename over a directory", files.Rename("a", "d"), fs.ErrExist},
		{"remove what is missing", files.Remove("b"), fs.ErrNotExist},
		{"remove a directory in use", files.Remove("d"), syscall.ENOTEMPTY},
		{"a directory below a file", files.MkdirAll("a/b"), syscall.ENOTDIR},
		{"list a file", files.SyncDir("a"), syscall.ENOTDIR},
		{"use after close", writeErr, fs.ErrClosed},
		{"close twice", opened.Close(), fs.ErrClosed},
	}
	for _, test := range tests {
		if !errors.Is(test.got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, test.got, test.want)
		}
	}
}

// TestLog shows what a durability protocol reads like.
func TestLog(t *testing.T) {
	files := New()
	files.StartLog()
	must(t, env.WriteFile(files, "a", []byte("xyz")))
	must(t, files.Link("a", "b"))
	must(t, files.SyncDir("."))
	if _, err := env.ReadFile(files, "a"); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, op := range files.TakeLog() {
		got = append(got, op.String())
	}
	want := []string{"create a", "write a (3 bytes)", "sync a", "link a -> b", "syncdir ."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if more := files.TakeLog(); len(more) != 0 {
		t.Errorf("the log was not taken: %v", more)
	}
}

// TestSharedContent: a clone goes its own way.
func TestSharedContent(t *testing.T) {
	files := New()
	file := write(t, files, "a", "x")
	clone := files.Clone()
	_, err := io.WriteString(file, "y")
	must(t, err)
	must(t, clone.Rename("a", "b"))
	if got := tree(t, files, ""); got != "a=xy" {
		t.Errorf("original holds %q", got)
	}
	if got := tree(t, clone, ""); got != "b=x" {
		t.Errorf("clone holds %q", got)
	}
}

// TestSeek: files read at any offset, as those of the operating system do.
func TestSeek(t *testing.T) {
	files := New()
	must(t, env.WriteFile(files, "a", []byte("0123456789")))
	f, err := files.Open("a")
	must(t, err)
	if _, err := f.(io.Seeker).Seek(-3, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(f)
	must(t, err)
	if string(rest) != "789" {
		t.Errorf("read %q behind the seek", rest)
	}
	part := make([]byte, 4)
	if n, err := f.(io.ReaderAt).ReadAt(part, 2); n != 4 || err != nil || string(part) != "2345" {
		t.Errorf("ReadAt gave %q, %v", part[:n], err)
	}
}
