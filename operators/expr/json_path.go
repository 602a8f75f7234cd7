package expr

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// jsonStep is a step of a path: into the member of an object or, if name is nil,
// the element of an array.
type jsonStep struct {
	name  []byte
	index int64 // from 0
}

// parseJSONPath reads "$.name", `$."a name"`, "$['name']" and "$[0]", and steps of
// these one behind the other. A path leads to one value at most.
func parseJSONPath(text string) ([]jsonStep, error) {
	rest, ok := strings.CutPrefix(text, "$")
	if !ok {
		return nil, fmt.Errorf("the path %q does not begin with $, which stands for the whole text; such paths are $.name, $.a.b[0] and $['a name']", text)
	}
	steps := []jsonStep{}
	for rest != "" {
		var step jsonStep
		var err error
		at := len(text) - len(rest)
		if step, rest, err = parseJSONStep(rest); err != nil {
			return nil, fmt.Errorf("the path %q has an error at %q: %w", text, text[at:], err)
		}
		steps = append(steps, step)
	}
	return steps, nil
}

func parseJSONStep(text string) (step jsonStep, rest string, err error) {
	switch {
	case strings.HasPrefix(text, `."`):
		step.name, rest, err = quotedName(text[1:])
		return step, rest, err
	case text[0] == '.':
		end := strings.IndexAny(text[1:], ".[]\"'*? \t\n") + 1
		if end == 0 {
			end = len(text)
		}
		if end == 1 {
			return step, "", errors.New(`a name should follow the point; one with other characters is written $."a name"`)
		}
		return jsonStep{name: []byte(text[1:end])}, text[end:], nil
	case strings.HasPrefix(text, "['"), strings.HasPrefix(text, `["`):
		if step.name, rest, err = quotedName(text[1:]); err != nil {
			return step, "", err
		}
	case text[0] == '[':
		end := 1
		for end < len(text) && isDigit(text[end]) {
			end++
		}
		if step.index, err = strconv.ParseInt(text[1:end], 10, 32); err != nil {
			return step, "", errors.New("the number of an element should stand in brackets, from 0; a path names one value, not many")
		}
		rest = text[end:]
	default:
		return step, "", errors.New("a point and a name, or brackets, should stand here")
	}
	if rest, ok := strings.CutPrefix(rest, "]"); ok {
		return step, rest, nil
	}
	return step, "", errors.New("] is missing")
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
