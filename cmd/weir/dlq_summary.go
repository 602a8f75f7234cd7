package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/weirstream/weir/jobs/deadletter"
)

// summary counts the letters by step and kind of error, the most frequent first.
func (l *lister) summary() error {
	byKey := map[string]*errorKind{}
	var kinds []*errorKind
	err := l.each(func(letter deadletter.Letter) error {
		text := brief(letter.Error)
		k := byKey[kindKey(letter.Step, text)]
		if k == nil {
			k = &errorKind{step: letter.Step, first: text, position: letter.Position, values: variable.FindAllString(text, -1)}
			k.differ = make([]bool, len(k.values))
			byKey[kindKey(letter.Step, text)] = k
			kinds = append(kinds, k)
		}
		k.add(text)
		return nil
	})
	if err != nil {
		return err
	}
	if len(kinds) == 0 {
		return l.sayEmpty()
	}
	slices.SortStableFunc(kinds, func(a, b *errorKind) int { return b.count - a.count })
	rows := [][]string{{"letters", "step", "error", "first"}}
	for i, k := range kinds {
		if l.limit > 0 && i == l.limit {
			break
		}
		rows = append(rows, []string{strconv.Itoa(k.count), k.step, clip(k.String(), 100), clip(k.position, 60)})
	}
	writeTable(l.out, rows, len(rows[0]))
	return nil
}

// variable is what may differ between errors of one kind: texts, but for names of
// columns, and numbers.
var variable = regexp.MustCompile(`column "(?:[^"\\]|\\.)*"|"(?:[^"\\]|\\.)*"|-?\b[0-9][0-9.]*`)

// errorKind is the errors of a step that differ in variable parts only.
type errorKind struct {
	step, first string
	position    string // of the first
	count       int
	values      []string // the variable parts of the first
	differ      []bool   // whether others have another value there
}

// kindKey returns what errors of one kind have in common.
func kindKey(step, text string) string {
	return step + "\x00" + variable.ReplaceAllStringFunc(text, func(v string) string {
		if strings.HasPrefix(v, "column ") {
			return v
		}
		return "…"
	})
}

func (k *errorKind) add(text string) {
	k.count++
	for i, v := range variable.FindAllString(text, -1) {
		k.differ[i] = k.differ[i] || v != k.values[i]
	}
}

// String draws the first error without what differs.
func (k *errorKind) String() string {
	i := -1
	return variable.ReplaceAllStringFunc(k.first, func(v string) string {
		if i++; k.differ[i] {
			return "…"
		}
		return v
	})
}
