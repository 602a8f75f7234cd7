package component

import (
	"maps"
	"slices"
)

// Value is what a job file gives for a key, with its place.
type Value struct {
	At   Position
	Kind ValueKind
	Text string  // of a Scalar
	Path string  // of a Scalar that is a path: from where the job runs, not as it is written; "" is Text
	List []Value // of a List
	Map  []Entry // of a Map, in the order of the file
}

// Entry is a key with its value.
type Entry struct {
	Key   string
	At    Position // of the key
	Value Value
}

// ValueKind is the form of a value.
type ValueKind uint8

// The forms that values have.
const (
	Null   ValueKind = iota // a key without a value
	Scalar                  // text
	List
	Map
)

// String names the form for messages, with its article.
func (k ValueKind) String() string {
	return [...]string{"nothing", "a single value", "a list", "a map"}[k]
}

// TextValue returns a scalar.
func TextValue(text string) Value { return Value{Kind: Scalar, Text: text} }

// Given returns keys with texts as their values, as programs and tests give them
// that have no job file.
func Given(texts map[string]string) []Entry {
	var given []Entry
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		given = append(given, Entry{Key: key, Value: TextValue(texts[key])})
	}
	return given
}

// ListOf returns a list of texts.
func ListOf(texts ...string) Value {
	v := Value{Kind: List}
	for _, text := range texts {
		v.List = append(v.List, TextValue(text))
	}
	return v
}

// each returns the value or, of a list, those in it.
func (v Value) each() []Value {
	if v.Kind == List {
		return v.List
	}
	return []Value{v}
}

// asPath returns the value with its texts as paths.
func (v Value) asPath() Value {
	if v.Path != "" {
		v.Text = v.Path
	}
	v.List = slices.Clone(v.List)
	for i := range v.List {
		v.List[i] = v.List[i].asPath()
	}
	return v
}
