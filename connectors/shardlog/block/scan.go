package block

import (
	"bytes"
	"encoding/binary"
)

// Scanner reads the blocks in a part of a file, one after the other. Damage is an item like a
// block, and does not end it.
type Scanner struct {
	salt Salt
	rest []byte // what is still to be read
	at   int    // where it begins, in what was given
}

// NewScanner returns a scanner over blocks. They keep to b, which is not copied.
func NewScanner(b []byte, salt Salt) *Scanner { return &Scanner{salt: salt, rest: b} }

// Item is a block, or bytes that are none.
type Item struct {
	// Header is sound, or Damaged bytes are no block, and no header is known of them.
	Header  Header
	Offset  int
	Length  int
	Damaged bool
	// Worn says of a block that one of its two headers is damaged. All of its records may be sound.
	Worn bool

	frames []byte
	seed   uint32
}

// Next returns the next block, or the bytes before it that are damaged. Behind the last is none.
func (s *Scanner) Next() (i Item, more bool) {
	if len(s.rest) == 0 {
		return i, false
	}
	h, end, ok := s.byHead()
	if !ok {
		h, end, ok = s.byTail()
	}
	if ok {
		i = Item{Header: h, Offset: s.at, Length: end, Worn: !s.isWhole(&h, end), seed: s.salt.seed(frameMagic),
			frames: s.rest[headerSize:min(headerSize+int(h.Size), end)]}
	} else {
		i = Item{Offset: s.at, Length: s.next(), Damaged: true}
	}
	s.at += i.Length
	s.rest = s.rest[i.Length:]
	return i, true
}

// byHead finds the block at the start by its first header, and where it ends. What stands before a
// block behind it, or the end of the file, is all that there is of it.
func (s *Scanner) byHead() (h Header, end int, ok bool) {
	h, ok = parseHeader(s.rest, s.salt, headMagic)
	if !ok {
		return h, 0, false
	}
	end = h.length()
	if s.isWhole(&h, end) && s.isBoundary(end) {
		return h, end, true
	}
	end = min(end, len(s.rest))
	return h, s.headIn(end), true
}

// byTail finds the block at the start by its second header.
func (s *Scanner) byTail() (h Header, end int, ok bool) {
	for at := headerSize; at <= headerSize+MostSize; at++ {
		if at = index(s.rest, at, tailMagic); at < 0 {
			break
		}
		if h, ok = parseHeader(s.rest[at:], s.salt, tailMagic); ok {
			return h, at + headerSize, at == headerSize+int(h.Size) // else it is that of a block behind this one
		}
	}
	return Header{}, 0, false
}

// isWhole reports whether a block at the start is there to its end, with both of its headers if it is
// to have two.
func (s *Scanner) isWhole(h *Header, end int) bool {
	if end != h.length() || end > len(s.rest) {
		return false
	}
	if h.Count == 1 {
		return true
	}
	head, ok := parseHeader(s.rest, s.salt, headMagic)
	tail, hasTail := parseHeader(s.rest[end-headerSize:], s.salt, tailMagic)
	return ok && hasTail && head == tail
}

// isBoundary reports whether a block ends at a place, or the file does.
func (s *Scanner) isBoundary(at int) bool {
	if at == len(s.rest) {
		return true
	}
	_, ok := parseHeader(s.rest[at:], s.salt, headMagic)
	return ok
}

// headIn returns where behind the start and before a limit a block begins, or the limit.
func (s *Scanner) headIn(limit int) int {
	for at := 1; ; at++ {
		if at = index(s.rest[:min(limit+magicSize-1, len(s.rest))], at, headMagic); at < 0 {
			return limit
		}
		if _, ok := parseHeader(s.rest[at:], s.salt, headMagic); ok {
			return at
		}
	}
}

// next returns where behind the start, of which nothing is known, a block begins, or the end.
func (s *Scanner) next() int {
	limit := s.headIn(len(s.rest))
	for at := 1; ; at++ {
		if at = index(s.rest[:limit], at, tailMagic); at < 0 {
			return limit
		}
		if h, ok := parseHeader(s.rest[at:limit], s.salt, tailMagic); ok {
			if begin := at - headerSize - int(h.Size); begin > 0 {
				return begin
			}
		}
	}
}

// index returns where a magic number is, from a place on; negative for nowhere.
func index(b []byte, from int, magic uint32) int {
	if from >= len(b) {
		return -1
	}
	var text [magicSize]byte
	binary.LittleEndian.PutUint32(text[:], magic)
	at := bytes.Index(b[from:], text[:])
	if at < 0 {
		return -1
	}
	return from + at
}

// Each calls do with each record of a block and its counter, until do returns false. Records that are
// damaged are left out, and counted.
func (i *Item) Each(do func(counter uint64, r Record) (more bool)) (damaged int) {
	rest, next, count := i.frames, 0, int(i.Header.Count)
	for next < count {
		f, ok := parseFrame(rest, i.seed)
		if !ok || f.index != next {
			skip := i.resume(rest, next)
			if skip == len(rest) {
				return damaged + count - next
			}
			rest = rest[skip:]
			f, _ = parseFrame(rest, i.seed)
			damaged += f.index - next
			next = f.index
		}
		if !do(i.Header.First+uint64(next), f.Record) {
			return damaged
		}
		rest = rest[f.size:]
		next++
	}
	return damaged
}

// resume returns where behind a frame that is damaged, that of a record or a later one, the next begins
// that is sound; the end is nowhere.
func (i *Item) resume(frames []byte, index int) int {
	for at := 1; at < len(frames); at++ {
		if f, ok := parseFrame(frames[at:], i.seed); ok && f.index > index && f.index < int(i.Header.Count) {
			return at
		}
	}
	return len(frames)
}
