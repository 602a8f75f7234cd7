package checkpoint

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/stream"
)

// The names of objects begin with one of these. Behind it, slots have their
// number, all others the generation and checkpoint that they belong to ([tag]).
const (
	slotPrefix     = "slots/"
	manifestPrefix = "manifests/"
	statePrefix    = "state/"
	markerPrefix   = "committed/"
)

// copySuffix ends the name of the second copy of a slot or manifest.
const copySuffix = ".copy"

// greatest bounds the numbers of slots, generations and checkpoints: no job
// comes so far in the lifetime of a disk. What claims more is none of ours, and
// must not make a sum go round.
const greatest = 1 << 62

func slotName(number uint64) string { return fmt.Sprintf("%s%020d", slotPrefix, number) }

// parseSlotName returns the number of the slot that a name, or that of a copy,
// belongs to. There is one way to write it: "slots/7" is no slot.
func parseSlotName(name string) (number uint64, ok bool) {
	name = strings.TrimSuffix(name, copySuffix)
	number, err := strconv.ParseUint(strings.TrimPrefix(name, slotPrefix), 10, 64)
	return number, err == nil && number > 0 && number <= greatest && name == slotName(number)
}

// tag is the part of a name that says which owner wrote an object, and for
// which checkpoint. No two owners share a generation, and no owner uses an id
// twice: names are written once.
func tag(generation uint64, id stream.CheckpointID) string {
	return fmt.Sprintf("g%d-c%d", generation, id)
}

// parseTag returns what the tag behind prefix in a name says.
func parseTag(name string) (generation uint64, id stream.CheckpointID, ok bool) {
	_, base, _ := strings.Cut(name, "/")
	n, err := fmt.Sscanf(base, "g%d-c%d", &generation, &id)
	ok = n == 2 && err == nil && generation <= greatest && id <= greatest
	return generation, id, ok && !strings.Contains(base, "/") // a folder is none of ours, nor is what it holds
}

func stateName(generation uint64, id stream.CheckpointID, step string, subtask int) string {
	return fmt.Sprintf("%s%s-%s-%d", statePrefix, tag(generation, id), url.PathEscape(step), subtask)
}

func manifestName(generation uint64, id stream.CheckpointID) string {
	return manifestPrefix + tag(generation, id)
}

func markerName(decided *slot) string {
	return markerPrefix + tag(decided.Generation, decided.Checkpoint)
}
