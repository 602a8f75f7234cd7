//go:build planted

package jobtest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A test may look for a planted bug among so many times its usual cases, and for
// so long.
const (
	trials     = 20
	timeToFind = 5 * time.Minute
)

var simulation = finder{"jobs/jobtest", "TestSimulation"}

// TestPlantedBugs builds the test that is to find it with one bug at a time, and
// has it look:
//
//	go test -tags planted -run TestPlantedBugs ./jobs/jobtest
//
// It compiles for minutes, so that the tag keeps it out of go test ./... . That
// nothing is found where nothing is planted is the tests themselves.
//
// WEIR_PLANTS=2/3 leaves out all but each third, from the second on.
func TestPlantedBugs(t *testing.T) {
	which, of := 1, 1
	if part := os.Getenv("WEIR_PLANTS"); part != "" {
		if n, _ := fmt.Sscanf(part, "%d/%d", &which, &of); n < 2 || which < 1 || which > of {
			t.Fatalf("WEIR_PLANTS=%s is no part, such as 2/3", part)
		}
	}
	for i, p := range planted {
		if i%of != which-1 {
			continue
		}
		t.Run(p.bug, func(t *testing.T) {
			if p.by == (finder{}) {
				p.by = simulation
			}
			found, err := p.by.search(p.build(t))
			if err != nil {
				t.Fatalf("%s, in %s: %v", p.means, p.file, err)
			}
			t.Logf("%s, in %s\n%s", p.means, p.file, found)
		})
	}
}

// build compiles the tests of the finder's package with the bug in it.
func (p plant) build(t *testing.T) (binary string) {
	original, err := filepath.Abs(filepath.Join(root, p.file))
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(original)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := p.change(string(source))
	if err != nil {
		t.Fatalf("%s: %v", p.file, err)
	}
	dir := t.TempDir()
	inDir := func(name string) string { return filepath.Join(dir, name) }
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{original: inDir("changed.go")}})
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(
		os.WriteFile(inDir("changed.go"), []byte(changed), 0o600),
		os.WriteFile(inDir("overlay.json"), overlay, 0o600))
	if err != nil {
		t.Fatal(err)
	}
	compile := exec.Command("go", "test", "-c", "-o", inDir("planted.test"), "-overlay", inDir("overlay.json"), ".")
	compile.Dir = filepath.Join(root, p.by.dir)
	if output, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("with the bug it does not compile: %v\n%s", err, output)
	}
	return inDir("planted.test")
}

// verdict is how a test begins to say what it has found: that a case is wrong, or
// that one hangs; else it names the case that broke off. A test that breaks off
// without naming one has found nothing.
var (
	verdict = regexp.MustCompile(`(?m)^\s+\w+\.go:\d+: .*|^.* hangs: no end after .*`)
	brokeIn = regexp.MustCompile(`(?m)^\s+--- FAIL: \w+/.*`)
)

// search runs the test until it fails, and returns how it did.
func (f finder) search(binary string) (found string, err error) {
	run := exec.Command(binary, "-test.run", "^"+f.test+"$", "-test.timeout", timeToFind.String())
	run.Dir = filepath.Join(root, f.dir)
	run.Env = append(os.Environ(), "WEIR_TRIALS="+fmt.Sprint(trials))
	began := time.Now()
	output, err := run.CombinedOutput()
	after := time.Since(began).Seconds()
	message := cmp.Or(verdict.FindString(string(output)), brokeIn.FindString(string(output)))
	switch {
	case err == nil:
		return "", fmt.Errorf("not found by %s in %s:\n%s", f.test, f.dir, output)
	case message == "":
		return "", fmt.Errorf("%s came to no verdict: %w\n%s", f.test, err, output)
	}
	return fmt.Sprintf("found after %.1f s by %s in %s: %s", after, f.test, f.dir, strings.TrimSpace(message)), nil
}
