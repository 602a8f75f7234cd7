package checkpoint

import (
	"slices"
	"strings"
)

// This file is what a change means for sources, whose positions are kept where they
// mean the same, and for those who read them.

// SourceReads returns the Reads of a source: where and how it reads, on which the
// meaning of positions depends, and behind a line break what its event time is made
// of, on which the times of its splits depend.
func SourceReads(place, time string) string { return place + "\n" + time }

// kindOfSource returns what has become of a source whose definition has changed. One
// of which it is not known where it read from is read from its start.
func kindOfSource(then, now string) ChangeKind {
	place, _, known := strings.Cut(then, "\n")
	placeNow, _, _ := strings.Cut(now, "\n")
	switch {
	case then == now && known:
		return Resumed
	case place == placeNow && known:
		return Retimed
	}
	return Changed
}

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
	Added:    {"added; it starts without state", "added; it is read from its start", "added; it shows what comes from now on"},
	Removed:  {"removed; its state is dropped", "removed; how far it was read is forgotten", "removed; what it has shown stays"},
	Changed:  {"changed; its state is dropped", "changed; it is read from its start", "changed; what it has shown stays"},
	Rerouted: {operator: "what it reads has changed; its state is kept"},
	Same:     {"the same; its state is kept", "the same; it resumes where it was", "the same; what it has shown stays"},
	Resumed:  {source: "changed; it resumes where it was"},
	Retimed:  {source: "changed; it resumes where it was, and its watermark starts afresh"},
}

func means(kind ChangeKind, r role) string { return meanings[kind][r] }

// readsAgain reports whether a source is read from its start though what it reads has
// been read before, perhaps under another name.
func (m *Manifest) readsAgain(now StepInfo, kind ChangeKind) bool {
	if !now.Source || kind != Added {
		return now.Source && kind == Changed
	}
	return slices.ContainsFunc(m.Steps, func(then Step) bool {
		return len(then.Enumerator) > 0 && then.Reads != "" && kindOfSource(then.Reads, now.Reads) != Changed
	})
}

// takenInAgain says which steps take in the rows of a source for a second time.
func takenInAgain(now StepInfo, steps []StepInfo, kinds map[string]ChangeKind) string {
	var count, show []string
	for _, s := range steps {
		switch follows := s.ID != now.ID && slices.Contains(s.Sources, now.ID); {
		case follows && s.Sink && kinds[s.ID] != Added:
			show = append(show, s.ID)
		case follows && s.Stateful && kinds[s.ID].keeps():
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
