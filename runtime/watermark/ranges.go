package watermark

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state/keyrange"
)

// Ranges is the watermarks that the keys of one subtask have had, where they differ: its
// state comes from several subtasks, and a barrier had overtaken the watermark at some of
// them. What an operator has done with keys at their watermark is done: windows have fired,
// rows have been cleaned up. It must neither be done again nor be taken for done with other
// keys, of which rows may be on their way that are not late.
//
// So the watermark of such a subtask is the least of them, and whether a row is late is
// decided by that of its own range as well, until the watermark has passed them all.
// There are no Ranges then, nor where they do not differ.
type Ranges []Range // all keys of the subtask, in the order of their hashes

// Range is the keys whose hash is in a range, and their watermark.
type Range struct {
	Keys keyrange.Range
	Mark record.Time
}

// RestoreRanges returns the watermarks of the keys of a subtask, by what the subtasks that
// had them before saved with AppendRanges, and the least of them. Without that, in a fresh
// start, there is no watermark.
func RestoreRanges(keys keyrange.Range, saved [][]byte) (least record.Time, ranges Ranges, err error) {
	if len(saved) == 0 {
		return record.MinTime, nil, nil
	}
	for _, text := range saved {
		if len(text)%rangeBytes != 0 {
			return 0, nil, fmt.Errorf("%d bytes are not watermarks of ranges of keys, which take %d each", len(text), rangeBytes)
		}
		for ; len(text) > 0; text = text[rangeBytes:] {
			if r := parseRange(text); r.Keys.Overlaps(keys) {
				ranges = append(ranges, Range{r.Keys.Within(keys), r.Mark})
			}
		}
	}
	slices.SortFunc(ranges, func(a, b Range) int { return cmp.Compare(a.Keys.First, b.Keys.First) })
	if err := ranges.checkCover(keys); err != nil {
		return 0, nil, err
	}
	least = ranges.least()
	return least, ranges.joined().Behind(least), nil
}

// joined makes one of ranges beside each other that have the same watermark.
func (r Ranges) joined() (joined Ranges) {
	for i, x := range r {
		if i > 0 && x.Mark == r[i-1].Mark {
			joined[len(joined)-1].Keys.Last = x.Keys.Last
			continue
		}
		joined = append(joined, x)
	}
	return joined
}

// checkCover makes sure that each key has one watermark.
func (r Ranges) checkCover(keys keyrange.Range) error {
	next := keys.First
	for i, x := range r {
		if x.Keys.First != next || i > 0 && next == 0 {
			return fmt.Errorf("they are not one for each key: behind hash %016x comes %016x", next-1, x.Keys.First)
		}
		next = x.Keys.Last + 1
	}
	if len(r) == 0 || next != keys.Last+1 {
		return fmt.Errorf("there is none for the keys from hash %016x to %016x", next, keys.Last)
	}
	return nil
}

func (r Ranges) least() record.Time {
	least := record.MaxTime
	for _, x := range r {
		least = min(least, x.Mark)
	}
	return least
}

// Greatest returns the greatest of the watermarks. REQUIRES: there are any.
func (r Ranges) Greatest() record.Time {
	greatest := record.MinTime
	for _, x := range r {
		greatest = max(greatest, x.Mark)
	}
	return greatest
}

// Of returns the watermark that a key has had; MinTime where none differ.
func (r Ranges) Of(hash uint64) record.Time {
	for _, x := range r {
		if hash <= x.Keys.Last {
			return x.Mark
		}
	}
	return record.MinTime
}

// Behind returns what is left of the ranges where the watermark of the subtask is mark: all
// of them, until it has passed the greatest.
func (r Ranges) Behind(mark record.Time) Ranges {
	if len(r) == 0 || mark >= r.Greatest() {
		return nil
	}
	return r
}

// AppendRanges appends what RestoreRanges restores: the watermarks of keys whose subtask is
// at mark, some of which were further.
func AppendRanges(to []byte, keys keyrange.Range, mark record.Time, ranges Ranges) []byte {
	if len(ranges) == 0 {
		return Range{keys, mark}.append(to)
	}
	for _, x := range ranges {
		to = Range{x.Keys, max(x.Mark, mark)}.append(to)
	}
	return to
}

// A range is saved as its first and last hash and its watermark, least significant byte
// first.
const rangeBytes = 3 * 8

func (r Range) append(to []byte) []byte {
	to = binary.LittleEndian.AppendUint64(to, r.Keys.First)
	to = binary.LittleEndian.AppendUint64(to, r.Keys.Last)
	return binary.LittleEndian.AppendUint64(to, uint64(r.Mark))
}

func parseRange(text []byte) (r Range) {
	r.Keys.First = binary.LittleEndian.Uint64(text)
	r.Keys.Last = binary.LittleEndian.Uint64(text[8:])
	r.Mark = record.Time(binary.LittleEndian.Uint64(text[16:]))
	return r
}
