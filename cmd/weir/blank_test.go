package main

import (
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestEmptyValues gives each command and each of its flags what a shell puts in the
// place of a variable that is not set.
func TestEmptyValues(t *testing.T) {
	t.Chdir(t.TempDir())
	tried := 0
	refused := func(args []string, want string) {
		tried++
		code, stdout, stderr := weir(args...)
		if code != exitBadJob || stdout != "" || !strings.HasPrefix(stderr, "weir: "+want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("weir %q: exit code %d, printed %q, said %s", args, code, stdout, stderr)
		}
	}
	var each func(c *cobra.Command)
	each = func(c *cobra.Command) {
		path := strings.Fields(c.CommandPath())[1:]
		for _, blank := range []string{"", " \t"} {
			refused(append(path[:len(path):len(path)], "x", blank), "argument 2 of "+c.Name()+" is empty")
			c.Flags().VisitAll(func(f *pflag.Flag) {
				if strings.HasPrefix(f.Value.Type(), "string") {
					refused(append(path[:len(path):len(path)], "x", "--"+f.Name, blank), "--"+f.Name+" has an empty value")
				}
			})
		}
		for _, sub := range c.Commands() {
			each(sub)
		}
	}
	for _, c := range rootCommand().Commands() {
		each(c)
	}
	if tried < 40 {
		t.Errorf("only %d command lines were tried", tried)
	}
}

// TestEmptyVariable has paths of a job be variables that are set to nothing: nothing is
// read and nothing written.
func TestEmptyVariable(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("FOLDER", "")
	const text = `name: copy
sources:
  in: { file: { path: "${FOLDER}" }, format: csv, schema: { n: int64 } }
sinks:
  out: { file: { path: "${FOLDER}" }, format: csv }
`
	if err := os.WriteFile("job.yaml", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	const problem = "file.path: the path is empty; is a variable in it empty? The folder of the job file is written \".\""
	want := "job.yaml:3:23: " + problem + "\njob.yaml:5:24: " + problem + "\n"
	for _, command := range []string{"lint", "run"} {
		code, stdout, stderr := weir(command, "job.yaml")
		if got := stdout + stderr; code != exitBadJob || got != want {
			t.Errorf("%s: exit code %d:\n%swant\n%s", command, code, got, want)
		}
	}
	if names, err := os.ReadDir("."); err != nil || len(names) != 1 {
		t.Errorf("in the folder there are %v, %v", names, err)
	}
}
