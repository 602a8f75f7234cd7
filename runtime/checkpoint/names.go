package checkpoint

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/stream"
)

// The names of objects begin with one of these. Behind it, slots have their
// number, manifests and markers the generation and checkpoint that they belong to
// ([tag]), state objects their writer ([stateName]).
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

// stateName is the name of the state object with a number that an owner has given to
// no other, for a subtask. Because nobody else has the owner's nonce, nobody else uses
// the name: no owner before or after it, and no other store that the object may be
// copied to. It says nothing of checkpoints: any may refer to the object.
func stateName(nonce string, number uint64, step string, subtask int) string {
	return fmt.Sprintf("%s%s-%d-%s-%d", statePrefix, nonce, number, url.PathEscape(step), subtask)
}

// parseStateName returns the nonce of the owner that has written a state object.
func parseStateName(name string) (nonce string, ok bool) {
	nonce, rest, _ := strings.Cut(strings.TrimPrefix(name, statePrefix), "-")
	number, subtask, _ := strings.Cut(rest, "-")
	_, err := strconv.ParseUint(number, 10, 64)
	ok = err == nil && subtask != "" && !strings.Contains(subtask, "/") // a folder is none of ours
	return nonce, ok && len(nonce) == nonceDigits && strings.Trim(nonce, "0123456789abcdef") == ""
}

// nonceDigits is the length of a nonce, as hexName makes it.
const nonceDigits = 32

func manifestName(generation uint64, id stream.CheckpointID) string {
	return manifestPrefix + tag(generation, id)
}

func markerName(decided *slot) string {
	return markerPrefix + tag(decided.Generation, decided.Checkpoint)
}
