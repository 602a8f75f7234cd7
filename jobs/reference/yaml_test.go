package reference_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/jobs/docs"
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/runtime/component"
)

// markdown returns the Markdown pages of the repository by their paths.
func markdown(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git") {
			return errOrSkip(err)
		}
		if d.IsDir() || filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		pages[path] = string(text)
		return err
	})
	if err != nil || len(pages) < 10 {
		t.Fatalf("%d pages were found (%v)", len(pages), err)
	}
	return pages
}

func errOrSkip(err error) error {
	if err != nil {
		return err
	}
	return fs.SkipDir
}

// Each YAML block of each page in the repository is a job that has no problems
// and that the schema accepts, or a piece of one.
func TestYAMLInPages(t *testing.T) {
	s := validator(t)
	whole, pieces := 0, 0
	for path, page := range markdown(t) {
		for _, b := range docs.Blocks(page) {
			if b.Language != "yaml" {
				continue
			}
			at := fmt.Sprintf("%s:%d", path, b.Line)
			below := strings.Repeat("\n", b.Line-2) // so that places are those in the page
			d, problems := document.Parse(path, append([]byte(below), wrapped(b.Text)...), document.Options{})
			if problems != nil {
				t.Errorf("%v", problems)
				continue
			}
			root := d.Root.Get("block")
			if root.Get("sources") == nil || root.Get("sinks") == nil {
				pieces++
				if err := isPiece(root); err != nil {
					t.Errorf("%s: this is no job, which has sources and sinks, and no piece of one: %v", at, err)
				}
				continue
			}
			whole++
			if err := lint(b.Text); err != nil {
				t.Errorf("%s: %v", at, err)
			}
			if err := validate(s, b.Text); err != nil {
				t.Errorf("%s: %v", at, err)
			}
		}
	}
	if whole < 2 || pieces < 10 {
		t.Errorf("only %d jobs and %d pieces were found", whole, pieces)
	}
}

// wrapped makes a map of a block, which may be a list.
func wrapped(text string) []byte {
	return []byte("block:\n  " + strings.ReplaceAll(text, "\n", "\n  "))
}

// isPiece reports whether a node is a piece of a job: some keys of a section, one
// or several parts by their ids, or a list of steps.
func isPiece(n *document.Node) error {
	job := compile.Spec(registry)
	if n.Kind == document.List {
		return fitsAll(n.Items, job.Field("steps").Spec)
	}
	var nearest error
	known := 0
	for _, spec := range sections(job) {
		err := fits(n, spec)
		if err == nil {
			return nil
		}
		if k := countKnown(n, spec); k > known {
			nearest, known = err, k
		}
	}
	if nearest != nil {
		return nearest
	}
	parts := make([]*document.Node, len(n.Entries))
	for i, e := range n.Entries {
		parts[i] = e.Value
	}
	if fitsAll(parts, job.Field("sinks").Spec) == nil {
		return nil
	}
	return fitsAll(parts, job.Field("sources").Spec)
}

func countKnown(n *document.Node, spec *component.Spec) (known int) {
	for _, e := range n.Entries {
		if spec.Field(e.Key) != nil {
			known++
		}
	}
	return known
}

// sections returns a spec and all those below it.
func sections(spec *component.Spec) []*component.Spec {
	all := []*component.Spec{spec}
	for _, f := range spec.Fields {
		if f.Spec != nil {
			all = append(all, sections(f.Spec)...)
		}
	}
	return all
}

func fitsAll(nodes []*document.Node, spec *component.Spec) error {
	for _, n := range nodes {
		if err := fits(n, spec); err != nil {
			return err
		}
	}
	return nil
}

// fits reports whether the keys of a map are those of a spec and their values of
// the right kind. None need be there.
func fits(n *document.Node, spec *component.Spec) error {
	if n.Kind != document.Map && n.Kind != document.Null {
		return fmt.Errorf("%v: %s is a map", n.At(), spec.Name)
	}
	for _, e := range n.Entries {
		f := spec.Field(e.Key)
		if f == nil {
			return fmt.Errorf("%v: %s has no key %q", e.At, spec.Name, e.Key)
		}
		if err := fitsField(e, f); err != nil {
			return err
		}
	}
	return nil
}

func fitsField(e document.Entry, f *component.Field) error {
	var below []*document.Node
	for _, entry := range e.Value.Entries {
		below = append(below, entry.Value)
	}
	switch f.Kind {
	case component.Section:
		return fits(e.Value, f.Spec)
	case component.NameOrSection:
		if e.Value.Kind == document.Map {
			return fits(e.Value, f.Spec)
		}
		if f.Spec.Field(e.Value.Text) == nil {
			return fmt.Errorf("%v: there is no %s %q", e.At, f.Name, e.Value.Text)
		}
	case component.SectionMap:
		return fitsAll(below, f.Spec)
	case component.SectionList:
		return fitsAll(e.Value.Items, f.Spec)
	case component.Expression:
		_, errs := expr.Parse(e.Value.Text)
		return orNil(errs)
	case component.Unnest:
		_, errs := expr.ParseUnnest(e.Value.Text)
		return orNil(errs)
	case component.SelectList:
		return eachText(e.Value.Items, func(text string) expr.Errors { _, errs := expr.ParseSelectItem(text); return errs })
	case component.AggregateMap:
		return eachText(below, func(text string) expr.Errors { _, errs := expr.ParseAggregate(text); return errs })
	case component.Int, component.Bool, component.Duration, component.Period, component.Enum:
		value := component.TextValue(e.Value.Text)
		alone := component.Spec{Fields: []component.Field{*f}}
		if _, problems := component.NewConfig(&alone, e.At, []component.Entry{{Key: f.Name, At: e.At, Value: value}}); problems != nil {
			for _, p := range problems {
				if strings.Contains(p.Message, f.Name+": ") { // what must stand beside it may be missing
					return p
				}
			}
		}
	}
	return nil
}

func eachText(nodes []*document.Node, parse func(string) expr.Errors) error {
	for _, n := range nodes {
		if errs := parse(n.Text); errs != nil {
			return errs
		}
	}
	return nil
}

func orNil(errs expr.Errors) error {
	if errs == nil {
		return nil
	}
	return errs
}

// What is no piece of a job is found out.
func TestIsPiece(t *testing.T) {
	for text, good := range map[string]bool{
		"window: { tumble: 1h }":                                true,
		"tumble: 1h":                                            true,
		"- { id: a, where: n > 1 }":                             true,
		"late: { input: a.late, file: { path: out } }":          true,
		"checkpoint: { interval: 5s }\nname: a":                 true,
		"format: { csv: { delimiter: ';' } }":                   true,
		"window: { tumbel: 1h }":                                false,
		"window: { tumble: 1x }":                                false,
		"- { id: a, were: n > 1 }":                              false,
		"- { id: a, where: n > }":                               false,
		"- { id: a, select: [n AS] }":                           false,
		"late: { input: a.late, fil: { path: out } }":           false,
		"file: { path: in, parallel: yes }":                     false,
		"aggregate: { n: cuont(*) }":                            false,
		"checkpoint: 5s":                                        false,
		"name: a\nwhere: n > 1":                                 false,
		"format: csw":                                           false,
		"steps: [{ id: a, window: { hop: { size: 1 hour } } }]": false,
	} {
		d, problems := document.Parse("piece.yaml", wrapped(text), document.Options{})
		if problems != nil {
			t.Fatal(problems)
		}
		if err := isPiece(d.Root.Get("block")); (err == nil) != good {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// All that can be said in a job file says what it is, completely.
func TestDeclarations(t *testing.T) {
	for _, spec := range sections(compile.Spec(registry)) {
		if spec.Summary == "" || spec.Name != "format" && len(spec.Examples) == 0 {
			t.Errorf("%s has no summary or no example", spec.Name)
		}
		for _, f := range spec.Fields {
			switch {
			case f.Summary == "" || f.Kind.String() == "":
				t.Errorf("%s.%s has no summary, or no kind that has a name", spec.Name, f.Name)
			case !strings.HasSuffix(f.Summary, "."):
				t.Errorf("%s.%s: the summary is no sentence: %s", spec.Name, f.Name, f.Summary)
			case f.Kind == component.Enum && f.Default != "" && !slices.Contains(f.Options, f.Default):
				t.Errorf("%s.%s: the default is none of its options", spec.Name, f.Name)
			}
			for _, text := range []string{f.Default, f.Example} {
				if text != "" {
					checkValue(t, spec, &f, text)
				}
			}
		}
	}
}

// checkValue checks a default or an example as if it stood in a job file.
func checkValue(t *testing.T, spec *component.Spec, f *component.Field, text string) {
	t.Helper()
	d, problems := document.Parse(f.Name, []byte(f.Name+": "+yamlText(f, text)), document.Options{})
	if problems != nil {
		t.Errorf("%s.%s: %v", spec.Name, f.Name, problems)
		return
	}
	if err := fitsField(d.Root.Entries[0], f); err != nil {
		t.Errorf("%s.%s: %v", spec.Name, f.Name, err)
	}
}

// yamlText quotes a default that is a sign of YAML.
func yamlText(f *component.Field, text string) string {
	if text == f.Default && f.Kind == component.Text {
		return "'" + text + "'"
	}
	return text
}
