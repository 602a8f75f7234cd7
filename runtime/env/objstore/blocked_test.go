package objstore

import (
	"errors"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/trial"
)

// TestBlocked puts things of another kind where a store has its objects and their
// folders. Each operation that meets one says at once what to move away; none
// waits, and none takes it for an object.
func TestBlocked(t *testing.T) {
	systems := map[string]func() (env.FS, string){
		"memory":               func() (env.FS, string) { return memfs.New(), "some/where" },
		"the operating system": func() (env.FS, string) { return env.OS{}, t.TempDir() + "/some/where" },
	}
	for system, open := range systems {
		for kind, place := range obstacles {
			t.Run(system+"/"+kind, func(t *testing.T) {
				defer trial.Guard(t, func() string { return "an operation waits" })()
				files, root := open()
				for _, at := range []string{root, root + "/" + Aside, root + "/things", root + "/things/one"} {
					testBlocked(t, files, root, at, place)
					must(t, env.RemoveAll(files, path.Dir(root)))
				}
			})
		}
	}
}

// obstacles place things at a path; they report whether they could. A file is none
// where an object may be, nor a folder where one has to be.
var obstacles = map[string]func(t *testing.T, files env.FS, at string, isObject bool) bool{
	"a file": func(t *testing.T, files env.FS, at string, isObject bool) bool {
		if !isObject {
			must(t, env.WriteFile(files, at, nil))
		}
		return !isObject
	},
	"an empty folder": func(t *testing.T, files env.FS, at string, isObject bool) bool {
		if isObject {
			must(t, files.MkdirAll(at))
		}
		return isObject
	},
	"a folder": func(t *testing.T, files env.FS, at string, isObject bool) bool {
		if isObject {
			must(t, files.MkdirAll(at))
			must(t, env.WriteFile(files, at+"/notes", nil))
		}
		return isObject
	},
	"a pipe": func(t *testing.T, files env.FS, at string, isObject bool) bool {
		_, real := files.(env.OS)
		return real && exec.Command("mkfifo", at).Run() == nil
	},
}

func testBlocked(t *testing.T, files env.FS, root, at string, place func(*testing.T, env.FS, string, bool) bool) {
	must(t, files.MkdirAll(path.Dir(at)))
	const object = "things/one"
	isObject := at == root+"/"+object
	if !place(t, files, at, isObject) {
		return
	}
	blocked := func(operation string, err error) {
		t.Helper()
		if !errors.Is(err, ErrBlocked) || failure.ClassOf(err) != failure.ClassFatal || !strings.Contains(err.Error(), at) ||
			!strings.Contains(err.Error(), "move it away") {
			t.Errorf("%s, with something else at %s: %v", operation, at, err)
		}
	}
	d, err := OpenDir(files, root)
	if at == root || path.Base(at) == Aside {
		blocked("open", err)
		return
	}
	must(t, err)
	_, err = Get(ctx, d, object)
	blocked("get", err)
	names, err := d.List(ctx, "things/")
	switch created := Create(ctx, d, object, nil); {
	case !isObject:
		blocked("list", err)
		blocked("create", created)
		blocked("put", Put(ctx, d, object, nil))
	case err != nil || !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, object) }):
		t.Errorf("with something else at %s list gives %q, %v", at, names, err)
	case !errors.Is(created, ErrExists):
		t.Errorf("with something else at %s create gives %v", at, created)
	}
	must(t, Put(ctx, d, "other", []byte("whole")))
	wantObject(t, d, "other", "whole")
}

// TestFolderAside has somebody make folders in .aside, named like the numbers of
// stores: each opens all the same, and leaves them alone.
func TestFolderAside(t *testing.T) {
	files := memfs.New()
	for range 3 {
		d := openDir(t, files, "store")
		must(t, Put(ctx, d, "a", nil))
		must(t, d.Sweep(ctx))
		next := d.aside.numberFile(d.aside.current() + 1)
		must(t, files.MkdirAll(next))
		must(t, env.WriteFile(files, next+"/notes", nil))
	}
}
