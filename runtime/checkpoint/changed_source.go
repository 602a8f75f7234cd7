package checkpoint

import (
	"slices"
	"strings"
)

// This file is what a change means for what each step keeps, and for those who read a
// source that starts over.

// role tells steps apart by what they keep.
type role int

const (
	operator role = iota // state
	source               // positions
	sink                 // what it has shown, on its medium
)

func roleOf(then *Step, now StepInfo) role {
	switch {
	case now.Source || then != nil && len(then.Enumerator) > 0:
		return source
	case now.Sink || then != nil && then.Sink:
		return sink
	}
	return operator
}

// meanings says what a change means for what a step keeps.
var meanings = map[ChangeKind][3]string{
	Added:   {"added; it starts without state", "added; it is read from its start", "added; it shows what comes from now on"},
	Removed: {"removed; its state is dropped", "removed; how far it was read is forgotten", "removed; what it has shown stays"},
	Changed: {"changed; its state is dropped", "changed; it is read from its start", "changed; what it has shown stays"},
	Partly:  {operator: "changed; its state is kept"},
	Same:    {"the same; its state is kept", "the same; it resumes where it was", "the same; what it has shown stays"},
	Resumed: {operator: "what it reads has changed; its state is kept", source: "changed; it resumes where it was"},
	Retimed: {source: "changed; it resumes where it was, and its watermark starts afresh"},
}

func means(kind ChangeKind, r role) string { return meanings[kind][r] }

// readsAgain reports whether a source is read from its start though what it reads has
// been read before, perhaps under another name.
func (m *Manifest) readsAgain(now StepInfo, kind ChangeKind) bool {
	if !now.Source || kind != Added {
		return now.Source && kind == Changed
	}
	return slices.ContainsFunc(m.Steps, func(then Step) bool {
		return len(then.Enumerator) > 0 && sameWhole(then.Definition, now.Definition)
	})
}

// takenInAgain says which steps take in the rows of a source for a second time.
func takenInAgain(now StepInfo, steps []StepInfo, became map[string]ChangeKind) string {
	var count, show []string
	for _, s := range steps {
		switch follows := s.ID != now.ID && slices.Contains(s.Sources, now.ID); {
		case follows && s.Sink && became[s.ID] != Added:
			show = append(show, s.ID)
		case follows && s.Stateful && became[s.ID].keeps():
			count = append(count, s.ID)
		}
	}
	var twice []string
	if count != nil {
		twice = append(twice, "count again in: "+strings.Join(count, ", "))
	}
	if show != nil {
		twice = append(twice, "may come out twice in: "+strings.Join(show, ", "))
	}
	if twice == nil {
		return ""
	}
	return ", and rows that were read before " + strings.Join(twice, "; they ")
}
