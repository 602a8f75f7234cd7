package state

import (
	"bytes"
	"slices"

	"github.com/weirstream/weir/state/runs"
)

// risen is the rows of runs that have come up by bucket in one epoch. Of their keys memory has
// all that there is: a key that it does not have is gone. So nobody notes the keys of rows that
// come up and are deleted at once, as those of windows are. Where a checkpoint falls between,
// its run says of each that it is gone: what keys there are, the runs below know.
type risen struct {
	some    bool   // there are any
	from    []byte // the first of them
	through int64  // the last bucket,
	before  []byte // of which, if this is not nil, only the keys before it have come up
}

// has reports whether a key is one of them.
func (s *risen) has(key []byte) bool {
	if !s.some || bytes.Compare(key, s.from) < 0 {
		return false
	}
	switch bucket := runs.Bucket(key); {
	case bucket == s.through && s.before != nil:
		return bytes.Compare(key, s.before) < 0
	default:
		return bucket <= s.through
	}
}

// hasAll reports whether all keys of a bucket are among them.
func (s *risen) hasAll(bucket int64) bool {
	switch {
	case !s.some || bucket > s.through || bucket == s.through && s.before != nil:
		return false
	case len(s.from) > 0 && bucket == runs.Bucket(s.from):
		return len(s.from) == bucketBytes // no key of it is before that
	}
	return len(s.from) == 0 || bucket > runs.Bucket(s.from)
}

const bucketBytes = 8

// hides reports whether the next run says that the key of a row is gone, though nobody notes it:
// its bucket has risen, and the row is in the runs that are there. Others are in none yet.
func (c *cold) hides(t *Table, r RowID) bool {
	return c.rise.risen.some && c.rise.risen.hasAll(t.layout.bucketOf(&t.columns, r)) &&
		!slices.ContainsFunc(c.flights, func(f *flight) bool { return f.rows.has(r) })
}

// afterAll is behind all keys: a bucket, a hash and what stands in front of a value are less.
var afterAll = bytes.Repeat([]byte{0xFF}, 17)

// behind returns the first key that is not one of them.
func (s *risen) behind() []byte {
	if s.before != nil {
		return bytes.Clone(s.before)
	}
	return behindBucket(s.through)
}

// behindBucket returns the first key behind a bucket.
func behindBucket(bucket int64) []byte {
	if bucket == maxBucket {
		return afterAll
	}
	return runs.AppendBucket(nil, bucket+1)
}

// end returns what has come up in the epoch that ends, and begins the next.
func (s *rise) end() risen {
	was := s.risen
	if was.some {
		was.before = bytes.Clone(was.before)
		s.risen.some, s.risen.from = false, was.behind()
	}
	return was
}

// isDropped reports whether all of them are in buckets that are dropped.
func (s *risen) isDropped(through int64) bool {
	return !s.some || through > noBucket && s.through <= through
}

// without returns those of them that are not in buckets that are dropped.
func (s risen) without(through int64) risen {
	if through > noBucket {
		if first := behindBucket(through); bytes.Compare(s.from, first) < 0 { // through is not the last: that is all
			s.from = first
		}
	}
	return s
}

// hiding writes rows of an epoch and, of the keys that have come up in it and that it has no row
// of, that they are gone.
type hiding struct {
	rowWriter
	risen risen
	below *runs.Merged // at the next key
	more  bool
}

// hide returns a writer that hides what has come up of the runs below.
func (s risen) hide(w rowWriter, below chain) *hiding {
	h := &hiding{rowWriter: w, risen: s, below: below.from(s.from)}
	h.next()
	return h
}

func (h *hiding) next() { h.more = h.below.Next() && h.risen.has(h.below.Key()) }

// Put adds a row.
func (h *hiding) Put(key, value []byte) error {
	if err := h.upTo(key); err != nil {
		return err
	}
	return h.rowWriter.Put(key, value)
}

// Delete says that a key is gone.
func (h *hiding) Delete(key []byte) error {
	if err := h.upTo(key); err != nil {
		return err
	}
	return h.rowWriter.Delete(key)
}

// upTo hides the keys before one, which follows.
func (h *hiding) upTo(key []byte) error {
	for h.more {
		order := -1
		if key != nil {
			order = bytes.Compare(h.below.Key(), key)
		}
		if order > 0 {
			return nil
		}
		if order < 0 {
			if err := h.rowWriter.Delete(h.below.Key()); err != nil {
				return err
			}
		}
		h.next()
	}
	return h.below.Err()
}

// finish hides the rest.
func (h *hiding) finish() error { return h.upTo(nil) }

// keepRisen has rows of a flight be in the next run, too, where a run that has landed may have their
// keys, if rising has passed their buckets: it went by other runs.
func (t *Table) keepRisen(rows bitmap) {
	s := &t.cold.rise
	if s.risen.from == nil && !s.risen.some {
		return
	}
	for r := rows.next(0); r != NoRow; r = rows.next(r + 1) {
		if t.live.has(r) && t.layout.bucketOf(&t.columns, r) <= s.risen.through {
			t.touch(r)
		}
	}
}
