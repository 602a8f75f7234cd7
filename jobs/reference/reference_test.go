package reference_test

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/reference"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/golden"
)

var registry = builtin.Registry()

// folder holds the pages of the reference and the JSON Schema.
const folder = "../docs/reference"

// The pages in the repository are those of the declarations, and no others.
func TestPagesAreUpToDate(t *testing.T) {
	texts := reference.Markdown(reference.Pages(registry))
	for name, text := range texts {
		golden.Text(t, filepath.Join(folder, name), text)
	}
	golden.Text(t, filepath.Join(folder, "job.schema.json"), string(reference.Schema(registry)))
	files, err := filepath.Glob(filepath.Join(folder, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if _, ok := texts[filepath.Base(file)]; !ok {
			t.Errorf("%s is no page of the reference; remove it", file)
		}
	}
}

// small is a registry of few components, so that the goldens do not change with
// every connector.
func small() *component.Registry {
	r := builtin.Registry()
	r.Sources, r.Sinks, r.Formats = r.Sources[:1], r.Sinks[:2], r.Formats[:2]
	return r
}

func TestText(t *testing.T) {
	pages := reference.Pages(small())
	for _, name := range []string{"csv", "json", "window", "tumble", "idle_after", "count", "coalesce", "in", "file"} {
		found, err := reference.Find(pages, name)
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for i := range found {
			texts = append(texts, found[i].Text())
		}
		golden.Text(t, filepath.Join("testdata", name+".txt"), strings.Join(texts, "\n"))
	}
}

// Whatever is drawn for a terminal fits into it.
func TestWidth(t *testing.T) {
	pages := reference.Pages(registry)
	texts := []string{reference.List(pages)}
	for i := range pages {
		texts = append(texts, pages[i].Text())
	}
	for _, text := range texts {
		for _, line := range strings.Split(text, "\n") {
			if utf8.RuneCountInString(line) > 100 {
				t.Errorf("a line is longer than 100 characters: %s", line)
			}
		}
	}
}

// Everything is found by its name: each page, and each key.
func TestEverythingIsFound(t *testing.T) {
	pages := reference.Pages(registry)
	list := reference.List(pages)
	for _, p := range pages {
		names := append([]string{p.Name, strings.ToUpper(p.Name)}, p.Aliases...)
		for _, f := range p.Fields {
			names = append(names, f.Name)
		}
		for _, name := range names {
			if _, err := reference.Find(pages, name); err != nil {
				t.Error(err)
			}
		}
		if !strings.Contains(list, "\n  "+p.Name+" ") {
			t.Errorf("%s is not in the list", p.Name)
		}
	}
}

func TestFind(t *testing.T) {
	pages := reference.Pages(registry)
	for name, want := range map[string]string{
		"file":       "file (source), file (sink)",
		"FILE":       "file (source), file (sink)",
		"tumble":     "tumble (window)",
		"idle_after": "idle_after (key of event_time)",
		"path":       "path (key of the source file), path (key of the sink file)",
		"<=":         "= <> < <= > >= (function)",
		"decimal":    "schema (section of a source)",
		"tumbel":     `there is no component, key or function "tumbel"; did you mean "tumble"?`,
		"xyzzyxyzzy": `there is no component, key or function "xyzzyxyzzy"`,
	} {
		found, err := reference.Find(pages, name)
		var got []string
		for _, p := range found {
			got = append(got, p.Name+" ("+p.Kind+")")
		}
		text := strings.Join(got, ", ")
		if err != nil {
			text = err.Error()
		}
		if text != want {
			t.Errorf("%s: got %s, want %s", name, text, want)
		}
	}
}
