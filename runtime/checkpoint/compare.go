package checkpoint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// Change is what has become of a step that keeps something, between a checkpoint and
// the job.
type Change struct {
	Step string
	Kind ChangeKind
	// Means says what that means for what the step keeps.
	Means string
	// Was and Is are the lines that differ, of the step's definition.
	Was, Is []Line
}

// ChangeKind tells changes apart.
type ChangeKind string

// What can have become of a step.
const (
	Added   ChangeKind = "added"   // the checkpoint has nothing for it
	Removed ChangeKind = "removed" // the job has no use for what the checkpoint has
	Changed ChangeKind = "changed" // what the checkpoint has means something else
	Partly  ChangeKind = "partly"  // parts of what it has are there no longer, or not yet
	Retimed ChangeKind = "retimed" // the positions of a source mean the same, the times of its splits do not
	Resumed ChangeKind = "resumed" // what the checkpoint has means the same; what comes is different
	Same    ChangeKind = "same"
)

// keeps reports whether what the checkpoint has for the step can be used.
func (k ChangeKind) keeps() bool { return k != Added && k != Removed && k != Changed }

// String explains the change: a line, then the lines that differ.
func (c Change) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", c.Step, c.Means)
	for _, line := range c.Was {
		fmt.Fprintf(&b, "\n- %s", line)
	}
	for _, line := range c.Is {
		fmt.Fprintf(&b, "\n+ %s", line)
	}
	return b.String()
}

// ChangedError says that the job is not the one that the checkpoint was taken
// of, and what becomes of the state if it goes on all the same.
type ChangedError struct {
	Checkpoint stream.CheckpointID
	// Changes are first those of steps that the job has, in its order, then those
	// of steps that it no longer has.
	Changes []Change
	// Same are the other steps that keep something.
	Same []Change
}

// Error explains every change on lines of its own.
func (e *ChangedError) Error() string {
	return fmt.Sprintf("the job has changed since checkpoint %d; to resume from there anyway would mean:%s", e.Checkpoint, e.outcome())
}

// Class implements failure.Classified.
func (e *ChangedError) Class() failure.Class { return failure.ClassFatal }

// Accepted tells of the same where the job goes on.
func (e *ChangedError) Accepted() string {
	return fmt.Sprintf("the job has changed since checkpoint %d and resumes like this:%s", e.Checkpoint, e.outcome())
}

// Outcome says in lines what becomes of each step that keeps something.
func (e *ChangedError) Outcome() (lines []string) {
	for _, c := range slices.Concat(e.Changes, e.Same) {
		lines = append(lines, strings.Split(c.String(), "\n")...)
	}
	return lines
}

func (e *ChangedError) outcome() string { return "\n  " + strings.Join(e.Outcome(), "\n  ") }

// Retimes reports whether the splits of a source are to forget how far their event
// time had come. A nil error changes nothing.
func (e *ChangedError) Retimes(step string) bool {
	return e != nil && slices.ContainsFunc(e.Changes, func(c Change) bool { return c.Step == step && c.Kind == Retimed })
}

// drops reports whether the state of a step cannot be used.
func (e *ChangedError) drops(step string) bool {
	return slices.ContainsFunc(e.Changes, func(c Change) bool { return c.Step == step && !c.Kind.keeps() })
}

// compare returns how the steps that keep something differ between checkpoint and
// job; nil if they do not. Parallelism may differ, and so may steps that keep
// nothing, unless what they do comes to the state of one that does, in whose definition
// it is.
func compare(m *Manifest, steps []StepInfo) *ChangedError {
	e := &ChangedError{Checkpoint: m.Checkpoint}
	became := map[string]ChangeKind{}
	for _, now := range steps {
		if then := m.Step(now.ID); now.keeps() || then != nil && then.Stateful {
			became[now.ID] = kindOf(then, now)
		}
	}
	for _, now := range steps {
		if kind := became[now.ID]; kind != "" {
			meaning := means(kind, roleOf(m.Step(now.ID), now))
			if m.readsAgain(now, kind) {
				meaning += takenInAgain(now, steps, became)
			}
			e.add(m.Step(now.ID), now, kind, meaning)
		}
	}
	for _, then := range m.Steps {
		gone := !slices.ContainsFunc(steps, func(now StepInfo) bool { return now.ID == then.ID })
		if gone && then.Stateful {
			e.add(&then, StepInfo{ID: then.ID}, Removed, means(Removed, roleOf(&then, StepInfo{})))
		}
	}
	if len(e.Changes) == 0 {
		return nil
	}
	return e
}

// kindOf returns what has become of a step that keeps something, then or now.
func kindOf(then *Step, now StepInfo) ChangeKind {
	switch {
	case then == nil || !then.Stateful:
		return Added
	case !now.keeps():
		return Removed
	}
	return kinds[affected(then.Definition, now.Definition)]
}

// kinds has what a change is by what of the state it affects.
var kinds = map[stream.Bearing]ChangeKind{
	stream.Whole: Changed, stream.Part: Partly, stream.Time: Retimed, stream.Rows: Resumed, stream.Nothing: Same,
}

// add notes what has become of a step, with the lines that differ.
func (e *ChangedError) add(then *Step, now StepInfo, kind ChangeKind, means string) {
	c := Change{Step: now.ID, Kind: kind, Means: means}
	switch kind {
	case Same:
		e.Same = append(e.Same, c)
		return
	case Changed, Partly, Retimed, Resumed:
		c.Was, c.Is = differing(then.Definition, now.Definition)
	}
	e.Changes = append(e.Changes, c)
}
