// Package shards is a made-up log for tests: its shards split and merge as those of a real
// one do, and it makes use of all that a source may do.
//
// The records of a key are numbered. They are in one shard at a time, in order, and go on in
// a child of it when that shard is closed. So whoever reads the shards as their parents say
// finds the records of each key in order, each once.
package shards

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Schema is that of the records: the key, the number among those of the key, the time.
var Schema = record.MustSchema(
	record.Field{Name: "key", Type: record.Int64},
	record.Field{Name: "number", Type: record.Int64},
	record.Field{Name: "at", Type: record.Timestamp},
)

// Log is a log that has been written to its end.
type Log struct {
	Shards []*Shard // parents before their children
	// Step is how many shards a discovery finds at most; 0 is all. Further ones are found
	// behind the next, as if they had been made meanwhile.
	Step int

	mu    sync.Mutex
	acked map[stream.SplitID]int  // how many records
	gone  map[stream.SplitID]bool // in this run
}

// lose notes that a shard is gone.
func (l *Log) lose(id stream.SplitID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gone[id] = true
}

// begin begins a run.
func (l *Log) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gone = map[stream.SplitID]bool{}
}

func (l *Log) isGone(id stream.SplitID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.gone[id]
}

// Acknowledged returns how many records of a shard were acknowledged.
func (l *Log) Acknowledged(id stream.SplitID) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.acked[id]
}

// Shard is a shard with its records.
type Shard struct {
	ID      stream.SplitID
	Parents []stream.SplitID
	Records []Record
	// Lost is how many of the last records cannot be read any more. The shard is gone when
	// the others have been read.
	Lost int

	from, to int64 // the keys
}

// Record is a record of a log.
type Record struct{ Key, Number, At int64 }

// Flat returns a log of so many shards of so many records each, which neither split nor
// merge.
func Flat(shards, records int) *Log {
	l := &Log{}
	for i := range shards {
		s := l.add(int64(i), int64(i)+1)
		for n := range int64(records) {
			s.Records = append(s.Records, Record{int64(i), n, n})
		}
	}
	return l
}

// Draw draws a log with that many keys. It begins with a few shards, which split or merge until
// there have been so many of them. Between two changes it has up to so many records; one is behind those before
// by at most disorder.
func Draw(random *rand.Rand, keys, shards, records int, disorder int64) *Log {
	l := &Log{}
	var open []*Shard
	roots := 1 + random.IntN(min(keys, shards, 8))
	for i := range roots {
		open = append(open, l.add(int64(keys*i/roots), int64(keys*(i+1)/roots)))
	}
	numbers := make([]int64, keys)
	clock := int64(0)
	write := func() {
		for range random.IntN(records + 1) {
			key := random.Int64N(int64(keys))
			i := slices.IndexFunc(open, func(s *Shard) bool { return key < s.to })
			clock += random.Int64N(2 * second)
			open[i].Records = append(open[i].Records, Record{key, numbers[key], max(0, clock-random.Int64N(disorder+1))})
			numbers[key]++
		}
	}
	for write(); len(l.Shards) < shards; write() {
		i := random.IntN(len(open))
		s := open[i]
		switch {
		case random.IntN(2) == 0 && s.to-s.from > 1: // split
			middle := s.from + 1 + random.Int64N(s.to-s.from-1)
			open = slices.Replace(open, i, i+1, l.add(s.from, middle, s.ID), l.add(middle, s.to, s.ID))
		case i+1 < len(open): // merge with its neighbour
			next := open[i+1]
			open = slices.Replace(open, i, i+2, l.add(s.from, next.to, s.ID, next.ID))
		}
	}
	return l
}

const second = 1_000_000

func (l *Log) add(from, to int64, parents ...stream.SplitID) *Shard {
	s := &Shard{ID: stream.SplitID(fmt.Sprintf("shard-%05d", len(l.Shards))), Parents: parents, from: from, to: to}
	l.Shards = append(l.Shards, s)
	return s
}
