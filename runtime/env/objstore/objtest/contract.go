// Package objtest is the contract of an object store as a test. Every implementation
// of [objstore.Store] stands it:
//
//	func TestContract(t *testing.T) {
//		objtest.Verify(t, func(t *testing.T) objstore.Store { return openMine(t) })
//	}
package objtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/weirstream/weir/runtime/env/objstore"
)

// Verify tests stores, each of which open opens empty.
func Verify(t *testing.T, open func(t *testing.T) objstore.Store) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, s objstore.Store)
	}{
		{"put replaces", testPut},
		{"create happens once", testCreate},
		{"list by prefix", testList},
		{"delete", testDelete},
		{"names", testNames},
		{"content is the store's own", testOwnership},
		{"one of many creates", testConcurrentCreate},
		{"ranges", testRanges},
		{"streams that break off", testBroken},
		{"a context that ends", testCancelled},
		{"a writer that is done", testDone},
		{"deleted while it is open", testDeletedOpen},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
	t.Run("writers side by side", func(t *testing.T) { testSideBySide(t, open) })
}

// ctx is that of calls that nobody cancels.
var ctx = context.Background()

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantObject(t testing.TB, s objstore.Store, name, content string) {
	t.Helper()
	got, err := objstore.Get(ctx, s, name)
	if err != nil || string(got) != content {
		t.Errorf("%s holds %q (error %v), want %q", name, got, err, content)
	}
	if size, err := s.Stat(ctx, name); err != nil || size != int64(len(content)) {
		t.Errorf("%s has %d bytes (error %v), want %d", name, size, err, len(content))
	}
}

// wantNone makes sure that nothing has a name, or is left of an attempt to give it one.
func wantNone(t testing.TB, s objstore.Store, name string) {
	t.Helper()
	if _, err := s.Stat(ctx, name); !errors.Is(err, objstore.ErrNotFound) {
		t.Errorf("stat of %s gives %v", name, err)
	}
	if _, err := s.Open(ctx, name); !errors.Is(err, objstore.ErrNotFound) {
		t.Errorf("open of %s gives %v", name, err)
	}
	if names, err := s.List(ctx, name); err != nil || len(names) > 0 {
		t.Errorf("listed are %q (error %v)", names, err)
	}
}

func testPut(t *testing.T, s objstore.Store) {
	if _, err := objstore.Get(ctx, s, "a/b"); !errors.Is(err, objstore.ErrNotFound) {
		t.Errorf("error %v before the object is there", err)
	}
	must(t, objstore.Put(ctx, s, "a/b", []byte("1")))
	wantObject(t, s, "a/b", "1")
	must(t, objstore.Put(ctx, s, "a/b", []byte("22")))
	wantObject(t, s, "a/b", "22")
	must(t, objstore.Put(ctx, s, "a/empty", nil))
	wantObject(t, s, "a/empty", "")
}

func testCreate(t *testing.T, s objstore.Store) {
	must(t, objstore.Create(ctx, s, "slots/1", []byte("mine")))
	if err := objstore.Create(ctx, s, "slots/1", []byte("yours")); !errors.Is(err, objstore.ErrExists) {
		t.Errorf("the second creation gave %v", err)
	}
	wantObject(t, s, "slots/1", "mine")
	must(t, objstore.Put(ctx, s, "slots/2", nil))
	if err := objstore.Create(ctx, s, "slots/2", nil); !errors.Is(err, objstore.ErrExists) {
		t.Errorf("a creation after a put gave %v", err)
	}
	must(t, s.Delete(ctx, "slots/1"))
	must(t, objstore.Create(ctx, s, "slots/1", []byte("again")))
	wantObject(t, s, "slots/1", "again")
}

func testList(t *testing.T, s objstore.Store) {
	for _, name := range []string{"b", "a/2", "a/10", "ab/1", "a/c/d", "a-b"} {
		must(t, objstore.Put(ctx, s, name, nil))
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
		got, err := s.List(ctx, prefix)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("List(%q) = %q (error %v), want %q", prefix, got, err, want)
		}
	}
}

func testDelete(t *testing.T, s objstore.Store) {
	must(t, objstore.Put(ctx, s, "a/b", nil))
	must(t, s.Delete(ctx, "a/b"))
	if _, err := objstore.Get(ctx, s, "a/b"); !errors.Is(err, objstore.ErrNotFound) {
		t.Errorf("error %v after the deletion", err)
	}
	must(t, s.Delete(ctx, "a/b"))
	must(t, s.Delete(ctx, "never/was"))
}

func testNames(t *testing.T, s objstore.Store) {
	for _, name := range []string{"", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", ".aside/1", "a/.b"} {
		if objstore.Put(ctx, s, name, nil) == nil || objstore.Create(ctx, s, name, nil) == nil || s.Delete(ctx, name) == nil {
			t.Errorf("name %q was taken", name)
		}
		if _, err := objstore.Get(ctx, s, name); err == nil || errors.Is(err, objstore.ErrNotFound) {
			t.Errorf("Get(%q) gave %v", name, err)
		}
	}
}

func testOwnership(t *testing.T, s objstore.Store) {
	content := []byte("before")
	must(t, objstore.Put(ctx, s, "a", content))
	copy(content, "after!")
	got, err := objstore.Get(ctx, s, "a")
	must(t, err)
	copy(got, "abused")
	wantObject(t, s, "a", "before")
}

func testConcurrentCreate(t *testing.T, s objstore.Store) {
	var wins atomic.Int32
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			err := objstore.Create(ctx, s, "slots/1", fmt.Append(nil, i))
			switch {
			case err == nil:
				wins.Add(1)
			case !errors.Is(err, objstore.ErrExists):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if wins.Load() != 1 {
		t.Errorf("%d creations succeeded", wins.Load())
	}
}
