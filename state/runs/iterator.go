package runs

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/weirstream/weir/state/keyrange"
)

// Run is a run that can be read.
type Run struct {
	Name   string // for messages, such as "run 7" or "table panes"
	Meta   *Meta
	Chunks ChunkReader
	// From hides the entries whose keys lie before it; nil hides none.
	From []byte
	// Explain, if set, makes of what is wrong with the run the error that iterators return.
	Explain func(error) error
}

// Rows returns an iterator over the entries whose hashes lie in a range. It reads only the
// chunks that can hold some.
func (r Run) Rows(keys keyrange.Range) *Iterator {
	return &Iterator{run: r, keys: keys, all: keys == keyrange.All, least: r.Meta.head.layout.least(), number: -1}
}

// Iterator goes through entries of a run, tombstones included, in the order of their keys.
// It begins before the first one.
type Iterator struct {
	run   Run
	keys  keyrange.Range
	all   bool // keys is every hash
	least int  // bytes of a key

	number  int // of the chunk that content is; -1 before the first one, the number of chunks at the end
	content []byte
	rest    []byte // of content, behind the entry
	began   int    // where in content the entry begins
	buffer  []byte
	entry   entry
	err     error
	held    bool // the entry is the one that Next moves to
}

// Next moves to the next entry. It returns false where there is none, and after an error.
func (it *Iterator) Next() bool {
	switch {
	case it.held:
		it.held = false
		return true
	case it.number < 0 && it.run.From != nil:
		return it.Seek(it.run.From)
	}
	for it.err == nil {
		if len(it.rest) == 0 {
			if !it.load(it.number + 1) {
				return false
			}
		}
		if !it.decode() {
			return false
		}
		if it.all || it.keys.Contains(it.run.Meta.head.layout.hash(it.entry.key)) {
			return true
		}
	}
	return false
}

// Seek moves to the first entry whose key does not lie before a given one, backwards, too.
// It returns false where there is none, and after an error.
func (it *Iterator) Seek(key []byte) bool {
	it.held = false
	if it.err != nil {
		return false
	}
	if bytes.Compare(key, it.run.From) < 0 {
		key = it.run.From
	}
	if n := max(it.run.Meta.find(key), 0); n == it.number {
		it.rest = it.content
	} else if !it.load(n) {
		return false
	}
	for it.Next() {
		if bytes.Compare(it.entry.key, key) >= 0 {
			return true
		}
	}
	return false
}

// FindPrefix moves to the first entry whose key begins like this: with the hash at least.
// Next moves on from there. It returns false where there is none, which it mostly knows without
// reading a chunk, and after an error.
func (it *Iterator) FindPrefix(prefix []byte) bool {
	it.held = false
	n := it.run.Meta.find(prefix)
	if it.err != nil || n < 0 || bytes.Compare(prefix, it.run.From) < 0 || !it.run.Meta.chunkMayBegin(n, prefix) {
		return false
	}
	switch {
	case n != it.number:
		if !it.load(n) {
			return false
		}
	case bytes.Compare(it.entry.key, prefix) >= 0: // in this chunk, for it is loaded at a key only
		it.rest = it.content
	}
	for len(it.rest) > 0 && it.decode() {
		if bytes.Compare(it.entry.key, prefix) >= 0 {
			return bytes.HasPrefix(it.entry.key, prefix)
		}
	}
	return false
}

// Start moves to before the first entry whose key does not lie before a given one: it is
// what the next call of Next moves to.
func (it *Iterator) Start(key []byte) { it.held = it.Seek(key) }

// Key returns the entry's key. It is valid until the next call of Next or Seek.
func (it *Iterator) Key() []byte { return it.entry.key }

// Value returns the entry's value, nothing for a tombstone. It is valid until the next
// call of Next or Seek.
func (it *Iterator) Value() []byte { return it.entry.value }

// Deleted reports whether the entry is a tombstone.
func (it *Iterator) Deleted() bool { return it.entry.deleted }

// Err returns what ended the iteration too early. It names run, chunk and offset.
func (it *Iterator) Err() error { return it.err }

// load reads the first chunk from n on that can hold an entry of the range.
func (it *Iterator) load(n int) bool {
	meta := it.run.Meta
	for n < meta.Chunks() && !it.all && !meta.MayHold(n, it.keys) {
		n++
	}
	it.number, it.content, it.rest = n, nil, nil
	if n >= meta.Chunks() {
		it.number = meta.Chunks() // there Next stays
		return false
	}
	c := meta.Chunk(n)
	if cap(it.buffer) < c.Length {
		it.buffer = make([]byte, max(c.Length, chunkBytes))
	}
	content, err := it.run.Chunks.ReadChunk(c, it.buffer[:c.Length])
	if err == nil {
		err = c.check(content)
	}
	it.content, it.rest = content, content
	return it.accept(err)
}

// decode reads the entry that rest begins with.
func (it *Iterator) decode() bool {
	it.began = len(it.content) - len(it.rest)
	rest, err := it.entry.read(it.rest)
	if err == nil && len(it.entry.key) < it.least {
		err = errShortKey
	}
	if err != nil {
		return it.accept(fmt.Errorf("the entry %d bytes into it %w", it.began, err))
	}
	it.rest = rest
	return true
}

var errShortKey = errors.New("has a key too short for a hash")

// accept keeps an error, if there is one, with its place.
func (it *Iterator) accept(err error) bool {
	if err != nil {
		it.err = it.run.at(it.run.Meta.Chunk(it.number), err)
	}
	return err == nil
}

// at says of an error what chunk it is of.
func (r Run) at(c Chunk, err error) error {
	err = fmt.Errorf("runs: %s: chunk %d at offset %d: %w", r.Name, c.Number, c.Offset, err)
	if r.Explain != nil {
		err = r.Explain(err)
	}
	return err
}
