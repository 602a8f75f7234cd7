package text

import le "encoding/binary"

// ASCII is told and changed eight bytes at a time: a word is eight bytes of text.

const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones // the bit of each byte that ASCII leaves clear
)

func wordAt(text []byte, at int) uint64 { return le.LittleEndian.Uint64(text[at:]) }

// flipASCII changes the case of the 26 letters from first on, up to the first
// byte that is not ASCII, and returns how far it came. Adding a number to each
// byte of a word carries into its high bit where the byte is large enough, and
// for ASCII never into the next byte.
func flipASCII(text []byte, first byte) int {
	i := 0
	for ; i+8 <= len(text); i += 8 {
		word := wordAt(text, i)
		if word&highs != 0 {
			break
		}
		fromFirst := word + uint64(0x80-first)*ones
		behindLast := word + uint64(0x80-first-26)*ones
		letters := (fromFirst ^ behindLast) & highs
		le.LittleEndian.PutUint64(text[i:], word^letters>>2)
	}
	for ; i < len(text) && text[i] < 0x80; i++ {
		if text[i]-first < 26 {
			text[i] ^= 0x20
		}
	}
	return i
}
