package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A folder of jobs is served: ps lists them, stop stops one, and an interrupt all.
func TestServe(t *testing.T) {
	t.Chdir(t.TempDir())
	job := func(name string) string {
		return strings.NewReplacer("name: counts", "name: "+name, "path: out", "path: "+name).Replace(countsJob)
	}
	for name, content := range map[string]string{"jobs/a.yaml": job("first"), "jobs/b.yaml": job("second"), "jobs/c.yaml": "sauces: {}",
		"token": token} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := &running{t: t, where: make(chan string, 1), code: make(chan int, 1)}
	go func() {
		r.code <- execute([]string{"serve", "--jobs", "jobs", "--state-dir", "state", "--http", ":0", "--http-token-file", "token"}, io.Discard, r)
	}()
	var flags []string
	select {
	case url := <-r.where:
		flags = []string{"--http", url, "--http-token-file", "token"}
	case code := <-r.code:
		t.Fatalf("exit code %d: %s", code, &r.said)
	}
	listed := func(lines ...string) {
		t.Helper()
		var text string
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for range 2000 {
			code, stdout, stderr := weir(append([]string{"ps"}, flags...)...)
			if text = stdout + stderr; code != 0 {
				t.Fatalf("exit code %d: %s", code, text)
			}
			missing := 0
			for _, line := range lines {
				if !strings.Contains(strings.Join(strings.Fields(text), " "), line) {
					missing++
				}
			}
			if missing == 0 {
				return
			}
			<-tick.C
		}
		t.Fatalf("it lists\n%sand not all of %q", text, lines)
	}
	listed("first running", "second running", "c failed 0 0 jobs/c.yaml:1:1: there is no key")
	if code, stdout, stderr := weir(append([]string{"stop", "--job", "first"}, flags...)...); code != 0 || !strings.HasPrefix(stdout, "first stopped at checkpoint ") {
		t.Errorf("stop: %d %s%s", code, stdout, stderr)
	}
	listed("first stopped", "second running")
	if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if code := <-r.code; code != 0 || !strings.Contains(r.said.String(), "second: stopped\n") {
		t.Errorf("exit code %d: %s", code, &r.said)
	}
}

func TestServeFlags(t *testing.T) {
	for args, want := range map[string]string{
		"serve":                                     "serve takes a folder of job files and one for checkpoints",
		"serve --jobs a":                            "serve takes a folder of job files and one for checkpoints",
		"serve --jobs a --state-dir b c":            "serve takes no arguments",
		"serve --jobs nowhere --state-dir b":        "the folder of job files: ",
		"serve --jobs a --state-dir b --http-key k": "--http-key is for --http",
		"ps": "ps takes the address of the process",
	} {
		t.Chdir(t.TempDir())
		if code, _, stderr := weir(strings.Fields(args)...); code == 0 || !strings.Contains(stderr, want) {
			t.Errorf("weir %s: %d %s", args, code, stderr)
		}
	}
}
