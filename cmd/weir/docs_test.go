package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/docs"
	"github.com/weirstream/weir/runtime/golden"
)

// The pages' commands call weir by its name; a link of that name to the test
// binary is weir.
func init() {
	if filepath.Base(os.Args[0]) == "weir" {
		main()
	}
}

const repository = "../.."

// pages are the pages whose commands are run, each with the folder of the
// repository that it speaks of.
func pages(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(repository, "jobs/docs/*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no pages (%v)", err)
	}
	folders := map[string]string{filepath.Join(repository, "README.md"): "."}
	for _, file := range files {
		folders[file] = "jobs/examples"
	}
	return folders
}

// Each command of README and the pages in jobs/docs is run, in a copy of the
// examples, and prints what the page shows.
func TestDocsRun(t *testing.T) {
	for file, folder := range pages(t) {
		t.Run(strings.TrimPrefix(file, repository+"/"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := newSession(t, folder)
			page := s.run(string(text))
			if golden.Rewriting() {
				if err := os.WriteFile(file, []byte(page), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// session is a shell in a copy of the repository's examples.
type session struct {
	t      *testing.T
	folder string
	path   string
}

func newSession(t *testing.T, folder string) *session {
	t.Helper()
	root, bin := t.TempDir(), t.TempDir()
	s := &session{t: t, folder: filepath.Join(root, folder), path: bin + ":" + os.Getenv("PATH")}
	for _, pattern := range []string{"*.yaml", "data/*"} {
		files, err := filepath.Glob(filepath.Join(repository, "jobs/examples", pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("there are no examples (%v)", err)
		}
		for _, file := range files {
			s.copy(file, filepath.Join(root, "jobs/examples", filepath.Dir(pattern), filepath.Base(file)))
		}
	}
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, filepath.Join(bin, "weir"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *session) copy(from, to string) {
	content, err := os.ReadFile(from)
	if err != nil {
		s.t.Fatal(err)
	}
	s.write(to, content)
}

func (s *session) write(name string, content []byte) {
	s.t.Helper()
	err := os.MkdirAll(filepath.Dir(name), 0o777)
	if err == nil {
		err = os.WriteFile(name, content, 0o666)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// indented finds the commands that a page shows without a fence: weir's.
var indented = regexp.MustCompile(`(?m)^    (?:go run \./cmd/weir|weir) (.+)$`)

// run runs the commands of a page and returns the page with what they print.
func (s *session) run(page string) string {
	now := page
	for _, at := range indented.FindAllStringSubmatchIndex(page, -1) {
		s.runIndented(page[at[2]:at[3]], page[at[1]:])
	}
	for _, b := range docs.Blocks(page) {
		switch {
		case b.Language == "yaml" && b.File() != "":
			s.write(filepath.Join(s.folder, b.File()), []byte(b.Text))
		case b.Language == "sh":
			if code, _, stderr := s.shell(b.Text); code != 0 {
				s.t.Errorf("line %d: the commands fail: %s", b.Line, stderr)
			}
		case b.Language == "console":
			now = strings.Replace(now, b.Text, s.runBlock(b), 1)
		}
	}
	return now
}

// runBlock runs the commands of a block and returns it with what they print.
func (s *session) runBlock(b docs.Block) string {
	var now strings.Builder
	for _, c := range b.Commands() {
		code, stdout, stderr := s.shell(c.Text)
		if code != 0 {
			stdout = stderr
		}
		if !golden.Rewriting() && !matches(stdout, c.Printed) {
			s.t.Errorf("line %d: %s prints (exit code %d)\n%s\nand not\n%s", c.Line, c.Text, code, stdout, c.Printed)
		}
		if strings.Contains(c.Printed, elision) {
			stdout = c.Printed
		}
		now.WriteString("$ " + c.Text + "\n" + stdout)
	}
	return now.String()
}

// runIndented runs a command of weir and compares what it prints with what the
// page shows behind it.
func (s *session) runIndented(arguments, rest string) {
	code, stdout, stderr := s.shell("weir " + arguments)
	if code != 0 {
		s.t.Errorf("weir %s: exit code %d: %s", arguments, code, stderr)
	}
	if text, ok := shownBehind(rest); ok && text != stdout {
		s.t.Errorf("weir %s prints\n%s\nand not\n%s", arguments, stdout, text)
	}
}

// shownBehind returns the text block behind an indented command, if it is the
// first thing that is shown there.
func shownBehind(rest string) (string, bool) {
	before, block, _ := strings.Cut(rest, "```")
	text, isText := strings.CutPrefix(block, "text\n")
	if !isText || strings.Contains(before, "\n## ") || indented.MatchString(before) {
		return "", false
	}
	text, _, _ = strings.Cut(text, "```")
	return text, true
}

func (s *session) shell(text string) (code int, stdout, stderr string) {
	s.t.Helper()
	c := exec.Command("bash", "-eu", "-o", "pipefail", "-c", text)
	c.Dir = s.folder
	c.Env = append(os.Environ(), "PATH="+s.path, "LC_ALL=C")
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), out.String(), errs.String()
}

// elision stands for any lines.
const elision = "…\n"

// matches reports whether a text is what a page shows.
func matches(text, shown string) bool {
	before, after, elided := strings.Cut(shown, elision)
	if !elided {
		return text == shown
	}
	return strings.HasPrefix(text, before) && strings.HasSuffix(text[len(before):], after)
}
