package files

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/stream"
)

// Witness implements stream.Witnessed: the folder tells what has been shown.
func (s *sink) Witness(c stream.CommitterContext) stream.Witness {
	return &committer{context: c, folder: s.folder(c.Job, c.Sink, c.Run)}
}

// ShownAfter implements stream.Witness. It finds part files, and records of those
// that readers of the folder have taken away.
func (c *committer) ShownAfter(id stream.CheckpointID) ([]stream.Shown, error) {
	names, err := listOrNothing(c.files(), c.folder.out)
	if err != nil {
		return nil, fmt.Errorf("file sink: %w", withRemedy(err))
	}
	var shown []stream.Shown
	visible := map[stream.CheckpointID]bool{}
	for _, n := range names {
		if s, ok := c.folder.parsePart(n); ok && s.Checkpoint > id {
			shown = append(shown, s)
			visible[s.Checkpoint] = true
		}
	}
	records, err := listOrNothing(c.files(), c.folder.at(c.folder.runStaging()))
	if err != nil {
		return nil, fmt.Errorf("file sink: %w", withRemedy(err))
	}
	for _, n := range records {
		if recorded, ok := parseShown(n); ok && recorded > id && !visible[recorded] {
			shown = append(shown, stream.Shown{Name: c.folder.at(c.folder.shown(recorded)), Checkpoint: recorded})
		}
	}
	return shown, nil
}

// Whole implements stream.Witness.
func (c *committer) Whole(id stream.CheckpointID, pending []stream.Pending) error {
	all, err := decode(pending)
	if err == nil {
		_, err = c.waiting(id, all)
	}
	if err != nil {
		return fmt.Errorf("file sink: output of checkpoint %d in %s: %w", id, c.folder.out, err)
	}
	return nil
}

// parsePart reads the name of a part file of this sink and run.
func (f folder) parsePart(name string) (s stream.Shown, ok bool) {
	rest, ok := strings.CutPrefix(name, fmt.Sprintf("part-%s-%s-", f.sink, f.run))
	if _, isPart := runOf(name); !ok || !isPart {
		return s, false
	}
	numbers := strings.SplitN(rest, "-", 3)
	if len(numbers) < 3 {
		return s, false
	}
	generation, err := strconv.ParseUint(numbers[0], 10, 64)
	id, ok := parseID(numbers[1])
	return stream.Shown{Name: f.at(name), Generation: generation, Checkpoint: id}, ok && err == nil
}

// parseShown reads the name of a record of what has been shown.
func parseShown(name string) (stream.CheckpointID, bool) {
	text, ok := strings.CutPrefix(name, shownPrefix)
	if !ok {
		return 0, false
	}
	return parseID(text)
}

func parseID(text string) (stream.CheckpointID, bool) {
	id, err := strconv.ParseUint(text, 10, 64)
	return stream.CheckpointID(id), err == nil
}
