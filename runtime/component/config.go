package component

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Position is a place in a job file, from 1. Line 0 is the file as a whole.
type Position struct {
	File         string
	Line, Column int
}

// String draws the position as "job.yaml:14:9".
func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Problem is one thing wrong with a job, with what to do about it.
type Problem struct {
	At      Position
	Message string
}

// Error draws the problem as "job.yaml:14:9: window.size: …".
func (p Problem) Error() string { return p.At.String() + ": " + p.Message }

// Problems is everything that is wrong with a job, to be shown together.
type Problems []Problem

// Error draws one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Sort puts the problems in the order of the file; those that have no line, as
// of a --set, stand behind.
func (ps Problems) Sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		if inFile := a.At.Line > 0; inFile != (b.At.Line > 0) {
			if inFile {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column), cmp.Compare(a.At.File, b.At.File))
	})
}

// Value is what a job file gives for a key, with its place.
type Value struct {
	At     Position
	Text   string  // a scalar
	List   []Value // a list
	IsList bool
}

// each returns the value or, of a list, those in it.
func (v Value) each() []Value {
	if v.IsList {
		return v.List
	}
	return []Value{v}
}

// Config is the checked configuration of a component: every key is declared,
// every value fits its kind, defaults are filled in.
type Config struct {
	spec   *Spec
	at     Position
	values map[string]Value
}

// NewConfig checks what a job file gives for a component against its spec.
// keys are the given keys in the order of the file.
func NewConfig(spec *Spec, at Position, keys []string, given map[string]Value) (Config, Problems) {
	c := Config{spec: spec, at: at, values: map[string]Value{}}
	var problems Problems
	for _, key := range keys {
		v := given[key]
		f := spec.Field(key)
		if f == nil {
			problems = append(problems, Problem{v.At, fmt.Sprintf("%s has no key %q%s", spec.Name, key, Known(key, spec.Keys()))})
			continue
		}
		if p := f.check(spec.Name, v); p != nil {
			problems = append(problems, *p)
			continue
		}
		c.values[key] = v
	}
	for _, f := range spec.Check(func(key string) bool { _, ok := given[key]; return ok }) {
		if f.Key == "" {
			problems = append(problems, Problem{at, spec.Name + " " + f.Message})
		} else {
			problems = append(problems, Problem{given[f.Key].At, spec.Name + "." + f.Key + ": " + f.Message})
		}
	}
	for _, f := range spec.Fields {
		if _, ok := given[f.Name]; !ok && f.Default != "" {
			c.values[f.Name] = Value{At: at, Text: f.Default}
		}
	}
	return c, problems
}

func (f *Field) check(component string, v Value) *Problem {
	wrong := func(at Position, format string, args ...any) *Problem {
		return &Problem{at, component + "." + f.Name + ": " + fmt.Sprintf(format, args...)}
	}
	if v.IsList && f.Kind != TextList && f.Kind != PathList {
		return wrong(v.At, "takes one value, not a list")
	}
	switch f.Kind {
	case Int:
		if _, err := f.ParseInt(v.Text); err != nil {
			return wrong(v.At, "%v", err)
		}
	case Bool:
		if v.Text != "true" && v.Text != "false" {
			return wrong(v.At, "%q is neither true nor false", v.Text)
		}
	case Duration:
		if _, err := ParseDuration(v.Text); err != nil {
			return wrong(v.At, "%v", err)
		}
	case Size:
		if _, err := ParseSize(v.Text); err != nil {
			return wrong(v.At, "%v", err)
		}
	case Path, PathList:
		for _, path := range v.each() {
			if strings.TrimSpace(path.Text) == "" {
				return wrong(path.At, "the path is empty; is a variable in it set to nothing? The folder of the job file is written .")
			}
		}
	case Enum:
		for _, o := range f.Options {
			if v.Text == o {
				return nil
			}
		}
		return wrong(v.At, "%q is not one of %s%s", v.Text, strings.Join(f.Options, ", "), Suggest(v.Text, f.Options))
	}
	return nil
}

// At returns the place of a key, or of the component where the key is not given.
func (c Config) At(key string) Position {
	if v, ok := c.values[key]; ok {
		return v.At
	}
	return c.at
}

// Text returns the value of a Text, Enum or Path key, "" where there is none.
func (c Config) Text(key string) string { return c.values[key].Text }

// Int returns the value of an Int key, 0 where there is none.
func (c Config) Int(key string) int64 {
	n, _ := strconv.ParseInt(c.values[key].Text, 10, 64)
	return n
}

// Bool returns the value of a Bool key, false where there is none.
func (c Config) Bool(key string) bool { return c.values[key].Text == "true" }

// Duration returns the value of a Duration key, 0 where there is none.
func (c Config) Duration(key string) time.Duration {
	d, _ := ParseDuration(c.values[key].Text)
	return d
}

// Size returns the value of a Size key in bytes, 0 where there is none.
func (c Config) Size(key string) int64 {
	n, _ := ParseSize(c.values[key].Text)
	return n
}

// List returns the values of a TextList or PathList key.
func (c Config) List(key string) []string {
	v, ok := c.values[key]
	if !ok {
		return nil
	}
	var texts []string
	for _, e := range v.each() {
		texts = append(texts, e.Text)
	}
	return texts
}

// Problemf returns a problem with a key, for what only the component can check.
func (c Config) Problemf(key, format string, args ...any) Problem {
	return Problem{c.At(key), c.spec.Name + "." + key + ": " + fmt.Sprintf(format, args...)}
}
