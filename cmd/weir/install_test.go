//go:build install

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// TestInstall installs weir as a stranger does, with go install MODULE@VERSION:
// from a proxy that serves this module, and into a cache that does not hold it.
// It fails where the module needs what is not in it, or has replace directives.
//
// It compiles everything and is run by .ci/run, with the tag install.
func TestInstall(t *testing.T) {
	m := module.Version{Path: "github.com/weirstream/weir", Version: "v0.99.0"}
	proxy, bin, cache := t.TempDir(), t.TempDir(), t.TempDir()
	serveModules(t, m, proxy)
	modules := strings.TrimSpace(output(t, nil, "go", "env", "GOMODCACHE"))
	env := []string{
		"GOPROXY=file://" + proxy + ",file://" + filepath.Join(modules, "cache", "download"),
		"GOSUMDB=off", "GOFLAGS=-modcacherw -trimpath", "GOBIN=" + bin, "GOMODCACHE=" + cache, "GOWORK=off",
	}
	output(t, env, "go", "install", m.Path+"/cmd/weir@"+m.Version)
	if got := output(t, nil, filepath.Join(bin, "weir"), "version"); !strings.HasPrefix(got, "weir v0.99.0\n") {
		t.Errorf("the installed weir is\n%s", got)
	}
}

// serve writes the module as a file system that is a proxy.
func serveModules(t *testing.T, m module.Version, proxy string) {
	t.Helper()
	at := filepath.Join(proxy, m.Path, "@v")
	if err := os.MkdirAll(at, 0o755); err != nil {
		t.Fatal(err)
	}
	archive, err := os.Create(filepath.Join(at, m.Version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	if err := zip.CreateFromDir(archive, m, filepath.Join("..", "..")); err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	info := fmt.Sprintf(`{"Version":%q,"Time":%q}`, m.Version, time.Unix(0, 0).UTC().Format(time.RFC3339))
	for name, content := range map[string][]byte{m.Version + ".mod": mod, m.Version + ".info": []byte(info),
		"list": []byte(m.Version + "\n")} {
		if err := os.WriteFile(filepath.Join(at, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func output(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir, c.Env = t.TempDir(), append(os.Environ(), env...)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", c, err, out)
	}
	return string(out)
}
