package snapshot

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/weirstream/weir/state/keyrange"
)

// Object is an object that was opened for reading. It refers to the bytes it
// was opened from.
type Object struct {
	Header Header
	Cells  []Cell

	bytes []byte
	index []Entry
}

// Open checks an object's framing and reads its header, cells and index; pages
// are checked as [Object.Pages] reads them. Errors name block and offset.
func Open(object []byte) (*Object, error) {
	o := &Object{bytes: object}
	if err := o.open(); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	return o, nil
}

func (o *Object) open() error {
	if err := checkHead(o.bytes); err != nil {
		return err
	}
	at, err := readFooter(o.bytes)
	if err != nil {
		return err
	}
	if err := o.readIndex(at); err != nil {
		return fmt.Errorf("index at offset %d: %w", at, err)
	}
	header, err := o.plain(0, KindHeader)
	if err == nil {
		o.Header, err = decodeHeader(header)
	}
	if err != nil {
		return o.locate(0, err)
	}
	cells, err := o.plain(1, KindCells)
	if err == nil {
		o.Cells, err = decodeCells(cells)
	}
	if err != nil {
		return o.locate(1, err)
	}
	return nil
}

func checkHead(object []byte) error {
	if len(object) < headBytes+footerBytes {
		return fmt.Errorf("%d bytes are too few for an object: cut off?", len(object))
	}
	if string(object[:len(magic)]) != magic {
		return fmt.Errorf("begins with %q, not %q: no state object", object[:len(magic)], magic)
	}
	if v := binary.LittleEndian.Uint32(object[len(magic):]); v != version {
		return fmt.Errorf("has format version %d; this weir reads version %d", v, version)
	}
	return nil
}

// readFooter returns the offset of the index.
func readFooter(object []byte) (index int, err error) {
	at := len(object) - footerBytes
	footer := object[at:]
	if string(footer[20:]) != footerMagic {
		return 0, fmt.Errorf("footer at offset %d ends with %q, not %q: cut off?", at, footer[20:], footerMagic)
	}
	sum, want := crc32.Checksum(footer[:16], castagnoli), binary.LittleEndian.Uint32(footer[16:])
	if sum != want {
		return 0, fmt.Errorf("footer at offset %d: damaged: CRC-32C is %08x, not %08x", at, sum, want)
	}
	if length := binary.LittleEndian.Uint64(footer[8:]); length != uint64(len(object)) {
		return 0, fmt.Errorf("footer at offset %d: the object had %d bytes, now it has %d", at, length, len(object))
	}
	offset := binary.LittleEndian.Uint64(footer)
	if offset < uint64(headBytes) || offset > uint64(at) {
		return 0, fmt.Errorf("footer at offset %d: the index cannot be at %d", at, offset)
	}
	return int(offset), nil
}

// readIndex reads the index at an offset and makes sure that its blocks lie
// side by side and leave no gap.
func (o *Object) readIndex(at int) error {
	footer := len(o.bytes) - footerBytes
	b, err := readBlock(o.bytes[at:footer], KindIndex)
	if err != nil {
		return err
	}
	entries, err := b.plain()
	switch {
	case err != nil:
		return err
	case at+b.length() != footer:
		return fmt.Errorf("ends at %d, not before the footer at %d", at+b.length(), footer)
	case len(entries)%entryBytes != 0 || len(entries) < 2*entryBytes:
		return fmt.Errorf("%d bytes are not at least two entries of %d", len(entries), entryBytes)
	}
	o.index = make([]Entry, len(entries)/entryBytes)
	end := uint64(headBytes)
	for i := range o.index {
		e := decodeEntry(entries[i*entryBytes:])
		if e.Offset != end || e.Length < blockBytes {
			return fmt.Errorf("entry %d: a block of %d bytes at %d, where the one before ends at %d", i, e.Length, e.Offset, end)
		}
		end += uint64(e.Length)
		o.index[i] = e
	}
	if end != uint64(at) {
		return fmt.Errorf("the blocks end at %d", end)
	}
	return nil
}

func decodeEntry(b []byte) Entry {
	return Entry{
		Offset:  binary.LittleEndian.Uint64(b),
		Length:  binary.LittleEndian.Uint32(b[8:]),
		Kind:    Kind(b[12]),
		Address: decodeAddress(b[16:]),
		Keys:    keyrange.Range{First: binary.LittleEndian.Uint64(b[28:]), Last: binary.LittleEndian.Uint64(b[36:])},
	}
}

// Index returns an entry per block: what lies where, and rows of which keys are
// in it. The caller must not change it.
func (o *Object) Index() []Entry { return o.index }

// Pages checks and decodes the pages one after the other, in the order they were
// written in. Content is valid until visit returns.
func (o *Object) Pages(visit func(a Address, content []byte) error) error {
	scratch := make([]byte, maxCompressed)
	for i := 2; i < len(o.index); i++ {
		if err := o.page(i, scratch, visit); err != nil {
			return fmt.Errorf("snapshot: %w", o.locate(i, err))
		}
	}
	return nil
}

func (o *Object) page(i int, scratch []byte, visit func(Address, []byte) error) error {
	b, err := o.block(i, KindPage)
	if err != nil {
		return err
	}
	a, content, err := b.page(scratch)
	if err != nil {
		return err
	}
	if a != o.index[i].Address {
		return fmt.Errorf("the block is page %+v, the index says %+v", a, o.index[i].Address)
	}
	return visit(a, content)
}

// block checks block i, which must be of a kind and as long as the index says.
func (o *Object) block(i int, kind Kind) (block, error) {
	e := o.index[i]
	b, err := readBlock(o.bytes[e.Offset:e.Offset+uint64(e.Length)], kind)
	if err == nil && (b.length() != int(e.Length) || e.Kind != kind) {
		err = fmt.Errorf("the block has %d bytes and kind %q, the index says %d and %q", b.length(), kind, e.Length, e.Kind)
	}
	return b, err
}

func (o *Object) plain(i int, kind Kind) ([]byte, error) {
	b, err := o.block(i, kind)
	if err != nil {
		return nil, err
	}
	return b.plain()
}

// locate says in which block an error is.
func (o *Object) locate(i int, err error) error {
	e := o.index[i]
	if e.Kind != KindPage {
		return fmt.Errorf("block %d (kind %q) at offset %d: %w", i, e.Kind, e.Offset, err)
	}
	return fmt.Errorf("block %d (table %d, column %d, part %d, page %d) at offset %d: %w",
		i, e.Address.Table, e.Address.Column, e.Address.Part, e.Address.Number, e.Offset, err)
}

func decodeCells(b []byte) (cells []Cell, err error) {
	for len(b) > 0 {
		var name, value []byte
		if name, b, err = cutText(b); err == nil {
			value, b, err = cutText(b)
		}
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", len(cells), err)
		}
		cells = append(cells, Cell{string(name), value})
	}
	return cells, nil
}

// cutText splits b behind a text that follows its length.
func cutText(b []byte) (text, rest []byte, err error) {
	if len(b) < 4 {
		return nil, nil, fmt.Errorf("%d bytes left where a length of 4 should be", len(b))
	}
	n := uint64(binary.LittleEndian.Uint32(b))
	if b = b[4:]; n > uint64(len(b)) {
		return nil, nil, fmt.Errorf("%d bytes claimed where %d are left", n, len(b))
	}
	return b[:n:n], b[n:], nil
}
