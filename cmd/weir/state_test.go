package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What there is to see of a job's folder and of a savepoint, and what is not, is said.
func TestState(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("job.yaml", []byte(countsJob), 0o644); err != nil {
		t.Fatal(err)
	}
	r, flags := runInBackground(t, "job.yaml", "--state-dir", "state")
	if code, _, stderr := weir(append([]string{"stop", "--savepoint", "saved"}, flags...)...); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	<-r.code
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"state", 0, `^Checkpoint 1 of job counts\.\nstep +kind +subtasks +tables +rows +bytes\nnumbers +source +1 +0 +0 +0\nsums +operator +1 `},
		{"saved", 0, `^Savepoint of checkpoint 1 of job counts\.\n`},
		{"saved --json", 0, `"savepoint": true,\n  "committed": true,(.|\n)*"name": "sum\(n int64\)\.low",\n +"type": "int64"`},
		{"saved sums", 0, `^sums: operator, 1 subtask, \d+ rows?, \d+ bytes in 1 object\n\nsubtask +keys +objects +rows +bytes\n` +
			`0 +0000000000000000 to ffffffffffffffff +1 `},
		{"saved sums windows", 0, `^k +window +sum\(n int64\)\.low (.|\n)*\n\n\d+ rows? in all\.\n$`},
		{"saved sums --limit 1", 0, `\n\nThe first 1 row; --limit N shows more\.\n$`},
		{"saved sums --where k='key-3'", 0, `^k .*\n(key-3 .*\n)+\n\d+ rows? with k='key-3'\.\n$`},
		{"saved sums --where k='none'", 0, `^0 rows with k='none'\.\n$`},
		{"saved --verify", 0, `^Savepoint of checkpoint 1 of job counts\. 1 object, \d+ bytes: all of it is whole\.\n$`},
		{"saved nix", 1, `^weir: saved keeps nothing for a step "nix"; there are numbers, sums, out\n$`},
		{"nowhere", 1, `^weir: nowhere is not there\n$`},
		{"out", 1, `^weir: out is neither a folder of checkpoints, with one at least, nor a savepoint\n$`},
		{"", 2, `^weir: state takes a folder, a step and a table, not 0 arguments: weir state FOLDER \[STEP \[TABLE\]\]\n$`},
		{"saved --limit 3", 2, `^weir: --where and --limit are for rows of a step`},
		{"saved sums --verify", 2, `^weir: --verify reads all of the folder`},
		{"saved sums windows --json", 2, `^weir: --json is for steps and tables`},
		{"saved sums --limit 0", 2, `^weir: --limit 0 is less than 1\n$`},
	} {
		if err := os.MkdirAll("out", 0o755); err != nil {
			t.Fatal(err)
		}
		code, stdout, stderr := weir(append([]string{"state"}, strings.Fields(c.args)...)...)
		if code != c.code || !regexp.MustCompile(c.want).MatchString(stdout+stderr) {
			t.Errorf("weir state %s gives %d:\n%s%s\nand not\n%s", c.args, code, stdout, stderr, c.want)
		}
	}
	objects, err := filepath.Glob("saved/state/*")
	if err != nil || len(objects) != 1 {
		t.Fatalf("%q, %v", objects, err)
	}
	if err := os.Truncate(objects[0], 100); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := weir("state", "saved", "--verify")
	want := `^weir: damaged: 1 of 1 object\nsavepoint saved: ` + regexp.QuoteMeta(strings.TrimPrefix(objects[0], "saved/")) +
		`: damaged: 100 bytes instead of \d+\nCopy it anew from where it is whole, or use another savepoint\n$`
	if code != exitFailed || !regexp.MustCompile(want).MatchString(stderr) {
		t.Errorf("exit code %d: %s\nand not %s", code, stderr, want)
	}
}
