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

// Change is a step for which a checkpoint does not mean what the job means.
type Change struct {
	Step string
	Kind ChangeKind
	// Was and Is are the lines that differ, of the step's definition or of what it
	// reads.
	Was, Is []string
}

// ChangeKind tells changes apart.
type ChangeKind string

// What can have become of a step that keeps state.
const (
	Added    ChangeKind = "added; it starts without state"               // the checkpoint has nothing for it
	Removed  ChangeKind = "removed; its state is dropped"                // the job has no use for what the checkpoint has
	Changed  ChangeKind = "changed; its state is dropped"                // what the checkpoint has means something else
	Rerouted ChangeKind = "what it reads has changed; its state is kept" // its rows came by another way
)

// String explains the change: a line, then the lines that differ.
func (c Change) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", c.Step, c.Kind)
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
	Same []string
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
	for _, c := range e.Changes {
		fmt.Fprintf(&b, "\n  %s", strings.ReplaceAll(c.String(), "\n", "\n  "))
	}
	for _, step := range e.Same {
		fmt.Fprintf(&b, "\n  %s: the same; its state is kept", step)
	}
	return b.String()
}

// drops reports whether the state of a step cannot be used.
func (e *ChangedError) drops(step string) bool {
	return slices.ContainsFunc(e.Changes, func(c Change) bool { return c.Step == step && c.Kind != Rerouted })
}

// compare returns how the steps that keep something differ between checkpoint and
// job; nil if they do not. Parallelism may differ, and so may steps that keep
// nothing, unless what they do comes to the state of one that does.
func compare(m *Manifest, steps []StepInfo) *ChangedError {
	e := &ChangedError{Checkpoint: m.Checkpoint}
	for _, now := range steps {
		then := m.Step(now.ID)
		switch {
		case then == nil || !then.Stateful:
			if now.keeps() {
				e.add(now.ID, Added, "", "")
			}
		case !now.keeps():
			e.add(now.ID, Removed, "", "")
		case then.DefinitionHash != definitionHash(now.Definition):
			e.add(now.ID, Changed, then.Definition, now.Definition)
		case then.Reads != now.Reads:
			e.add(now.ID, Rerouted, then.Reads, now.Reads)
		default:
			e.Same = append(e.Same, now.ID)
		}
	}
	for _, then := range m.Steps {
		gone := !slices.ContainsFunc(steps, func(now StepInfo) bool { return now.ID == then.ID })
		if gone && then.Stateful {
			e.add(then.ID, Removed, "", "")
		}
	}
	if len(e.Changes) == 0 {
		return nil
	}
	return e
}

func (e *ChangedError) add(step string, kind ChangeKind, was, is string) {
	c := Change{Step: step, Kind: kind}
	if was != is {
		c.Was, c.Is = differing(was, is)
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
