package runs

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// scan goes through a chunk, in which it looks for keys in their order.
type scan struct {
	content []byte
	layout  Layout
	at      int // where the entry begins that is next, or that was found
	entry   entry
}

// find moves to the entry of a key, and reports whether there is one.
func (s *scan) find(want *sought, key []byte) (is bool, err error) {
	least := s.layout.least()
	s.skip(want)
	for s.at < len(s.content) {
		rest, err := s.entry.read(s.content[s.at:])
		if err == nil && len(s.entry.key) < least {
			err = errShortKey
		}
		if err != nil {
			return false, fmt.Errorf("the entry %d bytes into it %w", s.at, err)
		}
		if order := bytes.Compare(s.entry.key, key); order >= 0 {
			return order == 0, nil
		}
		s.at = len(s.content) - len(rest)
	}
	return false, nil
}

// skip passes over entries as they mostly are, puts whose lengths are a byte each, as long
// as their first words tell that they lie before a key. It leaves all others to find.
func (s *scan) skip(want *sought) {
	b, least := s.content, s.layout.least()
	for s.at+2+2*hashBytes <= len(b) {
		at := s.at
		head, length := int(b[at]), int(b[at+1])
		end := at + 2 + head>>1 + length
		if head&0x81 != 0 || length >= 0x80 || head>>1 < least || end > len(b) {
			return
		}
		first := binary.BigEndian.Uint64(b[at+2:])
		if !s.layout.Bucketed && first >= want.hash {
			return
		}
		if s.layout.Bucketed && (first > want.bucket || first == want.bucket && binary.BigEndian.Uint64(b[at+10:]) >= want.hash) {
			return
		}
		s.at = end
	}
}
