package checkpoint

import (
	"crypto/sha256"
	"encoding/hex"
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
	// Was and Is are the lines that differ, of the step's definition or of what it
	// reads.
	Was, Is []string
}

// ChangeKind tells changes apart.
type ChangeKind string

// What can have become of a step.
const (
	Added    ChangeKind = "added"    // the checkpoint has nothing for it
	Removed  ChangeKind = "removed"  // the job has no use for what the checkpoint has
	Changed  ChangeKind = "changed"  // what the checkpoint has means something else
	Resumed  ChangeKind = "resumed"  // a source has changed, and its positions mean the same
	Retimed  ChangeKind = "retimed"  // so they do, but the times of its splits do not
	Rerouted ChangeKind = "rerouted" // its rows came by another way
	Same     ChangeKind = "same"
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

func (e *ChangedError) outcome() string {
	var b strings.Builder
	for _, c := range slices.Concat(e.Changes, e.Same) {
		fmt.Fprintf(&b, "\n  %s", strings.ReplaceAll(c.String(), "\n", "\n  "))
	}
	return b.String()
}

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
// nothing, unless what they do comes to the state of one that does.
func compare(m *Manifest, steps []StepInfo) *ChangedError {
	e := &ChangedError{Checkpoint: m.Checkpoint}
	kinds := map[string]ChangeKind{}
	for _, now := range steps {
		if then := m.Step(now.ID); now.keeps() || then != nil && then.Stateful {
			kinds[now.ID] = kindOf(then, now)
		}
	}
	for _, now := range steps {
		if kind := kinds[now.ID]; kind != "" {
			meaning := means(kind, roleOf(m.Step(now.ID), now))
			if m.readsAgain(now, kind) {
				meaning += takenInAgain(now, steps, kinds)
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
	case now.Source && then.DefinitionHash != definitionHash(now.Definition):
		return kindOfSource(then.Reads, now.Reads)
	case then.DefinitionHash != definitionHash(now.Definition):
		return Changed
	case now.Source: // checkpoints of earlier versions do not say what it reads
		return Same
	case then.Reads != now.Reads:
		return Rerouted
	}
	return Same
}

// add notes what has become of a step, with the lines that differ.
func (e *ChangedError) add(then *Step, now StepInfo, kind ChangeKind, means string) {
	c := Change{Step: now.ID, Kind: kind, Means: means}
	switch kind {
	case Same:
		e.Same = append(e.Same, c)
		return
	case Changed, Resumed, Retimed:
		c.Was, c.Is = differing(then.Definition, now.Definition)
	case Rerouted:
		c.Was, c.Is = differing(then.Reads, now.Reads)
	}
	e.Changes = append(e.Changes, c)
}

// differing returns the lines between the common start and the common end.
func differing(was, is string) (wasLines, isLines []string) {
	a, b := strings.Split(was, "\n"), strings.Split(is, "\n")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b
}

func definitionHash(definition string) string {
	sum := sha256.Sum256([]byte(definition))
	return hex.EncodeToString(sum[:])
}
