package reference

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/jobs/plan"
	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// Page is the reference of one thing that a job file can name.
type Page struct {
	Name    string
	Aliases []string // other names that mean the same
	Topics  []string // names of what it is about
	Kind    string   // what it is: "source", "function", "key of a step"
	Group   string   // one of the titles of [Groups]; "" for a key, which stands on the page of its section

	Summary    string
	Details    string   // Markdown paragraphs, or ""
	Besides    string   // what must and must not stand beside it, or ""
	Signatures []string // the ways to call a function
	Fields     []component.Field
	Examples   []Example
}

// Example shows a thing in use. Of a function it has a result and no title.
type Example struct{ Title, Text, Result string }

// Group is a chapter of the reference.
type Group struct {
	Title string
	File  string // the name of its Markdown page
}

// The groups that components and sections are in.
var (
	jobGroup       = Group{"Job", "job.md"}
	sourceGroup    = Group{"Sources", "sources.md"}
	stepGroup      = Group{"Steps", "steps.md"}
	windowGroup    = Group{"Windows", "windows.md"}
	sinkGroup      = Group{"Sinks", "sinks.md"}
	formatGroup    = Group{"Formats", "formats.md"}
	aggregateGroup = Group{"Aggregates", "aggregates.md"}
)

// Groups returns the chapters of the reference in their order.
func Groups() []Group {
	groups := []Group{jobGroup, sourceGroup, stepGroup, windowGroup, sinkGroup, formatGroup, aggregateGroup}
	for _, g := range expr.Groups() {
		groups = append(groups, functionGroup(g))
	}
	return groups
}

// functionGroup returns the chapter of a group of functions. All of them share a
// file.
func functionGroup(group string) Group { return Group{"Functions: " + group, "functions.md"} }

// Pages returns the reference of all that a job file can name, in the order of
// [Groups].
func Pages(r *component.Registry) []Page {
	job := compile.Spec(r)
	source, sink := job.Field("sources").Spec, job.Field("sinks").Spec
	step := job.Field("steps").Spec
	window := step.Field("window").Spec

	pages := []Page{
		ofSpec(job, "job file", jobGroup),
		ofSpec(job.Field("checkpoint").Spec, "section of a job", jobGroup),
		ofSpec(source, "part of a job", sourceGroup),
	}
	pages = append(pages, ofChoices(source, "source", sourceGroup)...)
	pages = append(pages,
		ofSchema(source.Field("schema").Spec),
		ofSpec(source.Field("event_time").Spec, "section of a source", sourceGroup),
		ofStep(step),
		ofSpec(window, "section of a step", windowGroup))
	pages = append(pages, ofChoices(window, "window", windowGroup)...)
	pages = append(pages, ofSpec(sink, "part of a job", sinkGroup))
	pages = append(pages, ofChoices(sink, "sink", sinkGroup)...)
	pages = append(pages, ofChoices(source.Field("format").Spec, "format", formatGroup)...)
	for _, f := range agg.Functions() {
		pages = append(pages, ofFunction(f, "aggregate function", aggregateGroup))
	}
	for _, f := range expr.Functions() {
		pages = append(pages, ofFunction(f, "function", functionGroup(f.Group)))
	}
	return pages
}

// ofSpec returns the page of a section or a component.
func ofSpec(s *component.Spec, kind string, g Group) Page {
	p := Page{Name: s.Name, Kind: kind, Group: g.Title, Summary: s.Summary, Details: s.Details, Fields: s.Fields}
	for _, e := range s.Examples {
		p.Examples = append(p.Examples, Example{Title: e.Title, Text: e.YAML})
	}
	return p
}

// ofStep returns the page of a step, with the words that explain has for steps.
func ofStep(s *component.Spec) Page {
	p := ofSpec(s, "part of a job", stepGroup)
	p.Details = "`weir explain` shows which of these a step does, in this order:\n"
	for _, k := range plan.StepKinds() {
		p.Details += fmt.Sprintf("\n- `%s`: %s", k.Name, k.Summary)
	}
	return p
}

// ofSchema returns the page of a schema, which is also that of the types.
func ofSchema(s *component.Spec) Page {
	p := ofSpec(s, "section of a source", sourceGroup)
	p.Topics = []string{"types"}
	for _, name := range record.TypeNames() {
		name, _, _ := strings.Cut(name, "(")
		name, _, _ = strings.Cut(name, "<")
		p.Topics = append(p.Topics, name)
	}
	return p
}

// ofChoices returns the pages of what a section can be. One that is a value, and
// no map, has the examples of the section that show it.
func ofChoices(s *component.Spec, kind string, g Group) []Page {
	var pages []Page
	for _, name := range s.Choices() {
		f := s.Field(name)
		if f.Spec != nil {
			p := ofSpec(f.Spec, kind, g)
			p.Besides = besides(f)
			pages = append(pages, p)
			continue
		}
		p := Page{Name: name, Kind: kind, Group: g.Title, Fields: []component.Field{*f}, Summary: f.Summary}
		for _, e := range s.Examples {
			if strings.Contains(e.YAML, name+":") {
				p.Examples = append(p.Examples, Example{Title: e.Title, Text: e.YAML})
			}
		}
		pages = append(pages, p)
	}
	return pages
}

func ofFunction(f component.FunctionDoc, kind string, g Group) Page {
	p := Page{
		Name: f.Name, Aliases: f.Aliases, Kind: kind, Group: g.Title, Summary: f.Summary, Signatures: f.Signatures,
	}
	for _, e := range f.Examples {
		p.Examples = append(p.Examples, Example{Text: e[0], Result: e[1]})
	}
	return p
}

// Find returns the pages of a name: of components, sections and functions, or
// else of keys. Where there are none, the error says what was probably meant.
func Find(pages []Page, name string) ([]Page, error) {
	var found, keys []Page
	for _, p := range pages {
		if slices.ContainsFunc(p.names(), func(n string) bool { return strings.EqualFold(n, name) }) {
			found = append(found, p)
		}
		for _, f := range p.Fields {
			if strings.EqualFold(f.Name, name) {
				keys = append(keys, ofKey(p, f))
			}
		}
	}
	if found == nil {
		found = keys
	}
	if found == nil {
		return nil, fmt.Errorf("there is no component, key or function %q%s", name, component.Suggest(name, Names(pages)))
	}
	return found, nil
}

// Names lists all names by which [Find] finds something, each once.
func Names(pages []Page) []string {
	var names []string
	for i := range pages {
		names = append(names, pages[i].names()...)
		for _, f := range pages[i].Fields {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// names returns the names of a page. Those of operators have several.
func (p *Page) names() []string {
	return slices.Concat([]string{p.Name}, strings.Fields(p.Name), p.Aliases, p.Topics)
}

// ofKey returns the page of a key of a section or component.
func ofKey(owner Page, f component.Field) Page {
	kind := "key of " + owner.Name
	if !strings.Contains(owner.Kind, " ") { // of which there may be one in another kind
		kind = "key of the " + owner.Kind + " " + owner.Name
	}
	return Page{Name: f.Name, Kind: kind, Fields: []component.Field{f}}
}
