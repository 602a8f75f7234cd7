package expr

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryFileIsOnTheMap holds the maps of files in the comments of packages to the
// files there are.
func TestEveryFileIsOnTheMap(t *testing.T) {
	for _, dir := range []string{".", "syntax", "kernel", "logic", "text", "number", "times", "nested"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		patterns := mapOf(t, dir)
		used := map[string]bool{}
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".go")
			if name == "doc" || strings.HasSuffix(name, "_test") {
				continue
			}
			at := slices.IndexFunc(patterns, func(pattern string) bool { is, _ := path.Match(pattern, name); return is })
			if at < 0 {
				t.Errorf("the map in %s/doc.go lacks %s", dir, name)
				continue
			}
			used[patterns[at]] = true
		}
		for _, pattern := range patterns {
			if !used[pattern] {
				t.Errorf("no file of %s is a %s", dir, pattern)
			}
		}
	}
}

// mapOf returns the names and patterns on the map of a package.
func mapOf(t *testing.T, dir string) (patterns []string) {
	doc, err := os.ReadFile(filepath.Join(dir, "doc.go"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(doc), "// # Files")
	text, _, _ = strings.Cut(text, "// # Adding")
	for _, line := range regexp.MustCompile(`(?m)^//\t(.+?)  `).FindAllStringSubmatch(text, -1) {
		patterns = append(patterns, strings.Split(line[1], ", ")...)
	}
	return patterns
}
