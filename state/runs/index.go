package runs

import (
	"bytes"
	"sort"
)

// index finds the chunk of a key by what separators begin with, decoded. Hashes are spread
// evenly, so where one stands among those of its bucket is known to within a few chunks
// (W. W. Peterson, "Addressing for Random-Access Storage", 1957).
type index struct {
	hashes []uint64 // of each chunk's separator, as if zeros followed it
	groups []group  // the chunks by bucket; one in a run without
}

// group is chunks whose separators have one bucket.
type group struct {
	bucket uint64
	first  int
}

func newIndex(chunks int) index { return index{hashes: make([]uint64, chunks)} }

// add notes the separator of chunk n, which lies behind those before.
func (x *index) add(n int, b bound) {
	x.hashes[n] = b.hash
	if n == 0 || x.groups[len(x.groups)-1].bucket != b.bucket {
		x.groups = append(x.groups, group{b.bucket, n})
	}
}

func (x *index) memory() int { return 8*cap(x.hashes) + 16*cap(x.groups) }

// find returns the last chunk whose separator does not lie behind a key, or else the first;
// -1 if there is none.
func (x *index) find(b bound, key []byte, m *Meta) int {
	p := place{x: x, m: m}
	return p.find(b, key)
}

// place is where a key was found, from which those behind it are found sooner.
type place struct {
	x *index
	m *Meta

	group  int     // that was found last
	end    int     // behind its last chunk; 0 before the first time
	spread float64 // chunks of the group for each hash that there can be

	near  bool   // a chunk of the group was found,
	chunk int    // this one,
	hash  uint64 // for a key of this hash
}

// find is that of index.
func (p *place) find(b bound, key []byte) int {
	x := p.x
	if len(x.hashes) == 0 {
		return -1
	}
	if p.end == 0 || x.groups[p.group].bucket != b.bucket {
		p.enter(b.bucket)
	}
	first := x.groups[p.group].first
	switch {
	case x.groups[p.group].bucket < b.bucket:
		return p.end - 1
	case x.groups[p.group].bucket > b.bucket:
		return 0
	case !p.near || b.hash < p.hash:
		p.chunk, p.hash, p.near = first, x.hashes[first], p.isUpTo(first, b.hash, key)
		if !p.near {
			return max(first-1, 0)
		}
	}
	p.chunk, p.hash = p.from(p.chunk, b.hash, key), b.hash
	return p.chunk
}

// enter goes to the group of a bucket, or the one before it, or else the first.
func (p *place) enter(bucket uint64) {
	x := p.x
	p.near, p.end = false, len(x.hashes)
	p.group = max(sort.Search(len(x.groups), func(i int) bool { return x.groups[i].bucket > bucket })-1, 0)
	if p.group+1 < len(x.groups) {
		p.end = x.groups[p.group+1].first
	}
	first := x.groups[p.group].first
	p.spread = float64(p.end-1-first) / max(float64(x.hashes[p.end-1]-x.hashes[first]), 1)
}

// isUpTo reports whether the separator of a chunk of the group does not lie behind a key.
func (p *place) isUpTo(n int, hash uint64, key []byte) bool {
	if at := p.x.hashes[n]; at != hash {
		return at < hash
	}
	return bytes.Compare(p.m.separator(n), key) <= 0
}

// from returns the chunk of a key that chunk low is up to: it looks where the key should
// be, and from there on in steps that double, either way. Where it looks follows from how
// far hashes are apart and not from what it has just read, which the processor would wait for.
func (p *place) from(low int, hash uint64, key []byte) int {
	high, step := p.end, 1 // low is up to the key, high is not
	guess := low + int(min(float64(hash-p.hash)*p.spread+0.5, float64(high-1-low)))
	if guess == low || p.isUpTo(guess, hash, key) {
		for low = guess; low+step < high; step *= 2 {
			if !p.isUpTo(low+step, hash, key) {
				high = low + step
				break
			}
			low += step
		}
	} else {
		for high = guess; high-step > low; step *= 2 {
			if p.isUpTo(high-step, hash, key) {
				low = high - step
				break
			}
			high -= step
		}
	}
	for high-low > 1 {
		if middle := int(uint(low+high) / 2); p.isUpTo(middle, hash, key) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}
