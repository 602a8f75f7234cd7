package state

import "testing"

// SetEncoding has a pass take, and an object handed on, about so many bytes at a time
// until the test ends.
func SetEncoding(t testing.TB, pass, piece int) {
	pass, passBytes = passBytes, pass
	piece, pieceBytes = pieceBytes, piece
	t.Cleanup(func() { passBytes, pieceBytes = pass, piece })
}

// SetGraves has a small table hold so many bytes of keys that are gone until the test ends.
func SetGraves(t testing.TB, n int) {
	n, minGraves = minGraves, n
	t.Cleanup(func() { minGraves = n })
}
