package runs

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"unsafe"
)

// Search looks the keys of a batch up in the runs of a table, together: from the newest run
// on, each is asked for those keys of which no newer one has told.
//
//	s.Begin()
//	s.Add(key, k) // for each key
//	for _, run := range newestFirst {
//		err := s.In(run, func(k int32, key, value []byte) error { … })
//	}
//
// All keys are looked for in the index of a run, then in its filters, and what is left in
// its chunks: so the processor waits for memory, and a disk is asked, for many at once.
type Search struct {
	layout Layout
	keys   []byte // one behind the other
	sought []sought
	window window
}

// sought is a key that is looked for.
type sought struct {
	bound
	prefix  uint64 // its filter hash
	at, end uint32 // where the key lies
	number  int32  // that the caller has given it
	chunk   int32  // where it is looked for; noChunk or told
}

// What stands in place of the chunk of a key.
const (
	noChunk = -1 // the run does not have the key
	told    = -2 // the run has told of the key
)

// NewSearch returns a search in runs of one layout.
func NewSearch(layout Layout) *Search {
	layout, _ = layout.normal() // no run has one that is wrong, and In says so
	return &Search{layout: layout}
}

// Begin forgets all keys.
func (s *Search) Begin() { s.keys, s.sought = s.keys[:0], s.sought[:0] }

// Len returns how many keys are left: no run has told of them yet.
func (s *Search) Len() int { return len(s.sought) }

// Memory returns how many bytes of memory the search takes.
func (s *Search) Memory() int {
	return cap(s.keys) + int(unsafe.Sizeof(sought{}))*cap(s.sought) + s.window.memory()
}

// Add adds a key, which the caller knows by a number. It has the length that keys of the
// layout have at least.
func (s *Search) Add(key []byte, number int32) {
	at := uint32(len(s.keys))
	s.keys = append(s.keys, key...)
	s.sought = append(s.sought, sought{
		bound:  s.layout.boundOf(key),
		prefix: filterHash(key[:min(len(key), s.layout.KeyPrefix)]),
		at:     at, end: uint32(len(s.keys)),
		number: number,
	})
}

func (s *Search) key(w *sought) []byte { return s.keys[w.at:w.end] }

// Sort brings the keys that were added into their order. It comes before the first run.
func (s *Search) Sort() {
	slices.SortFunc(s.sought, func(a, b sought) int {
		switch {
		case a.bucket != b.bucket:
			return cmp.Compare(a.bucket, b.bucket)
		case a.hash != b.hash:
			return cmp.Compare(a.hash, b.hash)
		}
		return bytes.Compare(s.key(&a), s.key(&b))
	})
}

var errLayout = errors.New("its keys are not made like those that are looked for")

// In asks a run for the keys that are left, and calls found for each that it has a value
// of, in the order of the keys. key and value are valid until found returns. Afterwards
// those keys are no longer left, nor are those that the run says are gone.
//
// An error of a chunk names run, chunk and offset; that of found is returned as it is. The
// search is then to be begun anew.
func (s *Search) In(run Run, found func(number int32, key, value []byte) error) error {
	if len(s.sought) == 0 {
		return nil
	}
	if run.Meta.head.layout != s.layout {
		return fmt.Errorf("runs: %s: %w", run.Name, errLayout)
	}
	s.locate(run.Meta)
	s.hide(run.From)
	if s.filter(run.Meta) {
		if err := s.read(run, found); err != nil {
			return err
		}
	}
	s.leave(run.Meta)
	return nil
}

// locate finds the chunk of each key.
func (s *Search) locate(m *Meta) {
	p := place{x: &m.index, m: m}
	for i := range s.sought {
		w := &s.sought[i]
		w.chunk = int32(p.find(w.bound, s.keys[w.at:w.end]))
	}
}

// hide gives up the keys before the one from which on a run counts.
func (s *Search) hide(from []byte) {
	for i := range s.sought {
		w := &s.sought[i]
		if bytes.Compare(s.key(w), from) >= 0 {
			return
		}
		w.chunk = noChunk
	}
}

// filter gives up the chunks that do not have their keys, and reports whether any is left.
func (s *Search) filter(m *Meta) (some bool) {
	for i := range s.sought {
		switch w := &s.sought[i]; {
		case w.chunk == noChunk:
		case !filterHas(m.filter(int(w.chunk)), w.prefix):
			w.chunk = noChunk
		default:
			some = true
		}
	}
	return some
}

// leave drops the keys that the run has told of.
func (s *Search) leave(m *Meta) {
	until, drops := m.Dropped()
	s.sought = slices.DeleteFunc(s.sought, func(w sought) bool {
		return w.chunk == told || drops && w.bucket <= bias(until)
	})
}
