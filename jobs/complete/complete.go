// Package complete says what may stand where on a command line that is about a
// job file: for shells, as somebody types. The file may be wrong or half
// written; what can be read of it is used.
package complete

import (
	"errors"
	"slices"
	"strings"

	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
)

// Outputs returns what of a job can be shown: the ids of sources and steps, and
// their late rows and dead letters where they have any.
func Outputs(files env.FS, path string) []string {
	root := load(files, path)
	var names []string
	add := func(id string, part *document.Node) {
		names = append(names, id)
		if part.Get("aggregate") != nil {
			names = append(names, id+".late")
		}
		if n := part.Get("on_error"); n != nil && n.Text == "dead_letter" {
			names = append(names, id+".dead_letter")
		}
	}
	for _, e := range entries(root.Get("sources")) {
		add(e.Key, e.Value)
	}
	for _, item := range items(root.Get("steps")) {
		if id := item.Get("id"); id != nil {
			add(id.Text, item)
		}
	}
	return names
}

// Keys returns the keys that a --set option can continue with: typed is what
// stands there so far, such as "steps.hourly.win". A key that has keys itself
// ends in a dot, another in an equals sign.
func Keys(files env.FS, path string, registry *component.Registry, typed string) []string {
	if strings.Contains(typed, "=") {
		return nil
	}
	at := place{node: load(files, path), spec: compile.Spec(registry)}
	done := strings.Split(typed, ".")
	done = done[:len(done)-1]
	for _, key := range done {
		if at = at.enter(key); at.spec == nil && at.parts == nil {
			return nil
		}
	}
	var found []string
	prefix := strings.Join(append(done, ""), ".")
	for _, name := range at.names() {
		if strings.HasPrefix(prefix+name, typed) {
			found = append(found, prefix+name)
		}
	}
	return found
}

// place is where in a job file a path leads.
type place struct {
	node *document.Node  // nil where the file has nothing there
	spec *component.Spec // the keys that may stand there
	// parts declares what the parts are, where they are told apart by their ids.
	parts *component.Spec
}

// enter follows a key.
func (p place) enter(key string) place {
	if p.parts != nil {
		return place{node: part(p.node, key), spec: p.parts}
	}
	f := p.spec.Field(key)
	if f == nil {
		return place{}
	}
	next := place{node: p.node.Get(key)}
	switch f.Kind {
	case component.SectionMap, component.SectionList:
		next.parts = f.Spec
	case component.Section, component.NameOrSection:
		next.spec = f.Spec
	}
	return next
}

// part returns the part with an id, of a map by ids or a list.
func part(n *document.Node, id string) *document.Node {
	for _, item := range items(n) {
		if v := item.Get("id"); v != nil && v.Text == id {
			return item
		}
	}
	return n.Get(id)
}

// names returns what can stand at a place: ids, or keys.
func (p place) names() (names []string) {
	if p.parts != nil {
		for _, e := range entries(p.node) {
			names = append(names, e.Key+".")
		}
		for _, item := range items(p.node) {
			if id := item.Get("id"); id != nil {
				names = append(names, id.Text+".")
			}
		}
		return names
	}
	for _, f := range p.spec.Fields {
		end := "="
		if slices.Contains([]component.FieldKind{component.Section, component.SectionMap, component.SectionList, component.NameOrSection},
			f.Kind) {
			end = "."
		}
		names = append(names, f.Name+end)
	}
	return names
}

// load returns what can be read of a job file, nil if that is nothing.
func load(files env.FS, path string) *document.Node {
	d, _ := document.Load(path, document.Options{Files: noSecrets{files, path}})
	if d == nil {
		return nil
	}
	return d.Root
}

var errNotRead = errors.New("not read for completion")

// noSecrets is the job file alone: completion has no use for the content of
// others.
type noSecrets struct {
	env.FS
	path string
}

func (n noSecrets) Open(name string) (env.File, error) {
	if name != n.path {
		return nil, errNotRead
	}
	return n.FS.Open(name)
}

func entries(n *document.Node) []document.Entry {
	if n == nil {
		return nil
	}
	return n.Entries
}

func items(n *document.Node) []*document.Node {
	if n == nil {
		return nil
	}
	return n.Items
}
