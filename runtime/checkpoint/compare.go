package checkpoint

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Change is a step whose part of a checkpoint a job cannot go on with.
type Change struct {
	Step string
	Kind ChangeKind
	// Was and Is are the definitions' lines that differ.
	Was, Is []string
}

// ChangeKind tells changes apart.
type ChangeKind string

// What can have become of a step that keeps state.
const (
	Added   ChangeKind = "added"   // the checkpoint has nothing for it
	Removed ChangeKind = "removed" // the job has no use for what the checkpoint has
	Changed ChangeKind = "changed" // what the checkpoint has means something else
)

// String explains the change: a line, then the lines that differ.
func (c Change) String() string {
	var b strings.Builder
	switch c.Kind {
	case Added:
		fmt.Fprintf(&b, "%s: added; it would start without state", c.Step)
	case Removed:
		fmt.Fprintf(&b, "%s: removed; its state would be dropped", c.Step)
	case Changed:
		fmt.Fprintf(&b, "%s: changed; its state would be dropped", c.Step)
	}
	for _, line := range c.Was {
		fmt.Fprintf(&b, "\n- %s", line)
	}
	for _, line := range c.Is {
		fmt.Fprintf(&b, "\n+ %s", line)
	}
	return b.String()
}

// Compare returns the steps that keep state and of which checkpoint and job
// differ: first those that the job has, in its order, then those that it no
// longer has. Parallelism may differ, and so may steps that keep nothing.
func Compare(m *Manifest, steps []StepInfo) []Change {
	var changes []Change
	for _, now := range steps {
		then := m.Step(now.ID)
		switch {
		case then == nil || !then.Stateful:
			if now.keeps() {
				changes = append(changes, Change{Step: now.ID, Kind: Added})
			}
		case !now.keeps():
			changes = append(changes, Change{Step: now.ID, Kind: Removed})
		case then.DefinitionHash != definitionHash(now.Definition):
			was, is := differing(then.Definition, now.Definition)
			changes = append(changes, Change{now.ID, Changed, was, is})
		}
	}
	for _, then := range m.Steps {
		gone := !slices.ContainsFunc(steps, func(now StepInfo) bool { return now.ID == then.ID })
		if gone && then.Stateful {
			changes = append(changes, Change{Step: then.ID, Kind: Removed})
		}
	}
	return changes
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
