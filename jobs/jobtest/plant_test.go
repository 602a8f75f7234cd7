package jobtest

import (
	"fmt"
	"slices"
	"strings"
)

// plant is a change of one line of the sources: a mistake that one can make
// there.
type plant struct {
	bug  string
	file string // from the root of the module
	line string // without its indentation; it stands in the file once
	// with is what the line becomes: nothing, another line or, where one is
	// added, the line and that one.
	with  string
	means string
	by    finder // zero is the simulation
}

var planted = slices.Concat(plantedEngine, plantedValues, plantedFiles, plantedStore, plantedState, plantedOperators,
	plantedOutside, plantedShardlog, plantedSinks, plantedSavepoint, plantedRestore, plantedMessages)

// finder is a general test that has to find a planted bug: a property, a
// comparison with a model, a simulation. None of them knows which one it is.
type finder struct {
	dir  string // of its package, from the root of the module
	test string
}

var (
	silence    = finder{"jobs/jobtest", "TestSilence"}
	changelogs = finder{"jobs/jobtest", "TestChangelogsComeToTheirRows"}

	aligned     = finder{"runtime/task", "TestSourcesAreAligned"}
	told        = finder{"runtime/task", "TestSourcesAreToldOfCheckpoints"}
	shardsMerge = finder{"runtime/task", "TestShardsSplitAndMerge"}

	chainedAggregates = finder{"jobs/jobtest", "TestAggregatesOfAggregates"}
)

// root is the folder of the module.
const root = "../.."

// change returns the source with the bug in it.
func (p plant) change(source string) (string, error) {
	if with := strings.Split(p.with, "\n"); len(with) > 2 || len(with) == 2 && !slices.Contains(with, p.line) {
		return "", fmt.Errorf("%q is more than one line changed", p.with)
	}
	lines := strings.Split(source, "\n")
	at := -1
	for i, line := range lines {
		switch {
		case strings.TrimSpace(line) != p.line:
		case at >= 0:
			return "", fmt.Errorf("%q is both line %d and line %d; name another line", p.line, at+1, i+1)
		default:
			at = i
		}
	}
	if at < 0 {
		return "", fmt.Errorf("%q is no line of it any more; plant the bug in what has taken its place", p.line)
	}
	lines[at] = p.with
	return strings.Join(lines, "\n"), nil
}
