package compile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/component"
)

// section is a map of the job file with the keys that a spec declares.
type section struct {
	problems *component.Problems
	name     string             // what messages call it, such as "steps.hourly"; "" is the whole file
	at       component.Position // where a missing key is reported
	node     *document.Node     // a Map, or nil where there is none
	spec     *component.Spec
}

// newSection checks that n is a map, or nothing, and that its keys are those of
// the spec, as far as that can be told without their values.
func newSection(problems *component.Problems, name string, at component.Position, n *document.Node, spec *component.Spec) section {
	s := section{problems: problems, name: name, at: at, spec: spec}
	switch n.Kind {
	case document.Map:
		s.node = n
	case document.Null:
	default:
		s.problem(n.At(), "", "takes a map, not %s", n.Kind)
		return s
	}
	if s.node != nil {
		for _, e := range n.Entries {
			if spec.Field(e.Key) == nil {
				s.problem(e.At, "", "there is no key %q%s", e.Key, component.Known(e.Key, spec.Keys()))
			}
		}
	}
	for _, f := range spec.Check(s.has) {
		at := s.at
		if f.Key != "" {
			at = s.keyAt(f.Key)
		}
		s.problem(at, f.Key, "%s", f.Message)
	}
	return s
}

// section returns the section that a key holds. Where the key is missing it has
// no keys, and so the defaults of all.
func (s section) section(key string) section {
	inner := section{problems: s.problems, name: strings.Trim(s.name+"."+key, "."), at: s.keyAt(key), spec: s.spec.Field(key).Spec}
	if n := s.value(key); n != nil {
		return newSection(inner.problems, inner.name, inner.at, n, inner.spec)
	}
	return inner
}

// choice returns the entry of the one key that says what the section is, or nil
// after a problem.
func (s section) choice() *document.Entry {
	var found *document.Entry
	for _, key := range s.spec.Choices() {
		if !s.has(key) {
			continue
		}
		if found != nil {
			return nil
		}
		found = s.entry(key)
	}
	return found
}

// problem reports a problem with a key, or with the section itself for "".
func (s section) problem(at component.Position, key, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	if name := strings.Trim(s.name+"."+key, "."); name != "" {
		message = name + ": " + message
	}
	*s.problems = append(*s.problems, component.Problem{At: at, Message: message})
}

// has reports whether a key is given, with or without a value.
func (s section) has(key string) bool { return s.node.Get(key) != nil }

// keyAt returns where a key stands, or where it is missing.
func (s section) keyAt(key string) component.Position {
	if e := s.entry(key); e != nil {
		return e.At
	}
	return s.at
}

// entry returns a key with its value, or nil.
func (s section) entry(key string) *document.Entry {
	if s.node == nil {
		return nil
	}
	i := slices.IndexFunc(s.node.Entries, func(e document.Entry) bool { return e.Key == key })
	if i < 0 {
		return nil
	}
	return &s.node.Entries[i]
}

// value returns the value of a key, or nil where it is missing or empty; the
// latter is a problem.
func (s section) value(key string) *document.Node {
	n := s.node.Get(key)
	if n == nil {
		return nil
	}
	if n.Kind == document.Null {
		at := s.keyAt(key)
		if n.At().File != at.File {
			at = n.At() // a --set took the value away
		}
		s.problem(at, key, "there is no value")
		return nil
	}
	return n
}

// scalar returns the value of a key that takes a single value, or nil.
func (s section) scalar(key string) *document.Node {
	n := s.value(key)
	if n != nil && n.Kind != document.Scalar {
		s.problem(n.At(), key, "takes a single value, not %s", n.Kind)
		return nil
	}
	return n
}

// scalars returns the values of a key that takes a list; a single value is a
// list of one.
func (s section) scalars(key string) []*document.Node {
	n := s.value(key)
	switch {
	case n == nil:
		return nil
	case n.Kind == document.Scalar:
		return []*document.Node{n}
	case n.Kind != document.List:
		s.problem(n.At(), key, "takes a list, not %s", n.Kind)
		return nil
	}
	var items []*document.Node
	for _, item := range n.Items {
		if item.Kind != document.Scalar {
			s.problem(item.At(), key, "takes a list of single values; one of them is %s", item.Kind)
			continue
		}
		items = append(items, item)
	}
	return items
}

// names is scalars for a list that is of no use when it is empty; what is what
// the list names.
func (s section) names(key, what string) []*document.Node {
	if n := s.node.Get(key); n != nil && n.Kind == document.List && len(n.Items) == 0 {
		s.problem(n.At(), key, "names no %s", what)
	}
	return s.scalars(key)
}

// entries returns the keys and values of a key that takes a map, with the names
// as the keys; what is no single value is a problem.
func (s section) entries(key string) []document.Entry {
	n := s.value(key)
	if n == nil {
		return nil
	}
	if n.Kind != document.Map {
		s.problem(n.At(), key, "takes a map such as %s, not %s", s.spec.Field(key).Example, n.Kind)
		return nil
	}
	var entries []document.Entry
	for _, e := range n.Entries {
		switch e.Value.Kind {
		case document.Scalar:
			entries = append(entries, e)
		case document.Null:
			s.problem(e.At, key, "%q has no value; inside { … }, a text that holds a comma or a colon needs quotes", e.Key)
		default:
			s.problem(e.Value.At(), key, "%q takes a single value, not %s", e.Key, e.Value.Kind)
		}
	}
	return entries
}
