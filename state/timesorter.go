package state

import (
	"math/bits"
	"runtime"
	"slices"

	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// timeSorter makes runs of times: of pieces, each as large as memory allows. Keys come in their
// order, and those of one time stay in it.
type timeSorter struct {
	tier    *Tier
	pool    *blockPool
	of      *dueTime
	most    int // bytes of keys that are sorted at once
	expect  int // rows
	bytes   int
	fetched byte // what fetch has read, so that it is read
	blocks  [][]byte
	rows    []timedKey
	pieces  chain
}

// timedKey is the key of a row, and the time by which it is due.
type timedKey struct {
	time  uint64 // [biased]
	block uint32
	at    uint32 // of blockBytes at most, as long as keys are not alone in their block
	key   uint32 // bytes
}

// timesLayout is that of runs of times. Nobody looks for a single key in them, so their filters
// are of times alone.
var timesLayout = runs.Layout{Bucketed: true, KeyPrefix: bucketBytes}

// timesBytes is how many bytes of keys are sorted by time at once, or timesPart of what the tier
// has, if that is more; tests take less.
var timesBytes = 16 << 20

const timesPart = 16

// mostPieces is how many runs of times a run may have beside it: as many as rows that take all
// memory make, and some that are longer than most.
const mostPieces = timesPart / 2

// newSorter returns what sorts the times of about so many rows.
func (c *cold) newSorter(rows int) timeSorter {
	return timeSorter{tier: c.tier, pool: c.pool, of: c.due, most: max(timesBytes, int(c.tier.memory/timesPart)), expect: rows}
}

func (s *timeSorter) put(key, value []byte) error {
	time, ok := s.of.of(key, value)
	if !ok {
		return nil
	}
	if s.rows == nil {
		s.rows = make([]timedKey, 0, min(s.expect, s.most/len(key)+1))
	}
	s.blocks = appendBlocks(s.blocks, s.pool, key)
	last := len(s.blocks) - 1
	s.rows = append(s.rows, timedKey{biased(time), uint32(last), uint32(len(s.blocks[last]) - len(key)), uint32(len(key))})
	if s.bytes += len(key); s.bytes < s.most {
		return nil
	}
	return s.flush()
}

// flush writes a piece.
func (s *timeSorter) flush() error {
	s.sort()
	var key []byte
	err := s.write(func(w *runs.Builder) error {
		for i, r := range s.rows {
			if i%fetchRows == 0 {
				s.fetch(i)
			}
			key = append(runs.AppendBucket(key[:0], int64(r.time^1<<63)), s.blocks[r.block][r.at:][:r.key]...)
			if err := w.Put(key, nil); err != nil {
				return err
			}
		}
		return nil
	})
	s.pool.put(s.blocks)
	clear(s.blocks)
	s.blocks, s.rows, s.bytes = s.blocks[:0], s.rows[:0], 0
	return err
}

// fetchRows is how many keys are read together.
const fetchRows = 32

// fetch reads a byte of each of the next keys: they lie anywhere, and one by one each would wait
// for memory.
func (s *timeSorter) fetch(i int) {
	for _, r := range s.rows[i:min(i+fetchRows, len(s.rows))] {
		block := s.blocks[r.block]
		s.fetched += block[r.at] + block[r.at+r.key-1]
	}
}

// sort brings rows into the order of their times, by digits, the least significant first. Those
// that are alike stay as they are.
func (s *timeSorter) sort() {
	all, one := uint64(0), ^uint64(0) // bits that some time has, and that all have
	for i := range s.rows {
		all, one = all|s.rows[i].time, one&s.rows[i].time
	}
	differ := all &^ one
	if differ == 0 {
		return
	}
	var scratch []timedKey
	for shift := bits.TrailingZeros64(differ); shift < bits.Len64(differ); shift += digitBits {
		if differ>>shift&(1<<digitBits-1) == 0 {
			continue
		}
		scratch = slices.Grow(scratch[:0], len(s.rows))[:len(s.rows)]
		sortTimes(scratch, s.rows, shift)
		s.rows, scratch = scratch, s.rows
		runtime.Gosched()
	}
}

// sortTimes sorts by a digit.
func sortTimes(to, from []timedKey, shift int) {
	const mask = 1<<digitBits - 1
	var ends [mask + 2]int
	for i := range from {
		ends[from[i].time>>(shift&63)&mask+1]++
	}
	for d := range mask {
		ends[d+1] += ends[d]
	}
	for i := range from {
		at := &ends[from[i].time>>(shift&63)&mask]
		to[*at] = from[i]
		*at++
	}
}

func (s *timeSorter) write(add func(*runs.Builder) error) error {
	r, err := s.tier.write(timesLayout, add)
	if err == nil {
		s.pieces = append(s.pieces, r)
	}
	return err
}

// finish returns all times in at most so many runs.
func (s *timeSorter) finish(most int) (chain, error) {
	if len(s.rows) > 0 {
		if err := s.flush(); err != nil {
			return nil, err
		}
	}
	if n := len(s.pieces); n > most {
		if err := s.join(); err != nil {
			return nil, err
		}
		s.pieces[:n].release()
		s.pieces = s.pieces[n:]
	}
	return s.pieces, nil
}

// join makes one piece of those that there are.
func (s *timeSorter) join() error {
	var pieces []*runs.Iterator
	for _, piece := range s.pieces {
		pieces = append(pieces, piece.run.Rows(keyrange.All))
	}
	all := runs.Merge(pieces...)
	return s.write(func(w *runs.Builder) error {
		for all.Next() {
			taken, err := w.TakeChunk(all, false)
			if err == nil && !taken {
				err = w.Put(all.Key(), nil)
			}
			if err != nil {
				return err
			}
		}
		return all.Err()
	})
}

// drop gives up what has been written.
func (s *timeSorter) drop() {
	s.pool.put(s.blocks)
	s.blocks = nil
	s.pieces.release()
}
