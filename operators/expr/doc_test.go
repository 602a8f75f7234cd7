package expr

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryFileIsOnTheMap holds the map of files in doc.go to the files there are.
func TestEveryFileIsOnTheMap(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(doc), "// # Files")
	text, _, _ = strings.Cut(text, "// # Adding")
	unused := map[string]bool{}
	for _, line := range regexp.MustCompile(`(?m)^//\t(.+?)  `).FindAllStringSubmatch(text, -1) {
		for _, name := range strings.Split(line[1], ", ") {
			unused[name] = true
		}
	}
	files, _ := filepath.Glob("*.go")
	mapped := map[string]bool{"doc": true}
	for name := range unused {
		for _, file := range files {
			file = strings.TrimSuffix(file, ".go")
			if is, _ := path.Match(name, file); is && !strings.HasSuffix(file, "_test") {
				mapped[file] = true
				delete(unused, name)
			}
		}
	}
	for name := range unused {
		t.Errorf("no file is a %s", name)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(file, ".go"); !mapped[name] && !strings.HasSuffix(name, "_test") {
			t.Errorf("the map in doc.go lacks %s", file)
		}
	}
}
