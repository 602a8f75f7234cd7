package state

import (
	"bytes"
	"testing"

	"github.com/weirstream/weir/runtime/record"
)

// textsUpTo returns all texts of so many of a few bytes that could be taken for the end
// of a text, a mark or a sign.
func textsUpTo(length int) (texts [][]byte) {
	texts = [][]byte{{}}
	for last := texts; length > 0; length-- {
		var longer [][]byte
		for _, text := range last {
			for _, b := range []byte{0, 7, 0x80, 0xFF} {
				longer = append(longer, append(bytes.Clone(text), b))
			}
		}
		texts, last = append(texts, longer...), longer
	}
	return texts
}

// A text is read as it was stored, and only its own reference is its.
func TestHeapGivesTextsBack(t *testing.T) {
	h, texts := newHeap(), textsUpTo(5)
	for length := 6; length < 20; length++ {
		texts = append(texts, bytes.Repeat([]byte{0}, length), bytes.Repeat([]byte{0xFF}, length))
	}
	refs, seen := make([]uint64, len(texts)), map[uint64][]byte{}
	for i, text := range texts {
		refs[i] = h.add(text)
		if other, taken := seen[refs[i]]; taken || refs[i] == longText {
			t.Fatalf("%x has the reference %x of %x", text, refs[i], other)
		}
		seen[refs[i]] = text
	}
	for i, text := range texts {
		if got := h.text(&refs[i]); !bytes.Equal(got, text) || cap(got) != len(got) {
			t.Errorf("%x is %x, with room for %d bytes", text, got, cap(got))
		}
		h.drop(refs[i])
	}
	if h.live != 0 {
		t.Errorf("%d bytes are left of nothing", h.live)
	}
}

// Whoever compares texts by reference takes each for what a heap makes of it, wherever
// in a column it lies.
func TestShortTextsOfBatchesAreThoseOfHeaps(t *testing.T) {
	pool, texts := record.NewPool(), textsUpTo(4)
	for first := range 12 {
		c := pool.NewColumn(record.String, len(texts))
		for i := range texts {
			c.AppendString(append(texts[len(texts)-1-i], "0123456789"[:i%3*first/3]...))
		}
		c.AppendNull()
		c.AppendString(texts[first]) // nothing lies behind it
		var v vector
		v.load(c, nil, c.Len())
		for i := range c.Len() {
			if want := shortText(v.text(i)); v.short[i] != want {
				t.Fatalf("%x has the reference %x in a batch, %x in a heap", v.text(i), v.short[i], want)
			}
		}
		c.Release()
	}
}
