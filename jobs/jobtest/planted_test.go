//go:build planted

package jobtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// timeToFind is how long the simulation may look for a planted bug.
const timeToFind = 30 * time.Second

// plant is a change of one line of the sources: a mistake that one can make
// there.
type plant struct {
	bug  string
	file string // from the root of the module
	line string // without its indentation; it stands in the file once
	// with is what the line becomes: nothing, another line or, where one is
	// added, the line and that one.
	with  string
	means string
}

// TestPlantedBugs builds the simulation with one bug at a time and has it look,
// without knowing which one it is:
//
//	go test -tags planted -run TestPlantedBugs ./jobs/jobtest
//
// It compiles for minutes, so that the tag keeps it out of go test ./... . That
// nothing is found where nothing is planted is TestSimulation itself.
func TestPlantedBugs(t *testing.T) {
	for _, p := range planted {
		t.Run(p.bug, func(t *testing.T) {
			found, err := search(p.build(t))
			if err != nil {
				t.Fatalf("%s, in %s: %v", p.means, p.file, err)
			}
			t.Logf("%s, in %s\n%s", p.means, p.file, found)
		})
	}
}

// build compiles the test of this package with the bug in it.
func (p plant) build(t *testing.T) (binary string) {
	original, err := filepath.Abs(filepath.Join("../..", p.file))
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
	if output, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("with the bug it does not compile: %v\n%s", err, output)
	}
	return inDir("planted.test")
}

// change returns the source with the bug in it.
func (p plant) change(source string) (string, error) {
	if with := strings.Split(p.with, "\n"); len(with) > 2 || len(with) == 2 && !slices.Contains(with, p.line) {
		return "", fmt.Errorf("%q is more than one line changed", p.with)
	}
	lines := strings.Split(source, "\n")
	at := -1
	for i, line := range lines {
		switch {
		case strings.TrimSpace(line) != p.line:
		case at >= 0:
			return "", fmt.Errorf("%q is both line %d and line %d; name another line", p.line, at+1, i+1)
		default:
			at = i
		}
	}
	if at < 0 {
		return "", fmt.Errorf("%q is no line of it any more; plant the bug in what has taken its place", p.line)
	}
	lines[at] = p.with
	return strings.Join(lines, "\n"), nil
}

// verdict is how the simulation begins to say what it has found. A test that
// breaks off otherwise, because it takes too long for one, has found nothing.
var verdict = regexp.MustCompile(`-seed \d+, after .*`)

// search runs the simulation until it fails, and returns how it did.
func search(binary string) (found string, err error) {
	run := exec.Command(binary, "-test.run", "^TestSimulation$", "-test.timeout", (2 * timeToFind).String())
	run.Env = append(os.Environ(), "WEIR_SIM_TIME="+timeToFind.String())
	began := time.Now()
	output, err := run.CombinedOutput()
	after := time.Since(began).Seconds()
	message := verdict.FindString(string(output))
	switch {
	case err == nil:
		return "", fmt.Errorf("not found:\n%s", output)
	case message == "":
		return "", fmt.Errorf("the simulation came to no verdict: %w\n%s", err, output)
	}
	by := "its verdict"
	switch {
	case strings.Contains(message, "panic: "):
		by = "a panic"
	case strings.Contains(message, fmt.Sprintf("within %d steps", stepLimit)):
		by = "the step limit"
	}
	return fmt.Sprintf("found after %.1f s by %s: %s", after, by, message), nil
}
