package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// Each link from a page of the repository to a file leads to one, and to a
// heading, to one that is there.
func TestLinks(t *testing.T) {
	links := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".md" || strings.Contains(path, "testdata") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(m[1], "://") {
				links++
				checkLink(t, path, m[1])
			}
		}
		return err
	})
	if err != nil || links < 100 {
		t.Errorf("%d links were found (%v)", links, err)
	}
}

func checkLink(t *testing.T, page, to string) {
	t.Helper()
	file, heading, _ := strings.Cut(to, "#")
	target := page
	if file != "" {
		target = filepath.Join(filepath.Dir(page), file)
	}
	if _, err := os.Stat(target); err != nil {
		t.Errorf("%s: the link %s leads nowhere", page, to)
		return
	}
	if heading == "" {
		return
	}
	text, err := os.ReadFile(target)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if title, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && line[0] == '#' && anchor(title) == heading {
			return
		}
	}
	t.Errorf("%s: the link %s leads to no heading", page, to)
}

var noAnchor = regexp.MustCompile(`[^\p{L}\p{N}_\- ]`)

// anchor is what GitHub makes of a heading.
func anchor(title string) string {
	title = noAnchor.ReplaceAllString(strings.ToLower(strings.TrimSpace(title)), "")
	return strings.ReplaceAll(title, " ", "-")
}
