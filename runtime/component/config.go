package component

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Config is the checked configuration of a component, or of a section in it: every
// key is declared, every value fits its kind, defaults are filled in.
type Config struct {
	spec     *Spec
	name     string // for messages, such as "kafka.sasl"
	at       Position
	given    map[string]Value
	values   map[string]Value // defaults as well
	sections map[string]Config
}

// NewConfig checks what a job file gives for a component against its spec.
func NewConfig(spec *Spec, at Position, given []Entry) (Config, Problems) {
	return newConfig(spec, spec.Name, at, given)
}

func newConfig(spec *Spec, name string, at Position, given []Entry) (Config, Problems) {
	c := Config{spec: spec, name: name, at: at, given: map[string]Value{}, values: map[string]Value{}, sections: map[string]Config{}}
	var problems Problems
	for _, e := range given {
		c.given[e.Key] = e.Value
		problems = append(problems, c.take(e)...)
	}
	for _, f := range spec.Check(c.Has) {
		if f.Key == "" {
			problems = append(problems, Problem{at, name + " " + f.Message})
		} else {
			problems = append(problems, c.Problemf(f.Key, "%s", f.Message))
		}
	}
	c.fill()
	return c, problems
}

// take takes in one key, unless it is at fault.
func (c *Config) take(e Entry) Problems {
	f := c.spec.Field(e.Key)
	if f == nil {
		return Problems{{e.At, fmt.Sprintf("%s has no key %q%s", c.name, e.Key, Known(e.Key, c.spec.Keys()))}}
	}
	name := c.name + "." + e.Key
	if e.Value.Kind == Null && f.Kind != Section {
		return Problems{{e.At, name + ": there is no value"}}
	}
	if f.Kind == Path || f.Kind == PathList {
		if p := checkPaths(name, e.Value); p != nil {
			return Problems{*p}
		}
		e.Value = e.Value.asPath()
	}
	if p := f.check(name, e.Value); p != nil {
		return Problems{*p}
	}
	c.values[e.Key] = e.Value
	if f.Kind != Section {
		return nil
	}
	inner, problems := newConfig(f.Spec, name, e.At, e.Value.Map)
	c.sections[e.Key] = inner
	return problems
}

// checkPaths finds paths that are URLs, as they are written.
func checkPaths(name string, v Value) *Problem {
	for _, one := range v.each() {
		if err := CheckPath(one.Text); err != nil {
			return &Problem{one.At, name + ": " + err.Error()}
		}
	}
	return nil
}

// fill fills in defaults.
func (c *Config) fill() {
	for _, f := range c.spec.Fields {
		switch {
		case c.Has(f.Name):
		case f.Default != "":
			c.values[f.Name] = Value{At: c.at, Kind: Scalar, Text: f.Default}
		case f.Kind == Section:
			inner := Config{spec: f.Spec, name: c.name + "." + f.Name, at: c.at, values: map[string]Value{}, sections: map[string]Config{}}
			inner.fill()
			c.sections[f.Name] = inner
		}
	}
}

// check finds what is wrong with the value of a key that messages call name.
func (f *Field) check(name string, v Value) *Problem {
	if p := f.checkForm(name, v); p != nil {
		return p
	}
	for _, one := range v.each() {
		if err := f.checkText(one.Text); err != nil {
			return &Problem{one.At, name + ": " + err.Error()}
		}
	}
	return nil
}

// checkForm finds whether a value has another form than its kind.
func (f *Field) checkForm(name string, v Value) *Problem {
	switch {
	case f.Kind == Section || f.Kind == TextMap:
		if v.Kind != Map && v.Kind != Null {
			return &Problem{v.At, name + ": takes a map, not " + v.Kind.String()}
		}
	case v.Kind == Map:
		return &Problem{v.At, name + ": takes a single value, not a map"}
	case v.Kind == List && f.Kind != TextList && f.Kind != PathList:
		return &Problem{v.At, name + ": takes one value, not a list"}
	}
	for _, inner := range slices.Concat(v.List, valuesOf(f, v)) {
		if inner.Kind != Scalar {
			return &Problem{cmp.Or(inner.At, v.At), name + ": takes single values; one of them is " + inner.Kind.String() + inQuotes[inner.Kind]}
		}
	}
	return nil
}

// inQuotes says what to do about values that may be meant as texts.
var inQuotes = map[ValueKind]string{Null: `, as YAML has ~ and null: put texts in quotes, as "null"`}

// valuesOf returns the values of a map of texts.
func valuesOf(f *Field, v Value) (values []Value) {
	if f.Kind == TextMap {
		for _, e := range v.Map {
			values = append(values, e.Value)
		}
	}
	return values
}

func (f *Field) checkText(text string) (err error) {
	switch f.Kind {
	case Int:
		_, err = f.ParseInt(text)
	case Bool:
		if text != "true" && text != "false" {
			return fmt.Errorf("%q is neither true nor false", text)
		}
	case Duration:
		_, _, err = f.ParseDuration(text)
	case Period:
		_, _, err = ParsePeriod(text)
	case Size:
		_, _, err = f.ParseSize(text)
	case Path, PathList:
		if strings.TrimSpace(text) == "" {
			return fmt.Errorf("the path is empty; is a variable in it empty? The folder of the job file is written %q", ".")
		}
	case Enum:
		if !slices.Contains(f.Options, text) {
			return fmt.Errorf("%q is not one of %s%s", text, strings.Join(f.Options, ", "), Suggest(text, f.Options))
		}
	}
	return err
}

// Has reports whether the job file gives a key.
func (c Config) Has(key string) bool {
	_, ok := c.given[key]
	return ok
}

// At returns the place of a key's value, or of the component where the key is not
// given.
func (c Config) At(key string) Position {
	return cmp.Or(c.given[key].At, c.at)
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
	d, _ := parseSigned(c.values[key].Text) // NewConfig has refused a minus where none may be
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

// IsList reports whether the value of a TextList or PathList key is written as a list,
// even as one of a single text.
func (c Config) IsList(key string) bool { return c.values[key].Kind == List }

// Map returns the names and texts of a TextMap key, in the order of the file.
func (c Config) Map(key string) []Entry { return c.values[key].Map }

// Section returns what a Section key holds. Where it is not given, its keys have
// their defaults.
func (c Config) Section(key string) Config { return c.sections[key] }

// Choice returns the one key that says what the component is, of those that its
// spec has as choices.
func (c Config) Choice() string {
	for _, key := range c.spec.Choices() {
		if c.Has(key) {
			return key
		}
	}
	return ""
}

// Problemf returns a problem with a key, for what only the component can check.
func (c Config) Problemf(key, format string, args ...any) Problem {
	return Problem{c.At(key), c.name + "." + key + ": " + fmt.Sprintf(format, args...)}
}
