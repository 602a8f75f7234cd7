package env_test

import (
	"bytes"
	"io"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
)

// nowFile is a file of the operating system that can tell what is in memory.
func nowFile(t *testing.T, content []byte) (env.NowReader, io.ReaderAt) {
	t.Helper()
	name := t.TempDir() + "/file"
	if err := env.WriteFile(env.OS{}, name, content); err != nil {
		t.Fatal(err)
	}
	f, err := env.OS{}.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	now, ok := f.(env.NowReader)
	if !ok {
		if runtime.GOOS == "linux" {
			t.Fatalf("%T is not a NowReader", f)
		}
		t.Skipf("files of %s cannot tell what is in memory", runtime.GOOS)
	}
	return now, f.(io.ReaderAt)
}

// TestReadNow: what is read now is what is there; and past the end there is nothing to read.
func TestReadNow(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcde"), 20_000)
	now, file := nowFile(t, content)
	var readers sync.WaitGroup
	for first := range 4 {
		readers.Go(func() {
			b := make([]byte, 5000)
			for at := first * 1000; at+len(b) <= len(content); at += 4321 {
				clear(b)
				if !now.ReadNow(b, int64(at)) {
					if _, err := file.ReadAt(b, int64(at)); err != nil {
						t.Error(err)
					}
				}
				if !slices.Equal(b, content[at:at+len(b)]) {
					t.Errorf("at %d: read something else", at)
				}
			}
		})
	}
	readers.Wait()
	for _, at := range []int{len(content) - 4999, len(content), len(content) + 1<<20, -1} {
		if now.ReadNow(make([]byte, 5000), int64(at)) {
			t.Errorf("5000 bytes are read at %d of %d", at, len(content))
		}
	}
	if !now.ReadNow(nil, 5) {
		t.Error("nothing cannot be read at once")
	}
}

// TestSimulationHasNoNow: what is in memory and what is not may not decide what is done
// first where runs are to be the same each time.
func TestSimulationHasNoNow(t *testing.T) {
	files := memfs.New()
	if err := env.WriteFile(files, "file", []byte("content")); err != nil {
		t.Fatal(err)
	}
	f, err := files.Open("file")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := f.(env.NowReader); ok {
		t.Errorf("%T is a NowReader", f)
	}
}
