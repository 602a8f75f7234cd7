package json

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// step is one step of a path: into a member of an object or into each element of a
// list.
type step struct {
	name string
	each bool
}

// path says where in a document the rows stand.
type path struct {
	text string
	// units are the steps to the parts of a document that are taken in one at a time:
	// up to the last [*].
	units []step
	// inner are the names from there to the row.
	inner []string
}

// eachElement is the path of an array of rows.
var eachElement = &path{text: "$[*]", units: []step{{each: true}}}

// wholeDocument is the path of documents that are rows.
var wholeDocument = &path{text: "$"}

// parsePath reads a path such as $.data.items[*].
func parsePath(text string) (*path, error) {
	rest, ok := strings.CutPrefix(text, "$")
	if !ok {
		return nil, errors.New("begins with $, which stands for the document")
	}
	var steps []step
	for rest != "" {
		var s step
		var err error
		if s, rest, err = cutStep(rest); err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
	p := &path{text: text, units: steps}
	if last := lastEach(steps); last >= 0 {
		p.units = steps[:last+1]
		for _, s := range steps[last+1:] {
			p.inner = append(p.inner, s.name)
		}
	}
	return p, nil
}

func lastEach(steps []step) int {
	for i, s := range slices.Backward(steps) {
		if s.each {
			return i
		}
	}
	return -1
}

// cutStep cuts the first step off.
func cutStep(text string) (s step, rest string, err error) {
	if name, ok := strings.CutPrefix(text, "."); ok {
		end := strings.IndexAny(name, ".[")
		if end < 0 {
			end = len(name)
		}
		if name, rest = name[:end], name[end:]; name == "" || name == "*" {
			return s, "", fmt.Errorf("has %q, which names no member; one step is .name, ['name'] or [*]", text)
		}
		return step{name: name}, rest, nil
	}
	if rest, ok := strings.CutPrefix(text, "[*]"); ok {
		return step{each: true}, rest, nil
	}
	for _, quote := range []string{"'", `"`} {
		if inner, ok := strings.CutPrefix(text, "["+quote); ok {
			if name, rest, ok := strings.Cut(inner, quote+"]"); ok {
				return step{name: name}, rest, nil
			}
		}
	}
	return s, "", fmt.Errorf("has %q where a step belongs: .name, ['name'], or [*] for each element of a list", text)
}

// before draws the path up to a step, for messages.
func (p *path) before(step int) string {
	var b strings.Builder
	b.WriteByte('$')
	for _, s := range p.units[:step] {
		if s.each {
			b.WriteString("[*]")
		} else {
			b.WriteString("." + s.name)
		}
	}
	return b.String()
}
