package state

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math/bits"
	"runtime"
	"slices"
	"unsafe"
)

// rowBuffer is rows as a snapshot has them, and keys of rows that are gone.
type rowBuffer struct {
	pool    *blockPool
	blocks  [][]byte
	row     []byte // scratch
	rows    []spelled
	scratch []spelled
	err     error
	counted int64 // bytes of rows and scratch that the pool knows of
	fetched byte  // what fetch has read, so that it is read
}

// spelled is where a row stands in the buffer: its key, then its value.
type spelled struct {
	prefix
	block, at  uint32
	key, value uint32 // bytes
}

// goneValue stands for the length of a value where the row is gone.
const goneValue = 1<<32 - 1

// reset empties the buffer.
func (b *rowBuffer) reset() {
	b.pool.put(b.blocks)
	clear(b.blocks)
	b.blocks, b.rows, b.err = b.blocks[:0], b.rows[:0], nil
}

// expect makes room for the places of about so many rows, and an eighth more.
func (b *rowBuffer) expect(rows int) { b.rows = slices.Grow(b.rows, rows+rows/8) }

// grown returns by how many bytes the places of rows have grown since it was asked last.
func (b *rowBuffer) grown() int64 {
	had := b.counted
	b.counted = int64(unsafe.Sizeof(spelled{}))*int64(cap(b.rows)+cap(b.scratch)) + int64(cap(b.row))
	return b.counted - had
}

// put adds a row.
func (b *rowBuffer) put(l layout, c *columns, r RowID) {
	b.row = l.appendKey(b.row[:0], c, r)
	key := len(b.row)
	b.row = l.appendValue(b.row, c, r)
	if b.err = cmp.Or(b.err, checkRow(len(b.row))); b.err != nil {
		return
	}
	b.add(l.prefix(c, r), uint32(key), uint32(len(b.row)-key), b.row)
}

// add adds a row, of which the key and then the value are given.
func (b *rowBuffer) add(p prefix, key, value uint32, content []byte) {
	b.blocks = appendBlocks(b.blocks, b.pool, content)
	last := len(b.blocks) - 1
	b.rows = append(b.rows, spelled{p, uint32(last), uint32(len(b.blocks[last]) - len(content)), key, value})
}

// putGone adds the key of a row that is gone.
func (b *rowBuffer) putGone(l layout, key []byte) {
	b.add(l.prefixOf(key), uint32(len(key)), goneValue, key)
}

// putLog adds the rows of a log, whose blocks become the buffer's.
func (b *rowBuffer) putLog(l layout, g *rowLog) {
	b.err = cmp.Or(b.err, g.err)
	for _, block := range g.blocks {
		for at := 0; at < len(block); {
			key, value := binary.LittleEndian.Uint32(block[at:]), binary.LittleEndian.Uint32(block[at+4:])
			at += logHeader
			b.rows = append(b.rows, spelled{l.prefixOf(block[at:]), uint32(len(b.blocks)), uint32(at), key, value})
			at += int(key) + int(value)
		}
		b.blocks = append(b.blocks, block)
	}
}

func (b *rowBuffer) key(s *spelled) []byte { return b.blocks[s.block][s.at:][:s.key] }

func (b *rowBuffer) value(s *spelled) []byte { return b.blocks[s.block][s.at:][s.key:][:s.value] }

// each calls do for each key in order, once: with the row that has it or, if there is
// none, as gone.
func (b *rowBuffer) each(do func(key, value []byte, gone bool) error) error {
	if b.err != nil {
		return b.err
	}
	b.sort()
	for i, near := 0, 0; i < len(b.rows); {
		if i >= near {
			near = b.fetch(i)
		}
		s := &b.rows[i]
		for i++; i < len(b.rows) && b.rows[i].prefix == s.prefix && bytes.Equal(b.key(&b.rows[i]), b.key(s)); i++ {
			if s.value == goneValue {
				s = &b.rows[i]
			}
		}
		var err error
		if s.value == goneValue {
			err = do(b.key(s), nil, true)
		} else {
			err = do(b.key(s), b.value(s), false)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// fetch reads bytes of each of the next rows, and returns the row behind them. They lie
// anywhere in the buffer: one by one each would wait for memory, together they do once.
func (b *rowBuffer) fetch(i int) (behind int) {
	behind = min(i+32, len(b.rows))
	for ; i < behind; i++ {
		s := &b.rows[i]
		block := b.blocks[s.block]
		b.fetched += block[s.at] + block[min(int(s.at)+64, len(block)-1)]
	}
	return behind
}

// sortBits is how many bits of a hash are sorted by digits; rows that are alike in
// them are few.
const (
	digitBits = 11
	sortBits  = 2 * digitBits
)

// sort brings the rows into the order of their keys: by digits, least significant
// first, as far as that tells nearly all apart, and then those that it does not.
func (b *rowBuffer) sort() {
	var all, one prefix // bits that some row has, and that all have
	one = prefix{^uint64(0), ^uint64(0)}
	for i := range b.rows {
		p := b.rows[i].prefix
		all.bucket, all.hash = all.bucket|p.bucket, all.hash|p.hash
		one.bucket, one.hash = one.bucket&p.bucket, one.hash&p.hash
	}
	hash, bucket := bits.Len64(all.hash&^one.hash), bits.Len64(all.bucket&^one.bucket)
	low := max(0, hash-sortBits)
	for shift := low; shift < hash; shift += digitBits {
		b.sortDigit(func(p prefix) uint64 { return p.hash >> shift })
	}
	for shift := 0; shift < bucket; shift += digitBits {
		b.sortDigit(func(p prefix) uint64 { return p.bucket >> shift })
	}
	b.sortRest(low)
}

// sortDigit sorts by the lowest bits of a number; rows that are alike stay as they are.
func (b *rowBuffer) sortDigit(of func(prefix) uint64) {
	const mask = 1<<digitBits - 1
	var ends [mask + 2]int
	for i := range b.rows {
		ends[of(b.rows[i].prefix)&mask+1]++
	}
	for d := range mask {
		ends[d+1] += ends[d]
	}
	b.scratch = slices.Grow(b.scratch[:0], len(b.rows))[:len(b.rows)]
	for i := range b.rows {
		at := &ends[of(b.rows[i].prefix)&mask]
		b.scratch[*at] = b.rows[i]
		*at++
	}
	b.rows, b.scratch = b.scratch, b.rows
	runtime.Gosched()
}

// sortedATurn is after how many rows others have a turn.
const sortedATurn = 4096

// sortRest sorts the rows that are alike in bucket and in the bits of the hash from
// low on.
func (b *rowBuffer) sortRest(low int) {
	alike := func(p, q prefix) bool { return p.bucket == q.bucket && p.hash>>low == q.hash>>low }
	for i, turn := 0, sortedATurn; i < len(b.rows); {
		if i > turn {
			runtime.Gosched()
			turn = i + sortedATurn
		}
		first := i
		for i++; i < len(b.rows) && alike(b.rows[first].prefix, b.rows[i].prefix); i++ {
		}
		if i > first+1 {
			slices.SortFunc(b.rows[first:i], func(p, q spelled) int {
				if c := cmp.Compare(p.hash, q.hash); c != 0 {
					return c
				}
				return bytes.Compare(b.key(&p), b.key(&q))
			})
		}
	}
}
