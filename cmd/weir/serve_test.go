package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
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
	listed("first running", "second running", "c.yaml failed 0 0 jobs/c.yaml:1:1: there is no key")
	if code, stdout, stderr := weir(append([]string{"stop", "--job", "first"}, flags...)...); code != 0 || !strings.HasPrefix(stdout, "first stopped at checkpoint ") {
		t.Errorf("stop: %d %s%s", code, stdout, stderr)
	}
	listed("first stopped", "second running")
	steered(t, job, flags)
	if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if code := <-r.code; code != 0 || !strings.Contains(r.said.String(), "second: stopped\n") {
		t.Errorf("exit code %d: %s", code, &r.said)
	}
}

// steered does with jobs what one may.
func steered(t *testing.T, job func(name string) string, flags []string) {
	t.Helper()
	if err := os.WriteFile("third.yaml", []byte(job("third")), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("wrong.yaml", []byte("name: wrong\nsauces: {}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		line string
		code int
		want string // a pattern
	}{
		{"ps --job second", 0, `(?s)^second is running, at checkpoint \d+\.\nstep .*\nout `},
		{"ps --job second --json", 0, `^{"name":"second","state":"running".*"status":{"job":"second"`},
		{"ps --job c.yaml", 0, `^c\.yaml is failed, at checkpoint 0\.\njobs/c\.yaml:1:1: there is no key "sauces"`},
		{"ps --job nowhere", 1, `no job "nowhere" runs here`},
		{"restart --job first", 0, `^first is running\.\n$`},
		{"logs --job first", 0, `(?s)Z INFO started.* INFO the job has begun.* INFO stopped\n.* INFO the job resumes from a checkpoint checkpoint=\d+ generation=2`},
		{"logs --job first --last 1 --json", 0, `^{"time":"[^\n]+","level":"INFO","msg":"[^\n]+","job":"first"[^\n]*}\n$`},
		{"submit third.yaml", 0, `^third is running\.\n$`},
		{"submit third.yaml", 1, `there is one already: third\.yaml is there, for job "third"`},
		{"submit third.yaml --replace", 0, `^third is running\.\n$`},
		{"submit wrong.yaml", 1, `wrong\.yaml:2:1: there is no key "sauces"`},
		{"submit nowhere.yaml", 2, `nowhere\.yaml: no such file`},
		{"delete --job third --state", 0, `^third is deleted\.\n$`},
		{"delete --job third", 1, `there is no such job: "third" is not the name of any here`},
		{"restart", 1, `several jobs run there; give --job with one of `},
	} {
		code, stdout, stderr := weir(append(strings.Fields(c.line), flags...)...)
		if code != c.code || !regexp.MustCompile(c.want).MatchString(stdout+stderr) {
			t.Errorf("weir %s: %d %s%s", c.line, code, stdout, stderr)
		}
	}
	for _, name := range []string{"jobs/third.yaml", "state/third", "jobs/wrong.yaml"} {
		if _, err := os.Stat(name); err == nil {
			t.Errorf("%s is there", name)
		}
	}
}

func TestServeFlags(t *testing.T) {
	for args, want := range map[string]string{
		"serve":                                     "serve takes a folder of job files and one for checkpoints",
		"serve --jobs a":                            "serve takes a folder of job files and one for checkpoints",
		"serve --jobs a --state-dir b c":            "serve takes no arguments",
		"serve --jobs nowhere --state-dir b":        "the folder of job files: ",
		"serve --jobs a --state-dir b --http-key k": "--http-key is for --http",
		"ps":                          "ps takes the address of the process",
		"logs":                        "logs takes the address of the process",
		"logs --last -2 --http :1":    "--last -2 is less than 0",
		"submit":                      "submit takes one job file, not 0",
		"submit a.yaml":               "submit takes the address of the process",
		"submit a.yaml --http :1":     "to act on a job takes the token",
		"delete --job a":              "delete takes the address of the process",
		"restart --job a --http :1 b": "restart takes no arguments",
	} {
		t.Chdir(t.TempDir())
		if code, _, stderr := weir(strings.Fields(args)...); code == 0 || !strings.Contains(stderr, want) {
			t.Errorf("weir %s: %d %s", args, code, stderr)
		}
	}
}
