// Package jsonpath finds the value that a path leads to in a JSON text, without
// making a tree of the text:
//
//	path, err := jsonpath.Parse("$.user.tags[0]")
//	var scanner jsonpath.Scanner
//	value, err := scanner.Find(text, path)
//
// A value is the JSON that stands in the text, strings in their quotes, which
// [jsontext.AppendUnquoted] takes away. What JSON is, [jsontext] says; a text is
// checked as a whole, so that it is broken or not whatever is looked for.
package jsonpath

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Path leads from a JSON text to one value at most, step by step; a path without
// steps leads to the text itself. It never changes.
type Path []step

// step goes into the member of an object or, if name is nil, the element of an
// array.
type step struct {
	name  []byte
	index int64 // from 0
}

// Parse reads "$.name", `$."a name"`, "$['name']" and "$[0]", and steps of
// these one behind the other. The error quotes where the path goes wrong.
func Parse(text string) (Path, error) {
	rest, ok := strings.CutPrefix(text, "$")
	if !ok {
		return nil, fmt.Errorf("the path %q does not begin with $, which stands for the whole text; such paths are $.name, "+
			"$.a.b[0] and $['a name']", text)
	}
	var path Path
	for rest != "" {
		var next step
		var err error
		at := len(text) - len(rest)
		if next, rest, err = parseStep(rest); err != nil {
			return nil, fmt.Errorf("the path %q has an error at %q: %w", text, text[at:], err)
		}
		path = append(path, next)
	}
	return path, nil
}

func parseStep(text string) (next step, rest string, err error) {
	switch {
	case strings.HasPrefix(text, `."`):
		next.name, rest, err = quotedName(text[1:])
		return next, rest, err
	case text[0] == '.':
		end := strings.IndexAny(text[1:], ".[]\"'*? \t\n") + 1
		if end == 0 {
			end = len(text)
		}
		if end == 1 {
			return next, "", errors.New(`a name should follow the point; one with other characters is written $."a name"`)
		}
		return step{name: []byte(text[1:end])}, text[end:], nil
	case strings.HasPrefix(text, "['"), strings.HasPrefix(text, `["`):
		if next.name, rest, err = quotedName(text[1:]); err != nil {
			return next, "", err
		}
	case text[0] == '[':
		end := 1
		for end < len(text) && isDigit(text[end]) {
			end++
		}
		if next.index, err = strconv.ParseInt(text[1:end], 10, 32); err != nil {
			return next, "", errors.New("the number of an element should stand in brackets, from 0; a path names one value, not many")
		}
		rest = text[end:]
	default:
		return next, "", errors.New("a point and a name, or brackets, should stand here")
	}
	if rest, ok := strings.CutPrefix(rest, "]"); ok {
		return next, rest, nil
	}
	return next, "", errors.New("] is missing")
}

// quotedName reads a name in the quotes that text begins with; a backslash takes
// the meaning from the character behind it.
func quotedName(text string) (name []byte, rest string, err error) {
	name = []byte{}
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == text[0]:
			return name, text[i+1:], nil
		case text[i] == '\\' && i+1 < len(text):
			i++
		}
		name = append(name, text[i])
	}
	return nil, "", fmt.Errorf("the name has no closing %c", text[0])
}

func isDigit(c byte) bool { return c-'0' <= 9 }
