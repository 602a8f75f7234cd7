package deadletter

import (
	"regexp"
	"slices"
	"strings"
)

// Group is the letters of a step whose errors differ in values only: in numbers and
// texts, not in names of columns.
type Group struct {
	Count int
	First Letter

	values []string // of the first error
	differ []bool   // whether others have another value there
}

// Groups puts letters into groups, one by one; the zero value has none.
type Groups struct {
	by map[string]*Group
	in []*Group // in the order of their first letters
}

// Add counts a letter.
func (g *Groups) Add(l Letter) {
	text := l.Brief()
	key := l.Step + "\x00" + withoutValues(text)
	group := g.by[key]
	if group == nil {
		values := variable.FindAllString(text, -1)
		group = &Group{First: l, values: values, differ: make([]bool, len(values))}
		if g.by == nil {
			g.by = map[string]*Group{}
		}
		g.by[key] = group
		g.in = append(g.in, group)
	}
	group.add(text)
}

// All returns the groups, the largest first.
func (g *Groups) All() []*Group {
	all := slices.Clone(g.in)
	slices.SortStableFunc(all, func(a, b *Group) int { return b.Count - a.Count })
	return all
}

// Brief returns the error without the advice behind it.
func (l *Letter) Brief() string {
	text, _, _ := strings.Cut(l.Error, "; ")
	return text
}

// variable is what may differ between errors of one group: texts, but for names of
// columns, and numbers.
var variable = regexp.MustCompile(`column "(?:[^"\\]|\\.)*"|"(?:[^"\\]|\\.)*"|-?\b[0-9][0-9.]*`)

// withoutValues returns what errors of one group have in common.
func withoutValues(text string) string {
	return variable.ReplaceAllStringFunc(text, func(v string) string {
		if strings.HasPrefix(v, "column ") {
			return v
		}
		return "…"
	})
}

func (g *Group) add(text string) {
	g.Count++
	for i, v := range variable.FindAllString(text, -1) {
		g.differ[i] = g.differ[i] || v != g.values[i]
	}
}

// Message returns the first error with … for what differs.
func (g *Group) Message() string {
	i := -1
	return variable.ReplaceAllStringFunc(g.First.Brief(), func(v string) string {
		if i++; g.differ[i] {
			return "…"
		}
		return v
	})
}
