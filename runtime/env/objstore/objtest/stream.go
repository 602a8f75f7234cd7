package objtest

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env/objstore"
)

// large is longer than any piece that a store may cut streams into.
var large = strings.Repeat("0123456789abcdef", 200_000)

// pieces returns what writes a text in pieces of so many bytes.
func pieces(text string, length int) func(io.Writer) error {
	return func(w io.Writer) error {
		for len(text) > 0 {
			n, err := io.WriteString(w, text[:min(length, len(text))])
			if err != nil {
				return err
			}
			text = text[n:]
		}
		return nil
	}
}

// testRanges reads ranges at the edges of an object, of pieces, and beyond.
func testRanges(t *testing.T, s objstore.Store) {
	must(t, objstore.Stream(ctx, s, "a/large", objstore.IfFree, pieces(large, 700_001)))
	r, err := s.Open(ctx, "a/large")
	must(t, err)
	defer r.Close()
	size := int64(len(large))
	if r.Size() != size {
		t.Errorf("its size is %d", r.Size())
	}
	for _, c := range []struct{ offset, length int64 }{
		{0, 0}, {0, 1}, {0, size}, {size - 1, 1}, {1<<20 - 1, 2}, {5, 2<<20 + 3}, {size, 0},
	} {
		got := make([]byte, c.length)
		n, err := r.ReadAt(got, c.offset)
		if err != nil && err != io.EOF || int64(n) != c.length || string(got) != large[c.offset:c.offset+c.length] {
			t.Errorf("%d bytes at %d: %d bytes, error %v", c.length, c.offset, n, err)
		}
	}
	for _, c := range []struct{ offset, length, want int64 }{{size - 3, 4, 3}, {size, 1, 0}, {size + 100, 1, 0}, {1, size, size - 1}} {
		if n, err := r.ReadAt(make([]byte, c.length), c.offset); err != io.EOF || int64(n) != c.want {
			t.Errorf("%d bytes at %d: %d bytes, error %v, want %d and io.EOF", c.length, c.offset, n, err, c.want)
		}
	}
}

// testBroken breaks streams off in the middle: nothing has the name, or what had it
// before.
func testBroken(t *testing.T, s objstore.Store) {
	broken := errors.New("broken off")
	half := func(w io.Writer) error {
		_, err := io.WriteString(w, "half of")
		return errors.Join(err, broken)
	}
	for _, mode := range []objstore.Mode{objstore.Replace, objstore.IfFree} {
		if err := objstore.Stream(ctx, s, "a/b", mode, half); !errors.Is(err, broken) {
			t.Errorf("%s: the stream ended with %v", mode, err)
		}
		wantNone(t, s, "a/b")
		w, err := s.Write(ctx, "a/b", mode)
		must(t, err)
		_, err = io.WriteString(w, "never committed")
		must(t, err)
		wantNone(t, s, "a/b")
		w.Discard()
		wantNone(t, s, "a/b")
	}
	must(t, objstore.Put(ctx, s, "a/b", []byte("whole")))
	if err := objstore.Stream(ctx, s, "a/b", objstore.Replace, half); !errors.Is(err, broken) {
		t.Errorf("the stream ended with %v", err)
	}
	wantObject(t, s, "a/b", "whole")
}

// testCancelled ends the context of everything, before it begins and in the middle.
func testCancelled(t *testing.T, s objstore.Store) {
	must(t, objstore.Put(ctx, s, "a/b", []byte("whole")))
	ending, end := context.WithCancel(ctx)
	early, err := s.Write(ending, "a/new", objstore.IfFree)
	must(t, err)
	defer early.Discard()
	late, err := s.Write(ending, "a/new", objstore.Replace)
	must(t, err)
	defer late.Discard()
	_, err = io.WriteString(late, "all of it")
	must(t, err)
	r, err := s.Open(ending, "a/b")
	must(t, err)
	defer r.Close()
	end()

	_, write := io.WriteString(early, "more")
	_, read := r.ReadAt(make([]byte, 1), 0)
	_, begin := s.Write(ending, "a/c", objstore.Replace)
	_, open := s.Open(ending, "a/b")
	_, stat := s.Stat(ending, "a/b")
	_, list := s.List(ending, "a/")
	for operation, err := range map[string]error{
		"write": write, "commit": late.Commit(), "read": read, "begin": begin, "open": open, "stat": stat, "list": list,
		"delete": s.Delete(ending, "a/b"),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s gave %v", operation, err)
		}
	}
	wantNone(t, s, "a/new")
	wantObject(t, s, "a/b", "whole")
}

// testDone uses writers behind their end: they refuse, and undo nothing.
func testDone(t *testing.T, s objstore.Store) {
	w, err := s.Write(ctx, "a/b", objstore.IfFree)
	must(t, err)
	must(t, pieces("whole", 2)(w))
	must(t, w.Commit())
	if _, err := io.WriteString(w, "more"); err == nil || w.Commit() == nil {
		t.Error("a writer goes on behind its commit")
	}
	w.Discard()
	w.Discard()
	wantObject(t, s, "a/b", "whole")
	w, err = s.Write(ctx, "a/c", objstore.IfFree)
	must(t, err)
	w.Discard()
	if _, err := io.WriteString(w, "more"); err == nil || w.Commit() == nil {
		t.Error("a writer goes on behind its end")
	}
	wantNone(t, s, "a/c")
}

// testDeletedOpen deletes an object under its reader.
func testDeletedOpen(t *testing.T, s objstore.Store) {
	must(t, objstore.Put(ctx, s, "a/b", []byte("whole")))
	r, err := s.Open(ctx, "a/b")
	must(t, err)
	defer r.Close()
	must(t, s.Delete(ctx, "a/b"))
	got := make([]byte, 5)
	if _, err := r.ReadAt(got, 0); !errors.Is(err, objstore.ErrNotFound) && (err != nil && err != io.EOF || string(got) != "whole") {
		t.Errorf("read %q, error %v", got, err)
	}
}
