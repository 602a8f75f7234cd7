package badger

import (
	"sort"
	"sync/atomic"

	"github.com/weirstream/weir/state/runs"
)

// run is a run of a store. Another one of the same ID has another key, so what is left of
// one that was dropped is never taken for its successor.
type run struct {
	id  runs.ID
	key uint64

	complete, dropped bool // under the store's mutex

	pieces atomic.Pointer[[]piece] // in order; changed under the store's mutex, by replacing it
}

// piece is some chunks of a run that lie in one database, and move to another together.
type piece struct {
	first, chunks int
	bytes         int64
	in            *database
}

// pieceBytes is what a piece has at most, unless it is a single batch that takes more.
const pieceBytes = 8 << 20

func newRun(id runs.ID, key uint64) *run {
	r := &run{id: id, key: key}
	r.pieces.Store(new([]piece))
	return r
}

// find returns the piece that has a chunk.
func (r *run) find(chunk int) (p piece, ok bool) {
	pieces := *r.pieces.Load()
	at := sort.Search(len(pieces), func(i int) bool { return pieces[i].first > chunk }) - 1
	if at < 0 || chunk >= pieces[at].first+pieces[at].chunks {
		return piece{}, false
	}
	return pieces[at], true
}

// chunks returns how many chunks have been written.
func (r *run) chunks() int {
	pieces := *r.pieces.Load()
	if len(pieces) == 0 {
		return 0
	}
	last := pieces[len(pieces)-1]
	return last.first + last.chunks
}

// grow adds what has been written at the end.
func (r *run) grow(added piece) {
	pieces := append([]piece(nil), *r.pieces.Load()...)
	if n := len(pieces); n > 0 && pieces[n-1].in == added.in && pieces[n-1].bytes+added.bytes <= pieceBytes {
		pieces[n-1].chunks += added.chunks
		pieces[n-1].bytes += added.bytes
	} else {
		pieces = append(pieces, added)
	}
	r.pieces.Store(&pieces)
}

// move says that a piece now lies in another database.
func (r *run) move(at piece, to *database) {
	pieces := append([]piece(nil), *r.pieces.Load()...)
	for i := range pieces {
		if pieces[i].first == at.first {
			pieces[i].in = to
		}
	}
	r.pieces.Store(&pieces)
}
